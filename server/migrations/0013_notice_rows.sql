-- The visit of a notice is asked for by the notice.
CREATE INDEX hazard_rows_notice ON hazard_rows (notice);
