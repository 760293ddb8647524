//! Weeks as the office counts them: from Monday to Sunday, in China.

use sync_core::time::{CivilDate, Timestamp};

/// One week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(CivilDate);

impl Week {
    /// The week of a date.
    #[must_use]
    pub fn of(date: CivilDate) -> Self {
        // 1970-01-05 was a Monday.
        let Ok(first) = CivilDate::new(1970, 1, 5) else { return Self(date) };
        Self(date.plus_days(-first.days_until(date).rem_euclid(7)))
    }

    /// Its Monday.
    #[must_use]
    pub const fn first_day(self) -> CivilDate {
        self.0
    }

    /// Its Sunday.
    #[must_use]
    pub fn last_day(self) -> CivilDate {
        self.0.plus_days(6)
    }

    /// Its first instant.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.0.start()
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// The week after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.plus_days(7))
    }

    /// The week before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.plus_days(-7))
    }
}

#[cfg(test)]
mod tests {
    use super::Week;
    use sync_core::time::CivilDate;

    #[test]
    fn a_week_begins_on_monday_in_china() {
        let date = |day| CivilDate::new(2026, 11, day).unwrap();
        assert_eq!(Week::of(date(23)).first_day(), date(23));
        assert_eq!(Week::of(date(22)).first_day(), date(16));
        assert_eq!(Week::of(date(29)).first_day(), date(23));
        let week = Week::of(date(25));
        assert_eq!((week.last_day(), week.end()), (date(29), date(30).start()));
        assert_eq!(Week::of(week.end().date()), week.next());
        assert_eq!(Week::of(week.end().plus_millis(-1).date()), week);
        assert_eq!(week.next().previous(), week);
    }
}
