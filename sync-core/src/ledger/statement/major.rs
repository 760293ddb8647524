//! Whether a grade that an officer gave stands.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{HazardId, NoticeId};

/// A supervisor decides whether a hazard that its officers graded major is major.
///
/// It never holds up the notice: danger is ordered away at once, the grade is decided beside it and
/// before the closure. Critical, as every kind is: a reader that did not know it would show a grade
/// that does not count and offer closures by it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct MajorDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Whether it is major; otherwise it counts as general.
    #[n(2)]
    pub upheld: bool,
    /// The facts that meet the criterion, or why they do not.
    #[n(3)]
    pub reason: String,
}
