-- Facts, drafts, feeds and what is computed from them. Keys of streams are one byte for the kind
-- (0 inspection, 1 notice) and the 16 bytes of the id. Instants are milliseconds since 1970.

-- One row. Touching it first serializes the writers of every replica; the epoch names the life of
-- this store and is new after a restore from a backup.
CREATE TABLE sequencer (
    id BIGINT PRIMARY KEY NOT NULL,
    turn BIGINT NOT NULL,
    epoch BLOB NOT NULL
);

-- What admission must know of a stream without reading its facts. `version` grows with every
-- write, `facts` and `changes` are the last places given, `audiences` who was granted the stream.
CREATE TABLE streams (
    stream BLOB PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    facts BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    sealed BIGINT NOT NULL,
    linked BLOB,
    enterprise BLOB,
    department TEXT,
    audiences TEXT NOT NULL
);
CREATE INDEX streams_pending ON streams (stream) WHERE pending <> 0;

CREATE TABLE facts (
    stream BLOB NOT NULL,
    place BIGINT NOT NULL,
    id BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    device BLOB NOT NULL,
    seq BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, place)
);
CREATE INDEX facts_device ON facts (device, seq);

-- Raw changes of drafts: the truth from which a draft is rebuilt. The signature is the one over
-- the last change of the push that brought it.
CREATE TABLE changes (
    stream BLOB NOT NULL,
    place BIGINT NOT NULL,
    id BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    author BLOB NOT NULL,
    device BLOB NOT NULL,
    signature BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, place)
);

-- What each audience may read, in order. The subject of a row is ranges of places of facts (kind 0)
-- or changes (1), each 17 bytes of stream and 8 each of the first and the last place; the item of a
-- judgement (2); the stream of a loss of access (3). Positions count within the audience alone.
CREATE TABLE feed (
    audience TEXT NOT NULL,
    position BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    subject BLOB NOT NULL,
    device BLOB,
    PRIMARY KEY (audience, position)
);
CREATE TABLE audiences (
    audience TEXT PRIMARY KEY NOT NULL,
    position BIGINT NOT NULL
);

-- Decisions that the server makes once.
CREATE TABLE deadlines (
    hazard BLOB NOT NULL,
    cause BLOB NOT NULL,
    fact BLOB NOT NULL,
    PRIMARY KEY (hazard, cause)
);
CREATE TABLE numbers (
    area TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (area, series, year)
);

-- Files that facts announce, by digest: nothing else is taken.
CREATE TABLE announced_files (
    hash BLOB NOT NULL,
    stream BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (hash, stream)
);

-- Items that rules cannot place, byte for byte. State: 0 waiting, 1 accepted, 2 rejected.
CREATE TABLE quarantine (
    item BLOB PRIMARY KEY NOT NULL,
    form BIGINT NOT NULL,
    stream BLOB,
    author BLOB NOT NULL,
    device BLOB NOT NULL,
    department TEXT,
    code BIGINT NOT NULL,
    field TEXT,
    detail TEXT,
    received_at BIGINT NOT NULL,
    signature BLOB,
    bytes BLOB NOT NULL,
    state BIGINT NOT NULL,
    decided_by BLOB,
    decided_at BIGINT,
    reason TEXT
);
CREATE INDEX quarantine_state ON quarantine (state, department, received_at);

-- Views: dropped and rebuilt from the facts at will.
CREATE TABLE hazard_rows (
    hazard BLOB PRIMARY KEY NOT NULL,
    inspection BLOB,
    notice BLOB,
    number TEXT,
    enterprise BLOB NOT NULL,
    enterprise_name TEXT NOT NULL,
    street TEXT NOT NULL,
    sectors TEXT NOT NULL,
    department TEXT NOT NULL,
    grade TEXT NOT NULL,
    description TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    open BIGINT NOT NULL,
    rounds BIGINT NOT NULL,
    extension_pending BIGINT NOT NULL,
    escalation TEXT,
    deadline TEXT,
    overdue_from BIGINT,
    found_at BIGINT NOT NULL,
    extended_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX hazard_rows_order ON hazard_rows (found_at, hazard);
CREATE TABLE case_rows (
    inspection BLOB PRIMARY KEY NOT NULL,
    notice BLOB,
    number TEXT,
    enterprise BLOB NOT NULL,
    department TEXT NOT NULL,
    state TEXT NOT NULL,
    hazards BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- Reports as they were frozen: the same bytes for ever.
CREATE TABLE weekly_reports (
    week TEXT PRIMARY KEY NOT NULL,
    made_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
