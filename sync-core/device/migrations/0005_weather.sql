-- Whether a part of an own file was sent whose answer may not have come: the server is asked where it stands.
ALTER TABLE blob ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;

-- Pictures of which the server has no small one and never will, with its reason: they are not asked for again.
CREATE TABLE no_thumbnail (
    hash BLOB PRIMARY KEY,
    refusal BLOB NOT NULL
);
