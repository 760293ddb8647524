//! `status.json`: what every stage of the loop is called, on several days.

use serde_json::{Value, json};
use sync_core::testing::builders::date;
use sync_core::testing::stages::{Stage, world_at};

use crate::files::Facts;

/// Stage, state of the visit, state of the hazard, deadline, round, step of escalation.
type Row = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    u32,
    Option<&'static str>,
);

/// Served on 2026-11-02: 15 days end on the 17th, ten more on the 27th; the failed recheck of the
/// 2nd ordered seven days, which end on the 9th.
const ROWS: &[Row] = &[
    ("empty", Some("planned"), None, None, 1, None),
    ("planned", Some("planned"), None, None, 1, None),
    ("arrived", Some("underway"), None, None, 1, None),
    ("sealed", Some("sealed"), Some("found"), None, 1, None),
    ("cosigned", Some("sealed"), Some("found"), None, 1, None),
    ("complete", Some("complete"), Some("found"), None, 1, None),
    ("issued", Some("notice_issued"), Some("issued"), None, 1, None),
    ("served", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("asked", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("extended", Some("notice_issued"), Some("rectifying"), Some("2026-11-27"), 1, None),
    ("not_extended", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("overdue", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("replied", Some("notice_issued"), Some("replied"), Some("2026-11-17"), 1, None),
    ("failed", Some("notice_issued"), Some("rectifying"), Some("2026-11-09"), 2, None),
    ("replied_again", Some("notice_issued"), Some("replied"), Some("2026-11-09"), 2, None),
    ("passed", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("pending", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("corrected", Some("notice_issued"), Some("replied"), Some("2026-11-17"), 1, None),
    ("returned", Some("notice_issued"), Some("replied"), Some("2026-11-17"), 1, None),
    ("passed_again", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("closed", Some("settled"), Some("closed"), Some("2026-11-17"), 1, None),
    ("proposed", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("dismissed", Some("settled"), Some("dismissed"), Some("2026-11-17"), 1, None),
    (
        "escalated",
        Some("notice_issued"),
        Some("rectifying"),
        Some("2026-11-17"),
        1,
        Some("exposure"),
    ),
    ("foreign", None, None, None, 1, None),
    ("major_issued", Some("notice_issued"), Some("issued"), None, 1, None),
    ("major_passed", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("upheld", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("lowered", Some("notice_issued"), Some("rechecked"), Some("2026-11-17"), 1, None),
    ("major_closed", Some("settled"), Some("closed"), Some("2026-11-17"), 1, None),
    ("seen", Some("notice_issued"), Some("replied"), Some("2026-11-17"), 1, None),
    ("failed_again", Some("notice_issued"), Some("rectifying"), Some("2026-11-09"), 3, None),
    ("stopped", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("resuming", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
    ("resumed", Some("notice_issued"), Some("rectifying"), Some("2026-11-17"), 1, None),
];

/// The stages at which the grade that counts is major.
const MAJOR: &[&str] = &["major_issued", "major_passed", "upheld", "major_closed"];

/// Days whose first and last instants are asked about.
const DAYS: &[&str] =
    &["2026-11-09", "2026-11-10", "2026-11-17", "2026-11-18", "2026-11-27", "2026-11-28"];

/// The parts of the file.
pub(crate) fn file() -> Vec<(&'static str, Vec<Value>)> {
    let mut facts = Facts::default();
    let (mut stages, mut cases) = (Vec::new(), Vec::new());
    for (stage, row) in Stage::ALL.iter().zip(ROWS) {
        assert_eq!(stage.name(), row.0, "the table follows the stages");
        stages.push(facts.stage(*stage, &world_at(*stage)));
        for day in DAYS {
            let first = date(day).start();
            let last = first.plus_millis(24 * 3_600_000 - 1);
            cases.extend([first, last].map(|now| json!({"stage": row.0, "now": now, "visit": visit(row), "hazard": hazard(row, day)})));
        }
    }
    vec![("facts", facts.rows()), ("stages", stages), ("cases", cases)]
}

fn visit(row: &Row) -> Value {
    row.1.map_or(json!({"refused": "newer_app_needed"}), |state| json!({"state": state}))
}

/// Dates are compared as text: this file knows nothing of calendars.
fn hazard(row: &Row, day: &str) -> Value {
    let (stage, visit, state, deadline, round, escalation) = row;
    let code = if visit.is_none() { "newer_app_needed" } else { "hazard_unknown" };
    let Some(state) = state else { return json!({"refused": code}) };
    let overdue = *state == "rectifying" && deadline.is_some_and(|deadline| day > deadline);
    let days_left =
        deadline.filter(|_| *state == "rectifying").map(|it| of_month(it) - of_month(day));
    json!({
        "state": state,
        "grade": if MAJOR.contains(stage) { "major" } else { "general" },
        "overdue": overdue,
        "deadline": deadline,
        "days_left": days_left,
        "extension_pending": *stage == "asked",
        "round": round,
        "escalation": escalation,
    })
}

/// Day of the month: every date of this file is of one month.
fn of_month(date: &str) -> i32 {
    date.rsplit('-').next().and_then(|day| day.parse().ok()).unwrap_or(0)
}
