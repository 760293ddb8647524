-- Reports as they were frozen: the same bytes for ever. The older table held figures of the day on which somebody asked
-- first; the clerk computes those weeks again from the facts, as of their end.
DROP TABLE weekly_reports;
CREATE TABLE frozen_reports (
    report TEXT NOT NULL,
    -- First day of the time that it is about.
    period TEXT NOT NULL,
    frozen_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (report, period)
);
