-- Reference data in parts. Versions share parts; an entry says which part a version has under a name.
CREATE TABLE catalogue_part (
    digest BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
);

CREATE TABLE catalogue_entry (
    manifest BLOB NOT NULL,
    name TEXT NOT NULL,
    part BLOB NOT NULL,
    PRIMARY KEY (manifest, name)
) WITHOUT ROWID;
