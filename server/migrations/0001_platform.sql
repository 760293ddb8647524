-- People, sessions, devices, files and reference data. Ids are 16 bytes, digests 33, instants
-- milliseconds since 1970.

CREATE TABLE accounts (
    person BLOB PRIMARY KEY NOT NULL,
    username TEXT NOT NULL UNIQUE,
    -- PHC string of Argon2id
    password TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    department TEXT,
    enterprise BLOB,
    certificate TEXT,
    valid_from BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT
);

-- A family of refresh tokens. Only digests are stored; the one before the current one is known so
-- that an answer that was lost can be given again.
CREATE TABLE sessions (
    family BLOB PRIMARY KEY NOT NULL,
    person BLOB NOT NULL,
    current BLOB NOT NULL,
    previous BLOB,
    rotated_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    revoked BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE challenges (
    digest BLOB PRIMARY KEY NOT NULL,
    person BLOB NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE TABLE devices (
    device BLOB PRIMARY KEY NOT NULL,
    person BLOB NOT NULL,
    public_key BLOB NOT NULL UNIQUE,
    label TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT
);
CREATE INDEX devices_person ON devices (person);

-- Files that are on disk, whole: in which pack, where their bytes begin and how many they are.
CREATE TABLE files (
    hash BLOB PRIMARY KEY NOT NULL,
    pack BIGINT NOT NULL,
    at BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    kept_at BIGINT NOT NULL
);
CREATE INDEX files_place ON files (pack, at);

-- Reference data as it travels: 'staff' for the authorities, 'public' for enterprises.
CREATE TABLE catalogues (
    readers TEXT PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
);
