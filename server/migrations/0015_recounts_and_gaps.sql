-- The editions of calendars, such as `2026:1 2027:?`, over which the deadline of an open hazard was counted that is to be
-- counted again over others.
ALTER TABLE hazard_rows ADD COLUMN counted_over TEXT;
CREATE INDEX hazard_rows_counted_over ON hazard_rows (counted_over) WHERE counted_over IS NOT NULL;
-- The clerk computes the rows again.
UPDATE streams SET pending = 1 WHERE facts > 0;

-- Numbers of a series that were left out when this store came back from a backup, since they may have been given after it;
-- `restore` counts the restores.
CREATE TABLE number_gaps (
    area TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    restore BIGINT NOT NULL,
    PRIMARY KEY (area, series, year, first)
);
