-- Who announced a file in which stream, and who brought its bytes: a file is there for the readers of a stream once
-- someone who announced it in that stream has brought it. What facts announced before is noted again at the start.
DROP TABLE announced_files;
CREATE TABLE announced_files (
    hash BLOB NOT NULL,
    stream BLOB NOT NULL,
    person BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (hash, stream, person)
);
CREATE INDEX announced_files_stream ON announced_files (stream);
CREATE TABLE brought_files (
    hash BLOB NOT NULL,
    person BLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (hash, person)
);

-- When it was found that the bytes of a file are not what they were: it is not there, and may be brought again.
ALTER TABLE files ADD COLUMN damaged_at BIGINT;

-- HMAC with a key of the server over the whole row: bytes, place and time of a fact are as they were taken over.
ALTER TABLE facts ADD COLUMN seal BLOB;
