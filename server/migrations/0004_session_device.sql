-- The device that proved to renew this family: it may ask again for an answer that was lost.
ALTER TABLE sessions ADD COLUMN device BLOB;
