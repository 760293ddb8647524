-- Every paper that the server knows of or gave out, by the digest of its canonical bytes: whoever holds it may ask whether
-- it is genuine. Rows are never taken away: what a paper said before is still a paper that was given.
CREATE TABLE given_papers (
    digest BLOB PRIMARY KEY NOT NULL,
    stream BLOB NOT NULL,
    fact BLOB NOT NULL
);
