-- Which streams belong to one case, as the server says: both directions of each link. What was known of hazards in
-- common stands in until the server was asked again from the start.
CREATE TABLE link (
    stream BLOB NOT NULL,
    other BLOB NOT NULL,
    PRIMARY KEY (stream, other)
);
INSERT INTO link (stream, other)
    SELECT DISTINCT own.stream, other.stream FROM hazard AS own
    JOIN hazard AS other ON other.hazard = own.hazard
    WHERE own.stream <> other.stream;
DROP TABLE hazard;
UPDATE kv SET value = x'' WHERE key = 'cursor';
