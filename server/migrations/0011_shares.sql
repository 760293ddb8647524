-- What came of one person for one visit is looked for by its stream.
CREATE INDEX quarantine_stream ON quarantine (stream, code);

-- The streets in which a person worked before, the newest last: a device that holds the reference data of those is led on
-- from there. Streets are separated by blanks; none is every street.
CREATE TABLE earlier_streets (
    person BLOB NOT NULL,
    number BIGINT NOT NULL,
    streets TEXT NOT NULL,
    PRIMARY KEY (person, number)
);
