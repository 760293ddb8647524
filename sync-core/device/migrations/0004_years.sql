-- Own facts among the years of others' facts: the chain, the outbox and what waits are found without reading those.
CREATE INDEX fact_own ON fact (own, state) WHERE own IS NOT NULL;
CREATE INDEX change_own ON change (state) WHERE own = 1;

-- Pictures that facts of notices name and that are not here. What came before is asked for once more and noted then.
CREATE TABLE wanted (
    hash BLOB NOT NULL UNIQUE,
    stream BLOB NOT NULL
);
CREATE INDEX wanted_by_stream ON wanted (stream);
UPDATE kv SET value = x'' WHERE key = 'cursor';
