//! Instants, calendar dates and what a device can honestly say about when something happened.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::Offset;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Refusal};

/// China has one legal time, UTC+8 without daylight saving; dates on documents are dates there.
const BEIJING: Offset = Offset::constant(8);

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// An instant from milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `millis`.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The calendar date in China at this instant. Instants outside of the years -9999 to 9999
    /// give the nearest date there is.
    #[must_use]
    pub fn date(self) -> CivilDate {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        CivilDate(BEIJING.to_datetime(instant).date())
    }
}

impl fmt::Display for Timestamp {
    /// Beijing time to the minute, as people read it: `2026-11-23 14:05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => {
                let at = BEIJING.to_datetime(instant);
                write!(f, "{} {:02}:{:02}", at.date(), at.hour(), at.minute())
            }
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// A calendar date in China. Text and CBOR form `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", extend("format" = "date")))]
pub struct CivilDate(Date);

impl CivilDate {
    /// A date from year, month and day; refused when there is no such day.
    ///
    /// # Errors
    /// [`Code::FieldMalformed`].
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, Refusal> {
        Date::new(year, month, day)
            .map(Self)
            .map_err(|_| Refusal::new(Code::FieldMalformed).field("date"))
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Whether the date is a Saturday or Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
    }

    /// The date `days` later (earlier when negative); stops at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        let end = if days < 0 { Date::MIN } else { Date::MAX };
        Self(self.0.checked_add(jiff::Span::new().days(days)).unwrap_or(end))
    }

    /// Days from this date to `later`; negative when `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        self.0
            .duration_until(later.0)
            .as_hours()
            .checked_div(24)
            .map_or(0, |d| d.try_into().unwrap_or(0))
    }

    /// As papers write it: `2026年2月15日`.
    #[must_use]
    pub fn in_words(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }

    /// The day of the week, such as `星期日`.
    #[must_use]
    pub fn weekday(self) -> &'static str {
        use jiff::civil::Weekday;
        match self.0.weekday() {
            Weekday::Monday => "星期一",
            Weekday::Tuesday => "星期二",
            Weekday::Wednesday => "星期三",
            Weekday::Thursday => "星期四",
            Weekday::Friday => "星期五",
            Weekday::Saturday => "星期六",
            Weekday::Sunday => "星期日",
        }
    }

    /// The first instant of this date in China.
    #[must_use]
    pub fn start(self) -> Timestamp {
        BEIJING
            .to_timestamp(self.0.to_datetime(jiff::civil::Time::midnight()))
            .map_or(Timestamp(0), |instant| Timestamp(instant.as_millisecond()))
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for CivilDate {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let malformed = || Refusal::new(Code::FieldMalformed).field("date");
        let date: Date = text.parse().map_err(|_| malformed())?;
        // One date, one text: nothing but the plain form is accepted.
        if date.to_string() == text { Ok(Self(date)) } else { Err(malformed()) }
    }
}

impl<C> Encode<C> for CivilDate {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for CivilDate {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?.parse().map_err(|_| minicbor::decode::Error::message("not a date"))
    }
}

impl Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The server's time as the device last received it. The tag proves that it was made for this
/// device (HMAC-SHA-256, first 8 bytes), so it is a lower bound of everything captured afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(array)]
pub struct Beacon {
    /// Server time when it answered.
    #[n(0)]
    pub at: Timestamp,
    /// Proof of origin.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub tag: [u8; 8],
}

/// One reading of a device's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(array)]
pub struct SignedClock {
    /// The clock on the wall, a claim.
    #[n(0)]
    pub wall: Timestamp,
    /// Milliseconds since the device started, which nobody can set.
    #[n(1)]
    pub monotonic_ms: u64,
    /// Names the start of the device that `monotonic_ms` counts from.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub boot: [u8; 8],
    /// The last beacon that the device held.
    #[n(3)]
    pub beacon: Option<Beacon>,
}

/// Between which two instants something happened, as far as it can be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeBounds {
    /// Not before: the beacon, if it is genuine.
    #[n(0)]
    pub not_before: Option<Timestamp>,
    /// Not after: the receipt.
    #[n(1)]
    pub not_after: Timestamp,
    /// Whether the device's own clock lies inside of the bounds.
    #[n(2)]
    pub wall_plausible: bool,
}
