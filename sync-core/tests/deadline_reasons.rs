//! The sentences under a deadline name exactly the days that were skipped, for every day and calendar.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what is not as expected fails the test"
)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use sync_core::calendar::{Calendars, deadline, reasons};
use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::papers::CountingRule;
use sync_core::domain::term::{DayUnit, Term};
use sync_core::time::CivilDate;

fn fixture(path: &str) -> String {
    let root = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    std::fs::read_to_string(root.join("../fixtures").join(path)).unwrap()
}

fn published() -> Calendars {
    let read = |year: i16| -> WorkCalendar {
        serde_json::from_str(&fixture(&format!("calendars/{year}.json"))).unwrap()
    };
    Calendars::new([2025, 2026].map(read))
}

fn rule() -> CountingRule {
    CountingRule {
        from: "2021-01-01".parse().unwrap(),
        until: None,
        start: "起算规定".to_owned(),
        working: "{year}年节假日安排".to_owned(),
        roll: "顺延规定".to_owned(),
        verified: true,
        natural: "自然日规定".to_owned(),
    }
}

/// A date as papers write it, read by other code than wrote it.
fn date(text: &str) -> CivilDate {
    let numbers: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|it| !it.is_empty())
        .map(|it| it.parse().unwrap())
        .collect();
    CivilDate::new(numbers[0], numbers[1].try_into().unwrap(), numbers[2].try_into().unwrap())
        .unwrap()
}

/// Every day that the sentence about skipped days names, with the reason it gives.
fn named(sentence: &str) -> Vec<(CivilDate, String)> {
    let list = sentence.split_once('：').unwrap().1.trim_end_matches('。');
    let mut days = Vec::new();
    for run in list.split('）').filter(|it| !it.is_empty()) {
        let (span, why) = run.trim_start_matches('，').split_once('（').unwrap();
        let (why, counted) = why.split_once('，').unwrap_or((why, "1 天"));
        let (first, last) = span.split_once('至').unwrap_or((span, span));
        let (mut day, last) = (date(first), date(last));
        let before = days.len();
        while day <= last {
            days.push((day, why.to_owned()));
            day = day.plus_days(1);
        }
        assert_eq!(counted, format!("{} 天", days.len() - before), "{sentence}");
    }
    days
}

/// Holds the sentences of one deadline against days that are counted here once more.
fn hold(start: CivilDate, term: Term, calendars: &Calendars) {
    let counted = deadline::count(start, term, calendars);
    let steps = reasons::of_deadline(&counted, "送达", calendars, Some(&rule()));
    let about = |what: &str| steps.iter().filter(|it| it.contains(what)).collect::<Vec<_>>();

    let mut off = BTreeSet::new();
    let mut day = start.plus_days(1);
    while day < counted.date {
        if term.unit == DayUnit::Working && !calendars.is_working(day) {
            off.insert(day);
        }
        day = day.plus_days(1);
    }
    let told = about("其间不计入的日期");
    assert_eq!(told.len(), usize::from(!off.is_empty()), "{steps:?}");
    let told: Vec<_> = told.first().map(|it| named(it)).unwrap_or_default();
    assert_eq!(told.iter().map(|it| it.0).collect::<BTreeSet<_>>(), off, "{steps:?}");
    assert_eq!(told.len(), off.len(), "no day twice: {steps:?}");
    for (day, why) in told {
        let off = calendars.year(day.year()).is_some_and(|it| it.holidays.contains(&day));
        assert_eq!(why, if off { "节假日" } else { "休息日" }, "{day}");
        assert!(off || day.is_weekend(), "{day}");
    }
    assert!(steps[0].contains(&start.in_words()), "{steps:?}");
    assert!(steps[0].contains(&start.plus_days(1).in_words()), "{steps:?}");
    assert!(steps[0].contains("起算规定"), "{steps:?}");
    assert_eq!(
        about(&format!("{}（{}）", counted.date.in_words(), counted.date.weekday())).len(),
        1
    );
    assert_eq!(about("尚未公布").len(), usize::from(counted.provisional), "{steps:?}");
    assert_eq!(about("节假日安排）").len(), usize::from(term.unit == DayUnit::Working));
    assert_eq!(about("，自然日规定。").len(), usize::from(term.unit == DayUnit::Natural));
    let plain = reasons::of_deadline(&counted, "送达", calendars, None).concat();
    assert!(!plain.contains("规定"), "no rule stands in the code: {plain}");
}

#[test]
fn every_day_of_two_years_has_its_reasons() {
    let calendars = published();
    let mut day: CivilDate = "2025-01-01".parse().unwrap();
    while day.year() < 2027 {
        for days in [1, 2, 3, 5, 7, 10, 15, 30, 90] {
            hold(day, Term::working(days), &calendars);
            hold(day, Term::natural(days), &calendars);
        }
        day = day.plus_days(1);
    }
}

#[test]
fn the_vectors_have_their_reasons() {
    let rows: Vec<Value> = serde_json::from_str(&fixture("vectors/deadlines.json")).unwrap();
    assert!(rows.len() > 20, "{}", rows.len());
    let calendars = published();
    for row in rows {
        let start: CivilDate = row["start"].as_str().unwrap().parse().unwrap();
        let days = u16::try_from(row["days"].as_u64().unwrap()).unwrap();
        let unit: DayUnit = serde_json::from_value(row["unit"].clone()).unwrap();
        let term = Term { days, unit };
        hold(start, term, &calendars);
        let date: CivilDate = row["date"].as_str().unwrap().parse().unwrap();
        let counted = deadline::count(start, term, &calendars).date;
        let moved = reasons::of_roll(counted, date, &calendars, Some(&rule()));
        assert_eq!(moved.is_some(), counted != date, "{row}");
        let Some(moved) = moved else { continue };
        assert!(moved.contains("顺延规定") && moved.contains(&date.in_words()), "{moved}");
        let list = moved.split_once("；").unwrap().1;
        let told: Vec<CivilDate> = named(list).into_iter().map(|it| it.0).collect();
        let off: Vec<CivilDate> =
            (0..counted.days_until(date)).map(|it| counted.plus_days(it)).collect();
        assert_eq!(told, off, "{moved}");
        assert!(told.iter().all(|it| !calendars.is_working(*it)), "{moved}");
    }
}

/// A calendar that nobody would publish: any days off, any weekend days worked.
fn calendar(year: i16) -> impl Strategy<Value = WorkCalendar> {
    let first = CivilDate::new(year, 1, 1).unwrap();
    let days = |most| prop::collection::btree_set(0..365_i32, 0..most);
    (days(60), days(20)).prop_map(move |(off, worked)| {
        let date = |day: &i32| first.plus_days(*day);
        WorkCalendar {
            year,
            version: "1".to_owned(),
            holidays: off.iter().map(date).collect(),
            workdays: worked.difference(&off).map(date).filter(|it| it.is_weekend()).collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ten_thousand_calendars_have_their_reasons(
        one in calendar(2029),
        other in prop::option::of(calendar(2030)),
        day in 0..365_i32,
        days in 1..120_u16,
        working in any::<bool>(),
    ) {
        let calendars = Calendars::new([Some(one), other].into_iter().flatten());
        let start = CivilDate::new(2029, 1, 1).unwrap().plus_days(day);
        hold(start, if working { Term::working(days) } else { Term::natural(days) }, &calendars);
    }
}
