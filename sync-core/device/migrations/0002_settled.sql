-- A case is found by its stream from either side.
CREATE INDEX hazard_by_stream ON hazard (stream);

-- Streams in which nothing is left to do, with the facts that were known then: lists of open work pass them by.
-- A cache: what is not here, or has other facts now, is folded.
CREATE TABLE settled (
    stream BLOB PRIMARY KEY,
    facts INTEGER NOT NULL
);
