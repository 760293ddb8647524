-- Events of security, append-only: each row carries a digest of the server over itself and the digest of the row before,
-- so that a row that was changed, left out or put between is noticed. What happens often is counted in one row per hour:
-- `times` and `last_at` have a digest of their own. Texts that are not known are empty.
CREATE TABLE audit (
    place BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    -- The hour of `at`, counted from 1970.
    hour BIGINT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    about TEXT NOT NULL,
    address TEXT NOT NULL,
    detail TEXT NOT NULL,
    digest TEXT NOT NULL,
    times BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    counted TEXT NOT NULL
);
CREATE INDEX audit_hour ON audit (hour, kind, about, address);

-- One row: the last place and its digest. Touching it first makes writers wait for one another.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY NOT NULL,
    place BIGINT NOT NULL,
    digest TEXT NOT NULL
);
INSERT INTO audit_head (id, place, digest) VALUES (1, 0, '');

-- Proposals to restore people who were revoked by mistake: another administrator confirms each.
CREATE TABLE restorations (
    person BLOB PRIMARY KEY NOT NULL,
    proposed_by BLOB NOT NULL,
    proposed_at BIGINT NOT NULL,
    reason TEXT NOT NULL
);

-- Until when the hash in the place of the password is one of a code for a forgotten password, which signs in once.
ALTER TABLE accounts ADD COLUMN reset_until BIGINT;

-- When the session began and when its password was given last, from where, and whether it may set a password alone.
ALTER TABLE sessions ADD COLUMN signed_in_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN only_password BIGINT NOT NULL DEFAULT 0;

-- What one person has waiting is counted.
CREATE INDEX quarantine_author ON quarantine (author, state);
CREATE INDEX announced_files_person ON announced_files (person, hash);
