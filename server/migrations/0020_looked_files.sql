-- Files that a decoder has read to their end, and the code of what was wrong with them: a decision rests on no photo that
-- nobody has looked at. A file is known by its digest, so this holds for whoever brings it again.
CREATE TABLE looked_files (
    hash BLOB PRIMARY KEY,
    flaw TEXT,
    at BIGINT NOT NULL
);
