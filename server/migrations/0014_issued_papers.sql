-- The canonical bytes of papers that were issued: from then on they are given out word for word, whatever changes in the
-- reference data.
ALTER TABLE given_papers ADD COLUMN content BLOB;
