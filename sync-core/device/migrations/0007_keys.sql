-- Keys with which the facts of devices verify. The first one that came for a device stays.
CREATE TABLE device_key (
    device BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    key BLOB NOT NULL
);

-- Places of streams whose fact is known to be damaged, at the server or on its way: nothing is concluded from the others
-- until it came as it was signed.
CREATE TABLE damaged (
    stream BLOB NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (stream, place)
);
