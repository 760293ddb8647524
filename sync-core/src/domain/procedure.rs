//! The numbers of the procedure that a law, a rule or the bureau's own order sets, from one day until another.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::time::CivilDate;

/// Bounds of terms in force from one day until another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Procedure {
    /// First day.
    #[n(0)]
    pub from: CivilDate,
    /// Last day; none while it goes on.
    #[n(1)]
    pub until: Option<CivilDate>,
    /// What sets these numbers, as people read it.
    #[n(2)]
    pub basis: String,
    /// Whether somebody has compared them with the text that sets them.
    #[n(3)]
    pub verified: bool,
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
    /// names a number. A number that nobody has verified is shown and blocks nothing.
    #[n(10)]
    #[serde(default)]
    pub further_terms: Option<u16>,
}

impl Procedure {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn holds_on(&self, day: CivilDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}
