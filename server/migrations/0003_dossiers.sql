-- A case is the set of linked streams: `linked` holds the keys of the streams that a stream is linked with, one after
-- the other, 17 bytes each. `look_at` is the instant at which the passing of time alone makes the clerk look again.
ALTER TABLE streams ADD COLUMN look_at BIGINT;
CREATE INDEX streams_look_at ON streams (look_at) WHERE look_at IS NOT NULL;

-- Dossiers for which the server could not state what it owes, each with the reason. A dossier leaves the table when it
-- could.
CREATE TABLE set_aside (
    stream BLOB PRIMARY KEY NOT NULL,
    since BIGINT NOT NULL,
    code BIGINT NOT NULL,
    field TEXT
);

-- Every condition that did not hold when an item came, by number, separated by blanks: the only ones that a
-- supervisor can pass over.
ALTER TABLE quarantine ADD COLUMN codes TEXT;

-- A hazard is known within its visit: two visits that use one id are two hazards.
DROP TABLE hazard_rows;
CREATE TABLE hazard_rows (
    hazard BLOB NOT NULL,
    inspection BLOB NOT NULL,
    notice BLOB,
    number TEXT,
    enterprise BLOB NOT NULL,
    enterprise_name TEXT NOT NULL,
    street TEXT NOT NULL,
    sectors TEXT NOT NULL,
    department TEXT NOT NULL,
    grade TEXT NOT NULL,
    description TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    open BIGINT NOT NULL,
    rounds BIGINT NOT NULL,
    extension_pending BIGINT NOT NULL,
    escalation TEXT,
    deadline TEXT,
    overdue_from BIGINT,
    found_at BIGINT NOT NULL,
    extended_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (inspection, hazard)
);
CREATE INDEX hazard_rows_order ON hazard_rows (found_at, hazard);
-- The clerk computes the rows again.
UPDATE streams SET pending = 1 WHERE facts > 0;
