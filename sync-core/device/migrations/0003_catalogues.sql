-- Under which catalogue a draft was begun here. The row stays while the draft may still be sealed.
CREATE TABLE pin (
    inspection BLOB PRIMARY KEY,
    catalogue BLOB NOT NULL
);

-- Catalogues that are not the newest any more and under which a draft was begun here.
CREATE TABLE old_catalogue (
    digest BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
);
