-- How far the numbers of each lease are used: those of a block are used in their order.
CREATE TABLE used_number (
    lease BLOB PRIMARY KEY NOT NULL,
    last INTEGER NOT NULL
);

-- What waits is sent in the order in which it became known here.
CREATE INDEX fact_waiting ON fact (n) WHERE state = 0;
