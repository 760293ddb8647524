-- Reference data on their way: pieces by how many bytes come before each, until the last one is here.
CREATE TABLE catalogue_piece (
    after INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
);
