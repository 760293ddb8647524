//! How long something may take, and the date that was counted from it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum DayUnit {
    /// 日: every day counts.
    #[n(0)]
    Natural,
    /// 工作日: working days of the State Council's calendar.
    #[n(1)]
    Working,
}

/// A length of time on a document, such as 15 日 or 10 个工作日.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct Term {
    /// How many.
    #[n(0)]
    pub days: u16,
    /// Of which days.
    #[n(1)]
    pub unit: DayUnit,
}

impl Term {
    /// The shortest there is: what a form begins with where nothing proposes a term, so that a person chooses one.
    pub const SHORTEST: Self = Self::natural(1);

    /// `days` natural days.
    #[must_use]
    pub const fn natural(days: u16) -> Self {
        Self { days, unit: DayUnit::Natural }
    }

    /// `days` working days.
    #[must_use]
    pub const fn working(days: u16) -> Self {
        Self { days, unit: DayUnit::Working }
    }

    /// How many days of the calendar it takes at least: five working days are a week.
    #[must_use]
    pub const fn calendar_days(&self) -> u16 {
        match self.unit {
            DayUnit::Natural => self.days,
            DayUnit::Working => self.days.saturating_add(2 * (self.days / 5)),
        }
    }

    /// Checks the bounds: 1 to [`limits::TERM_DAYS`].
    ///
    /// # Errors
    /// [`Code::TermInvalid`].
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.days == 0 || self.days > limits::TERM_DAYS {
            return Err(Refusal::new(Code::TermInvalid).field("term"));
        }
        Ok(())
    }
}

/// `15 日` or `10 个工作日`.
impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            DayUnit::Natural => "日",
            DayUnit::Working => "个工作日",
        };
        write!(f, "{} {unit}", self.days)
    }
}

/// A date with the way it was counted, so that anyone can count again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Deadline {
    /// The last day that is in time.
    #[n(0)]
    pub date: CivilDate,
    /// The day of the event that started the count; it is not counted itself.
    #[n(1)]
    pub start: CivilDate,
    /// The term that was counted.
    #[n(2)]
    pub term: Term,
    /// Versions of the calendars that were read, such as `2026:1`; a year for which none is
    /// published yet is named with `?`, such as `2027:?`.
    #[n(3)]
    pub calendars: Vec<String>,
    /// Days within the count that did not count, in order.
    #[n(4)]
    pub skipped: Vec<CivilDate>,
    /// Whether a year without a published calendar was counted by weekdays alone.
    #[n(5)]
    pub provisional: bool,
}
