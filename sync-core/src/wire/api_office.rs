//! Bodies of the JSON interface for people at a desk: lists, timelines, files that were set aside, quarantine.

use serde::{Deserialize, Serialize};

use crate::act::Statement;
use crate::act::state::{HazardState, HazardStatus, InspectionState};
use crate::case::telling::Telling;
use crate::domain::escalation::Escalation;
use crate::domain::hazard::Grade;
use crate::id::{
    BlobHash, DepartmentId, DeviceId, Digest, EnterpriseId, FactId, HazardId, InspectionId,
    NoticeId, PersonId, SectorCode, StreetCode,
};
use crate::ledger::stream::StreamId;
use crate::refusal::Code;
use crate::time::{CivilDate, TimeBounds, Timestamp};

/// Rows of a list when the reader does not say how many.
pub const PAGE_ROWS: u32 = 50;
/// Most rows of a list in one answer.
pub const PAGE_ROWS_MAX: u32 = 500;

/// `GET /api/v1/hazards`: which hazards. What is left out does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HazardQuery {
    /// Street of the enterprise.
    pub street: Option<StreetCode>,
    /// One of the sectors of the enterprise.
    pub sector: Option<SectorCode>,
    /// Department that found it.
    pub department: Option<DepartmentId>,
    /// State.
    pub state: Option<HazardState>,
    /// Whether it is overdue now.
    pub overdue: Option<bool>,
    /// Whether it falls due within so many days from today, today included.
    pub due_within: Option<u16>,
    /// The grade that counts.
    pub grade: Option<Grade>,
    /// Words within the enterprise's name, the description, the place or the notice's number.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::NAME_CHARS)))]
    pub text: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, [`PAGE_ROWS`] if it is not said, at most [`PAGE_ROWS_MAX`].
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = PAGE_ROWS_MAX)))]
    pub limit: Option<u32>,
    /// `json`, or `csv` or `xlsx` for a file of all that match.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["json", "csv", "xlsx"])))]
    pub format: Option<String>,
    /// Whether the file comes within JSON.
    pub in_json: Option<bool>,
}

/// One page of hazards, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HazardPage {
    /// Until when "overdue" was judged.
    pub at: Timestamp,
    /// How many match, on all pages together.
    pub total: u64,
    /// The rows.
    pub rows: Vec<HazardListRow>,
    /// Where the next page starts; none on the last one.
    pub next: Option<String>,
}

/// One hazard in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HazardListRow {
    /// Which hazard.
    pub hazard: HazardId,
    /// The visit that found it.
    pub inspection: Option<InspectionId>,
    /// Its notice, once issued.
    pub notice: Option<NoticeId>,
    /// Number of the notice.
    pub number: Option<String>,
    /// Where it was found.
    pub enterprise: EnterpriseId,
    /// Name of the enterprise.
    pub enterprise_name: String,
    /// Street of the enterprise.
    pub street: String,
    /// Sectors of the enterprise.
    pub sectors: Vec<String>,
    /// Department that found it.
    pub department: DepartmentId,
    /// The grade that counts.
    pub grade: Grade,
    /// What is wrong.
    pub description: String,
    /// Where in the enterprise.
    pub place: String,
    /// State.
    pub state: HazardState,
    /// The Chinese term of the state.
    pub state_title: String,
    /// Whether it is overdue at the time of the page.
    pub overdue: bool,
    /// Last day that is in time.
    pub deadline: Option<CivilDate>,
    /// Whether a request for more time waits.
    pub extension_pending: bool,
    /// How often rectification was asked for.
    pub round: u32,
    /// Highest step of escalation.
    pub escalation: Option<Escalation>,
    /// When the record with it was taken over.
    pub found_at: Timestamp,
    /// When it was closed or dismissed.
    pub closed_at: Option<Timestamp>,
}

/// `GET /api/v1/cases/{kind}/{id}`: everything that the reader may see of a case, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseTimeline {
    /// The visit; never told to an enterprise.
    pub inspection: Option<InspectionId>,
    /// The notice, once issued.
    pub notice: Option<NoticeId>,
    /// State of the visit; none for an enterprise, or when a newer server is needed to say it.
    pub state: Option<InspectionState>,
    /// The hazards with their states at the time of the answer.
    pub hazards: Vec<CaseHazard>,
    /// What was stated, in the order in which it counts.
    pub entries: Vec<TimelineEntry>,
}

/// A hazard of a case with its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseHazard {
    /// Which hazard.
    pub hazard: HazardId,
    /// What is wrong and where, as recorded or ordered.
    pub name: String,
    /// Its state.
    pub status: HazardStatus,
}

/// One statement of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEntry {
    /// The fact.
    pub fact: FactId,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place within the stream.
    pub place: u64,
    /// When the server took it over.
    pub received_at: Timestamp,
    /// Stable name of the kind.
    pub kind: String,
    /// What the kind is called.
    pub title: String,
    /// The hazard that it is about, unless it is about the visit or the notice as a whole.
    pub hazard: Option<HazardId>,
    /// What is shown of it.
    pub telling: Telling,
    /// Who stated it.
    pub author: PersonId,
    /// Name of the author, where known; the server's own statements have none.
    pub author_name: Option<String>,
    /// On which device.
    pub device: DeviceId,
    /// What the device's clock said.
    pub claimed_at: Timestamp,
    /// Between which instants it was stated, as far as it can be proved.
    pub bounds: TimeBounds,
    /// Size of the signed bytes.
    pub bytes: u64,
    /// What was stated.
    pub statement: Statement,
}

/// `GET /api/v1/set-aside`: files in which the server cannot state what it owes, such as a notice or a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetAsidePage {
    /// How many the reader may know of.
    pub total: u64,
    /// Those that wait longest, at most [`PAGE_ROWS_MAX`].
    pub rows: Vec<SetAsideRow>,
}

/// A file that was set aside: nothing is stated in it until its reason is gone, then everything by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetAsideRow {
    /// The stream in which something is owed.
    pub stream: StreamId,
    /// The enterprise it is about, for whoever reads the stream.
    pub enterprise: Option<EnterpriseId>,
    /// Name of the enterprise, where known.
    pub enterprise_name: Option<String>,
    /// Why nothing can be stated.
    pub code: Code,
    /// The same as a sentence.
    pub sentence: String,
    /// The one thing to do.
    pub action: String,
    /// Since when.
    pub since: Timestamp,
}

/// Where an item in quarantine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuarantineState {
    /// Nobody judged it yet.
    Waiting,
    /// It was taken over.
    Accepted,
    /// It stays in quarantine.
    Rejected,
    /// A supplement of the record holds what it said; nobody has to judge it.
    Supplemented,
}

/// `GET /api/v1/quarantine`: which items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuarantineQuery {
    /// Also items that were judged.
    pub judged: Option<bool>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, as in [`HazardQuery::limit`].
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = PAGE_ROWS_MAX)))]
    pub limit: Option<u32>,
}

/// One page of items in quarantine, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuarantinePage {
    /// The items.
    pub rows: Vec<QuarantineItem>,
    /// What is stored there and cannot be read.
    pub unread: Vec<UnreadItem>,
    /// Where the next page starts; none on the last one.
    pub next: Option<String>,
}

/// What is stored in quarantine and cannot be read: nobody can judge it, and the office's administrator restores it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnreadItem {
    /// Its name, as it is stored, in hexadecimal.
    pub item: String,
    /// When it came, where that can be read.
    pub received_at: Option<Timestamp>,
    /// Why it cannot be judged.
    pub code: Code,
    /// The same as a sentence.
    pub sentence: String,
    /// What of it cannot be read, for programs.
    pub detail: String,
}

/// An item in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuarantineItem {
    /// Its name.
    pub item: Digest,
    /// What a fact would be called; none for a change of a draft.
    pub title: Option<String>,
    /// The stream it claims to belong to.
    pub stream: Option<StreamId>,
    /// Who sent it.
    pub author: PersonId,
    /// Name of the sender, where known.
    pub author_name: Option<String>,
    /// From which device.
    pub device: DeviceId,
    /// The department whose supervisors judge it; none: every supervisor.
    pub department: Option<DepartmentId>,
    /// Why it is here: what people are told first.
    pub code: Code,
    /// Everything that stands against it, as sentences.
    pub sentence: String,
    /// More for programs.
    pub detail: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// What the device's clock said, for a fact.
    pub claimed_at: Option<Timestamp>,
    /// Size of the item.
    pub bytes: u64,
    /// Where it stands.
    pub state: QuarantineState,
    /// Who judged it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// What came for a visit after its record was sealed is one matter: this row stands for all of it, and so does
    /// the judgement.
    pub visit: Option<HeldVisit>,
}

/// Everything that came for a visit after its record was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldVisit {
    /// The visit.
    pub inspection: InspectionId,
    /// Where it was.
    pub enterprise: Option<EnterpriseId>,
    /// Name of the enterprise, where known.
    pub enterprise_name: Option<String>,
    /// How many items there are.
    pub items: u32,
    /// Hazards that are recorded there and that neither the record nor a supplement holds.
    pub hazards: Vec<HeldHazard>,
}

/// A hazard that no record holds, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldHazard {
    /// Which.
    pub hazard: HazardId,
    /// What is wrong.
    pub description: String,
    /// Where in the enterprise.
    pub place: String,
    /// Grade, where it is written.
    pub grade: Option<Grade>,
    /// Name of who found it, where known.
    pub found_by: Option<String>,
    /// Its photos.
    pub photos: Vec<BlobHash>,
}

/// `POST /api/v1/quarantine/{item}`: a supervisor's judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuarantineDecision {
    /// Whether the item is taken over.
    pub accept: bool,
    /// Why; needed for both.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = crate::limits::TEXT_CHARS)))]
    pub reason: String,
}
