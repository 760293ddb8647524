-- The edits of own changes that have no verdict yet. A change names the device that wrote it: one that goes on under a
-- new name writes them again.
CREATE TABLE unsent_edit (
    n INTEGER PRIMARY KEY,
    inspection BLOB NOT NULL,
    edit BLOB NOT NULL
);
