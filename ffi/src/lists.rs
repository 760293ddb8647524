//! Rows of lists, in the form of records.

use std::collections::HashMap;

use device::{HazardRow, NoticeRow, Page, Parallel, RefusalWords};
use sync_core::domain::inspection::Plan;
use sync_core::domain::notice::DocumentNumber;
use sync_core::id::{DeviceId, EnterpriseId, FactId, PersonId};
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

use crate::views::hazard_line;
use crate::{DeviceError, HazardLine, Offer, StreamId};

/// A part of a list of notices.
#[derive(Clone, Debug, uniffi::Record)]
pub struct NoticePage {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub rows: Vec<NoticeRow>,
}

impl From<Page<NoticeRow>> for NoticePage {
    fn from(page: Page<NoticeRow>) -> Self {
        Self { total: page.total as u64, rows: page.rows }
    }
}

/// A decision for which others wait.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Decision {
    /// What this person may state.
    pub offer: Offer,
    /// With which hazard.
    pub about: HazardRow,
}

impl From<device::Decision> for Decision {
    fn from(device::Decision { offer, about }: device::Decision) -> Self {
        Self { offer: offer.into(), about }
    }
}

/// A part of a list of decisions.
#[derive(Clone, Debug, uniffi::Record)]
pub struct DecisionPage {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub rows: Vec<Decision>,
}

/// A part of a list of hazards.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HazardRowPage {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub rows: Vec<HazardRow>,
}

/// What a supervisor has to look at today.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Worklist {
    /// What waits for this person's decision; a hazard may wait for more than one.
    pub waiting: DecisionPage,
    /// The hazards that are overdue, the longest first.
    pub overdue: HazardRowPage,
    /// The notices that nobody has served, the oldest first.
    pub unserved: NoticePage,
}

impl From<device::Worklist> for Worklist {
    fn from(device::Worklist { waiting, overdue, unserved }: device::Worklist) -> Self {
        let decisions = waiting.rows.into_iter().map(Decision::from).collect();
        Self {
            waiting: DecisionPage { total: waiting.total as u64, rows: decisions },
            overdue: HazardRowPage { total: overdue.total as u64, rows: overdue.rows },
            unserved: unserved.into(),
        }
    }
}

/// What a stream is about, for whoever only names it.
#[derive(Clone, Debug, uniffi::Record)]
pub struct StreamAbout {
    /// The stream.
    pub stream: StreamId,
    /// Whose premises.
    pub enterprise: Option<EnterpriseId>,
    /// The number of its notice.
    pub number: Option<DocumentNumber>,
}

impl From<device::StreamAbout> for StreamAbout {
    fn from(device::StreamAbout { stream, enterprise, number }: device::StreamAbout) -> Self {
        Self { stream: stream.into(), enterprise, number }
    }
}

/// A record that cannot be sealed before a named officer has decided.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Conflict {
    /// The visit.
    pub plan: Plan,
    /// Who decides.
    pub decider: Option<PersonId>,
    /// What the officers differ in.
    pub parallels: Vec<Parallel>,
    /// The hazards that they differ in, with their photos.
    pub hazards: Vec<HazardLine>,
}

impl From<device::Conflict> for Conflict {
    fn from(it: device::Conflict) -> Self {
        Self {
            plan: it.plan,
            decider: it.decider,
            parallels: it.parallels,
            hazards: it.hazards.into_iter().map(hazard_line).collect(),
        }
    }
}

/// One statement of a stream.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HistoryEntry {
    /// The fact.
    pub fact: FactId,
    /// Who stated it.
    pub by: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    /// What it is, in words.
    pub title: String,
    /// What was stated, as JSON with the stable name of its kind: `{"kind": "arrived", "body": {…}}`.
    pub statement: String,
}

impl HistoryEntry {
    pub(crate) fn read(it: device::HistoryEntry) -> Result<Self, DeviceError> {
        let statement = serde_json::to_string(&it.statement)
            .map_err(|error| Refusal::new(Code::Malformed).detail(error.to_string()))?;
        let device::HistoryEntry { fact, by, device, at, place, title, .. } = it;
        Ok(Self { fact, by, device, at, place, title, statement })
    }
}

/// A term of the field.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Word {
    /// The stable name.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// Chinese terms, each list by stable name in the order in which the field uses them.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Words {
    /// States of a visit.
    pub inspection_state: Vec<Word>,
    /// States of a hazard.
    pub hazard_state: Vec<Word>,
    /// Names of the states in which nothing more is to be done.
    pub settled: Vec<String>,
    /// Roles.
    pub role: Vec<Word>,
    /// Grades of a hazard.
    pub grade: Vec<Word>,
    /// Steps of escalation.
    pub escalation: Vec<Word>,
    /// Statements, such as `inspection.arrived`.
    pub statement: Vec<Word>,
    /// Refusals by code.
    pub refusal: HashMap<String, RefusalWords>,
}

impl From<device::Words> for Words {
    fn from(it: device::Words) -> Self {
        let list = |terms: device::Terms| {
            terms.into_iter().map(|(name, title)| Word { name, title }).collect()
        };
        Self {
            inspection_state: list(it.inspection_state),
            hazard_state: list(it.hazard_state),
            settled: it.settled,
            role: list(it.role),
            grade: list(it.grade),
            escalation: list(it.escalation),
            statement: list(it.statement),
            refusal: it.refusal.into_iter().collect(),
        }
    }
}
