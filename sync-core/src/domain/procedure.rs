//! The numbers of the procedure that a law, a rule or the bureau's own order sets, from one day until another.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hazard::Clause;
use super::term::Term;
use crate::time::CivilDate;

/// Bounds of terms in force from one day until another. Each part says what it rests on ([`Grounds`]); one that rests on
/// nothing known is told to people and blocks nothing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Procedure {
    /// First day.
    #[n(0)]
    pub from: CivilDate,
    /// Last day; none while it goes on.
    #[n(1)]
    pub until: Option<CivilDate>,
    /// Most days of a term after a failed recheck.
    #[n(4)]
    pub retry_days: u16,
    /// How many terms an officer may set after failed rechecks; every further one is the supervisor's.
    #[n(5)]
    pub retries: u16,
    /// Most days of one extension.
    #[n(6)]
    pub extension_days: u16,
    /// How many extensions one hazard may get.
    #[n(7)]
    pub extensions: u16,
    /// Whether service by officers and rechecks need two of them, and service its proof: a signature, a refusal with
    /// its witness, or the consent to electronic service.
    #[n(8)]
    pub two_officers: bool,
    /// Whether a major hazard is closed only with a plan of its rectification.
    #[n(9)]
    pub major_plan: bool,
    /// How many terms supervisors may set after failed rechecks, once officers may set none any more; none where nothing
    /// names a number.
    #[n(10)]
    #[serde(default)]
    pub further_terms: Option<u16>,
    /// The term that is filled in for a term after a failed recheck; a person may change it.
    #[n(12)]
    #[serde(default)]
    pub retry_proposed: Option<Term>,
    /// The term that is filled in when more time is asked for.
    #[n(13)]
    #[serde(default)]
    pub extension_proposed: Option<Term>,
    /// What each part rests on.
    #[n(11)]
    #[cbor(default)]
    #[serde(default)]
    pub grounds: Grounds,
}

impl Procedure {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn holds_on(&self, day: CivilDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What the parts of a procedure rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
#[cbor(map)]
pub struct Grounds {
    /// Terms of officers after failed rechecks: how many, how long.
    #[n(0)]
    #[cbor(default)]
    pub retries: Ground,
    /// Extensions: how many, how long.
    #[n(1)]
    #[cbor(default)]
    pub extensions: Ground,
    /// Two officers, and proof of service.
    #[n(2)]
    #[cbor(default)]
    pub two_officers: Ground,
    /// The plan of a major hazard.
    #[n(3)]
    #[cbor(default)]
    pub major_plan: Ground,
    /// Terms of supervisors after failed rechecks.
    #[n(4)]
    #[cbor(default)]
    pub further_terms: Ground,
}

impl Grounds {
    /// Each with its name in files.
    #[must_use]
    pub const fn each(&self) -> [(&'static str, &Ground); 5] {
        [
            ("retries", &self.retries),
            ("extensions", &self.extensions),
            ("two_officers", &self.two_officers),
            ("major_plan", &self.major_plan),
            ("further_terms", &self.further_terms),
        ]
    }
}

/// What one part rests on: clauses of law, or a paper of the bureau itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
#[cbor(map)]
pub struct Ground {
    /// Clauses that set it.
    #[n(0)]
    #[cbor(default)]
    pub basis: Vec<Clause>,
    /// Whether somebody has compared it with the text of these clauses.
    #[n(1)]
    #[cbor(default)]
    pub verified: bool,
    /// The paper by which the bureau itself orders it.
    #[n(2)]
    pub by_order: Option<Order>,
}

impl Ground {
    /// Whether it blocks: it rests on named clauses that somebody has compared, or on an order of the bureau itself.
    /// Otherwise it is told.
    #[must_use]
    pub const fn binds(&self) -> bool {
        self.by_order.is_some() || (self.verified && !self.basis.is_empty())
    }
}

/// A paper of the bureau.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Order {
    /// Title, and number where it has one.
    #[n(0)]
    pub title: String,
    /// Its date.
    #[n(1)]
    pub date: CivilDate,
}
