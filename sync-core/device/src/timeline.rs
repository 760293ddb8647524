//! What was stated, in words and pictures, in the order in which it counts.

use serde::Serialize;
use sync_core::case::telling::Telling;
use sync_core::case::{About, Case, Stated};
use sync_core::id::{FactId, HazardId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;

/// One statement of a case as a screen shows it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TimelineRow {
    /// The fact.
    pub fact: FactId,
    /// Stable name of its kind, such as `notice.served`.
    pub kind: &'static str,
    /// The stream in which it was stated.
    pub stream: StreamId,
    /// The hazard that it is about, where it is about one alone.
    pub hazard: Option<HazardId>,
    /// Who stated it.
    pub by: PersonId,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    /// What a person reads and sees.
    pub telling: Telling,
}

impl From<&Stated> for TimelineRow {
    fn from(stated: &Stated) -> Self {
        let About { stream, hazard } = stated.about;
        Self {
            fact: stated.fact,
            kind: stated.kind.name,
            stream,
            hazard,
            by: stated.by,
            at: stated.at,
            place: stated.place,
            telling: stated.tell(),
        }
    }
}

/// What concerns one hazard: what was stated about it, also where the enterprise does not read it, and about its notice as a
/// whole.
pub(crate) fn of_hazard(case: &Case, notice: StreamId, hazard: HazardId) -> Vec<TimelineRow> {
    let concerns = |about: About| about.hazard.map_or(about.stream == notice, |it| it == hazard);
    // A photo is shown with the statement that rests on it.
    let shown =
        |it: &&Stated| concerns(it.about) && it.as_act::<sync_core::act::Capture>().is_none();
    case.stated().iter().filter(shown).map(TimelineRow::from).collect()
}
