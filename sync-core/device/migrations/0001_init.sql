-- The store of one device. Byte columns stand in ordinary rowid tables. Nothing here is deleted
-- before the server's receipt, and own signed work never.

-- Single values: who is signed in, the session, the cursor, the catalogue.
CREATE TABLE kv (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

-- Facts, own and received. `own` is the place in this device's chain.
-- `state`: 0 only here, 1 at the server, 2 refused, 3 in quarantine, 4 refused after quarantine.
CREATE TABLE fact (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    stream BLOB NOT NULL,
    own INTEGER,
    place INTEGER,
    at INTEGER,
    state INTEGER NOT NULL,
    refusal BLOB,
    bytes BLOB NOT NULL
);
CREATE INDEX fact_by_stream ON fact (stream);
CREATE INDEX fact_unsent ON fact (own) WHERE state = 0 AND own IS NOT NULL;

-- Changes of drafts, in an order in which each follows what it depends on. States as above.
CREATE TABLE change (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    inspection BLOB NOT NULL,
    own INTEGER NOT NULL,
    state INTEGER NOT NULL,
    refusal BLOB,
    bytes BLOB NOT NULL
);
CREATE INDEX change_by_inspection ON change (inspection);
CREATE INDEX change_unsent ON change (n) WHERE state = 0 AND own = 1;

-- Edits that are not part of a change yet: each input is here before the person sees it saved.
CREATE TABLE journal (
    n INTEGER PRIMARY KEY,
    inspection BLOB NOT NULL,
    edit BLOB NOT NULL
);

-- Photos and other files. `sent` is how much of an own file the server has.
-- `state`: 0 only here, 1 at the server, 2 refused, 5 fetched.
CREATE TABLE blob (
    hash BLOB PRIMARY KEY,
    stream BLOB NOT NULL,
    fact BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    state INTEGER NOT NULL,
    refusal BLOB
);

-- Which streams speak of a hazard: this is how a notice finds its inspection.
CREATE TABLE hazard (
    hazard BLOB NOT NULL,
    stream BLOB NOT NULL,
    PRIMARY KEY (hazard, stream)
);

-- Which streams are known, by what the lists need.
CREATE TABLE stream (
    stream BLOB PRIMARY KEY,
    kind INTEGER NOT NULL
);
