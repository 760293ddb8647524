//! Why a deadline is on its date: one sentence for each step, so that whoever gets the paper can count again.

use super::Calendars;
use crate::domain::papers::CountingRule;
use crate::domain::term::{DayUnit, Deadline};
use crate::time::CivilDate;

/// The steps from the day of an event, such as `送达`, to the date. `rule` is the rule of counting that was in use then;
/// without one the sentences name no rule.
#[must_use]
pub fn of_deadline(
    deadline: &Deadline,
    event: &str,
    calendars: &Calendars,
    rule: Option<&CountingRule>,
) -> Vec<String> {
    let mut steps = vec![start(deadline, event, rule), unit(deadline, rule)];
    if !deadline.skipped.is_empty() {
        steps.push(format!("其间不计入的日期：{}。", skipped(&deadline.skipped, calendars)));
    }
    let (date, weekday) = (deadline.date.in_words(), deadline.date.weekday());
    steps.push(format!("届满之日为{date}（{weekday}），当日仍在期限内。"));
    steps.extend(provisional(deadline));
    steps
}

/// What came of counting a deadline again when a calendar was published.
#[must_use]
pub fn of_recount(before: CivilDate, counted: &Deadline) -> String {
    let published = counted.calendars.iter().filter_map(|version| version.split_once(':'));
    let years: Vec<String> = published
        .filter(|(_, version)| *version != "?")
        .map(|(year, _)| format!("{year}年"))
        .collect();
    let why = if years.is_empty() {
        "起算日随原期限重新核定".to_owned()
    } else {
        format!("按已公布的{}节假日安排重新核定", years.join("、"))
    };
    let (date, told) = (counted.date.in_words(), before.in_words());
    match counted.date.cmp(&before) {
        std::cmp::Ordering::Greater => format!("{why}，整改期限由{told}延至{date}。"),
        std::cmp::Ordering::Equal => format!("{why}，整改期限仍为{told}。"),
        std::cmp::Ordering::Less => {
            format!("{why}为{date}，早于已告知的{told}，整改期限仍为{told}。")
        }
    }
}

/// Why a last day moves to another one; none where it stays.
#[must_use]
pub fn of_roll(
    last: CivilDate,
    moved: CivilDate,
    calendars: &Calendars,
    rule: Option<&CountingRule>,
) -> Option<String> {
    if last == moved {
        return None;
    }
    let off: Vec<CivilDate> =
        (0..last.days_until(moved)).map(|days| last.plus_days(days)).collect();
    Some(format!(
        "期限届满之日{}不是工作日，顺延至{}（{}）{}；其间不是工作日的日期：{}。",
        last.in_words(),
        moved.in_words(),
        moved.weekday(),
        cited(rule.map(|it| it.roll.as_str())),
        skipped(&off, calendars)
    ))
}

fn start(deadline: &Deadline, event: &str, rule: Option<&CountingRule>) -> String {
    format!(
        "{event}之日为{}，当日不计入，自{}起计算{}。",
        deadline.start.in_words(),
        deadline.start.plus_days(1).in_words(),
        cited(rule.map(|it| it.start.as_str()))
    )
}

fn unit(deadline: &Deadline, rule: Option<&CountingRule>) -> String {
    match deadline.term.unit {
        DayUnit::Natural => {
            let natural = rule.map(|it| it.natural.as_str()).filter(|it| !it.is_empty());
            let natural = natural.map_or(String::new(), |it| format!("，{it}"));
            format!("期限为 {}{natural}。", deadline.term)
        }
        DayUnit::Working => {
            let years = (deadline.start.plus_days(1).year()..=deadline.date.year())
                .map(|year| year.to_string())
                .collect::<Vec<_>>();
            let working = rule.map(|it| it.working.replace("{year}", &years.join("、")));
            format!("期限为 {}，只计工作日{}。", deadline.term, cited(working.as_deref()))
        }
    }
}

fn provisional(deadline: &Deadline) -> Option<String> {
    let year = |version: &String| version.strip_suffix(":?").map(|year| format!("{year}年"));
    let years: Vec<String> = deadline.calendars.iter().filter_map(year).collect();
    deadline.provisional.then(|| {
        format!(
            "{}的节假日安排尚未公布，暂按每周六、日休息计算，公布后重新核定。",
            years.join("、")
        )
    })
}

fn cited(rule: Option<&str>) -> String {
    rule.filter(|it| !it.is_empty()).map_or(String::new(), |rule| format!("（{rule}）"))
}

/// Days in a row that do not count for one reason, as `2026年2月15日至2026年2月23日（节假日，9 天）`.
fn skipped(days: &[CivilDate], calendars: &Calendars) -> String {
    let why = |day: CivilDate| if calendars.is_holiday(day) { "节假日" } else { "休息日" };
    let mut runs: Vec<(CivilDate, CivilDate, &str)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last, reason)) if last.plus_days(1) == *day && *reason == why(*day) => {
                *last = *day;
            }
            _ => runs.push((*day, *day, why(*day))),
        }
    }
    let run = |(first, last, why): &(CivilDate, CivilDate, &str)| match first.days_until(*last) {
        0 => format!("{}（{why}）", first.in_words()),
        more => format!("{}至{}（{why}，{} 天）", first.in_words(), last.in_words(), more + 1),
    };
    runs.iter().map(run).collect::<Vec<_>>().join("，")
}
