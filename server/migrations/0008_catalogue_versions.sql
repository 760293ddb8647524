-- Every version of the reference data stays: an old record opens under its own. A version is a list of parts, which
-- versions share.
CREATE TABLE catalogue_versions (
    readers TEXT NOT NULL,
    -- digest of the manifest
    digest BLOB NOT NULL,
    version TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    -- names and digests of the parts
    manifest BLOB NOT NULL,
    PRIMARY KEY (readers, digest)
);
CREATE INDEX catalogue_versions_version ON catalogue_versions (readers, version);

CREATE TABLE catalogue_parts (
    digest BLOB PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
);

-- Staff who work in some streets only; without a row a person works in all of them.
CREATE TABLE working_streets (
    person BLOB NOT NULL,
    street TEXT NOT NULL,
    PRIMARY KEY (person, street)
);
