//! From a term to a date, with the way it was counted.

use super::Calendars;
use crate::domain::term::{DayUnit, Deadline, Term};
use crate::time::{CivilDate, Timestamp};

/// Counts a term. The day of the start event is not counted (民法典 第二百零一条).
///
/// Natural days do not move off holidays: a rectification date stays where it falls, safety first.
/// Working days follow the published calendars; a year without one is counted by weekdays alone
/// and marks the deadline as provisional.
#[must_use]
pub fn count(start: CivilDate, term: Term, calendars: &Calendars) -> Deadline {
    let mut date = start;
    let mut skipped = Vec::new();
    let mut left = term.days;
    while left > 0 {
        date = date.plus_days(1);
        if term.unit == DayUnit::Natural || calendars.is_working(date) {
            left -= 1;
        } else {
            skipped.push(date);
        }
    }
    let read = match term.unit {
        DayUnit::Natural => Vec::new(),
        DayUnit::Working => (start.plus_days(1).year()..=date.year()).collect(),
    };
    Deadline {
        date,
        start,
        term,
        provisional: read.iter().any(|year| calendars.year(*year).is_none()),
        calendars: read.into_iter().map(|year| calendars.version_of(year)).collect(),
        skipped,
    }
}

/// The first instant at which a deadline has passed: the beginning of the day after its date.
#[must_use]
pub fn passes_at(deadline: &Deadline) -> Timestamp {
    deadline.date.plus_days(1).start()
}

/// The date itself if it is worked, else the next working day: for terms of the authority whose
/// last day is a holiday (民事诉讼法 第八十五条). Says also whether a calendar was missing.
#[must_use]
pub fn roll(date: CivilDate, calendars: &Calendars) -> (CivilDate, bool) {
    let mut rolled = date;
    while !calendars.is_working(rolled) {
        rolled = rolled.plus_days(1);
    }
    let provisional = (date.year()..=rolled.year()).any(|year| calendars.year(year).is_none());
    (rolled, provisional)
}

/// Whole days until the date of a deadline: 0 on the day itself, negative once it has passed.
#[must_use]
pub fn days_left(deadline: &Deadline, now: Timestamp) -> i32 {
    now.date().days_until(deadline.date)
}

/// Whether a deadline has passed: from the first instant of the day after its date.
#[must_use]
pub fn has_passed(deadline: &Deadline, now: Timestamp) -> bool {
    days_left(deadline, now) < 0
}
