-- Draft changes that a colleague's phone handed over, each push as it was signed there, until the server holds all of
-- them. The changes themselves stand in `change` with `own` 0 and `state` 0, facts in `fact` without `own` and `place`.
CREATE TABLE carried_push (
    id BLOB PRIMARY KEY,
    inspection BLOB NOT NULL,
    bytes BLOB NOT NULL
);

-- The server's word for the devices that signed what is carried.
CREATE TABLE certificate (
    device BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
);

CREATE INDEX fact_carried ON fact (n) WHERE state = 0 AND own IS NULL;
