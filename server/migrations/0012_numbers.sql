-- Blocks of numbers that were leased to devices, by the fact that leased them.
CREATE TABLE number_leases (
    fact BLOB PRIMARY KEY NOT NULL,
    device BLOB NOT NULL,
    area TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL
);
CREATE INDEX number_leases_device ON number_leases (device);

-- Numbers of these blocks that papers carry: each at most once.
CREATE TABLE used_numbers (
    area TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    fact BLOB NOT NULL,
    PRIMARY KEY (area, series, year, serial)
);

-- How often this store came back from a backup: numbers go on behind those that may have been given after it.
ALTER TABLE sequencer ADD COLUMN leaps BIGINT NOT NULL DEFAULT 0;
