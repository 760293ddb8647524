//! Which days are worked, by the State Council's yearly notices, terms counted by them ([`deadline`]), and why a date is
//! the one that it is, in sentences ([`reasons`]).

pub mod deadline;
pub mod reasons;

use crate::domain::calendar::WorkCalendar;
use crate::time::CivilDate;

/// The calendars that are published, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars(Vec<WorkCalendar>);

impl Calendars {
    /// Takes calendars in any order; of two for one year the last one counts.
    #[must_use]
    pub fn new(calendars: impl IntoIterator<Item = WorkCalendar>) -> Self {
        let by_year: std::collections::BTreeMap<i16, WorkCalendar> =
            calendars.into_iter().map(|calendar| (calendar.year, calendar)).collect();
        Self(by_year.into_values().collect())
    }

    /// The calendar of a year, where one is published.
    #[must_use]
    pub fn year(&self, year: i16) -> Option<&WorkCalendar> {
        self.0.iter().find(|calendar| calendar.year == year)
    }

    /// Whether a date is worked. Without a calendar for its year the weekday decides.
    #[must_use]
    pub fn is_working(&self, date: CivilDate) -> bool {
        match self.year(date.year()) {
            Some(calendar) if calendar.workdays.contains(&date) => true,
            Some(calendar) if calendar.holidays.contains(&date) => false,
            Some(_) | None => !date.is_weekend(),
        }
    }

    /// Whether a date is a day off by the published calendar of its year, not by the weekday alone.
    #[must_use]
    pub fn is_holiday(&self, date: CivilDate) -> bool {
        self.year(date.year()).is_some_and(|calendar| calendar.holidays.contains(&date))
    }

    /// Names the calendar of a year: `2026:1`, or `2027:?` where none is published.
    #[must_use]
    pub fn version_of(&self, year: i16) -> String {
        let version = self.year(year).map_or("?", |calendar| calendar.version.as_str());
        format!("{year}:{version}")
    }
}
