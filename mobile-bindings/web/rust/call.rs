//! What a page may ask of its device.

use device::{Device, PhotoMeta, Without};
use serde::{Deserialize, Serialize};
use sync_core::act::Statement;
use sync_core::domain::hazard::Clause;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::papers::PaperKind;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::Edit;
use sync_core::id::{BlobHash, FactId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

/// One question or order. Each is one method of [`Device`].
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Who is signed in.
    Person,
    /// Under which name the device is enrolled.
    Id,
    /// The time as well as it is known.
    Now,
    /// Reference data.
    Catalogue,
    /// Reference data under which a visit is written.
    CatalogueOf {
        /// Which visit.
        id: InspectionId,
    },
    /// How a clause reads on the day of a visit.
    ClauseOf {
        /// Which visit.
        id: InspectionId,
        /// Which clause.
        clause: Clause,
    },
    /// The criteria from which a major grade is chosen on the day of a visit.
    CriteriaOf {
        /// Which visit.
        id: InspectionId,
        /// Of which sector.
        sector: String,
    },
    /// The clauses that impose duties on the day of a visit.
    DutiesOf {
        /// Which visit.
        id: InspectionId,
    },
    /// The field's terms.
    Words,
    /// The visits of this person.
    Tasks,
    /// The visits that are not settled.
    OpenTasks,
    /// One visit.
    Inspection {
        /// Which.
        id: InspectionId,
    },
    /// Saves an edit of a draft.
    Edit {
        /// Which visit.
        id: InspectionId,
        /// What is done.
        edit: Edit,
    },
    /// Differing values that wait for a decision.
    Parallels {
        /// Which visit.
        id: InspectionId,
    },
    /// The records under way in which officers differ.
    Conflicts,
    /// Decides between differing values.
    Decide {
        /// Which visit.
        id: InspectionId,
        /// What the values are about.
        subject: ParallelSubject,
        /// Which field.
        field: BindingField,
        /// The chosen value, as it was listed.
        chosen: String,
        /// Why.
        reason: String,
    },
    /// States that the own part of a record is done.
    FinishPart {
        /// Which visit.
        id: InspectionId,
    },
    /// Seals a record.
    Seal {
        /// Which visit.
        id: InspectionId,
        /// Whose part it is sealed without, and why.
        without: Vec<Without>,
    },
    /// Adds to a sealed record what it does not hold.
    Supplement {
        /// Which visit.
        id: InspectionId,
    },
    /// Issues the notice of a signed record here and now.
    IssueOnSite {
        /// Which visit.
        id: InspectionId,
    },
    /// The blocks of numbers that devices of the department were leased.
    LeasedNumbers,
    /// The numbers with which this device issues without signal.
    Numbers,
    /// Asks for more of them where few are left.
    RequestNumbers,
    /// The notices of this person.
    Notices,
    /// A page of the notices with something left to do.
    OpenNotices {
        /// How many are passed by.
        skip: u32,
        /// How many are wanted.
        take: u32,
    },
    /// A page of the others, the newest first.
    SettledNotices {
        /// How many are passed by.
        skip: u32,
        /// How many are wanted.
        take: u32,
    },
    /// The first of what waits for a decision and of what is overdue.
    Worklist {
        /// How many decisions are wanted.
        waiting: u32,
        /// How many overdue hazards are wanted.
        overdue: u32,
    },
    /// What streams are about.
    About {
        /// Which.
        streams: Vec<StreamId>,
    },
    /// One notice.
    Notice {
        /// Which.
        id: NoticeId,
        /// As it stands when; now unless said.
        at: Option<Timestamp>,
    },
    /// Everything stated in a stream, in the order in which it counts.
    History {
        /// Which.
        stream: StreamId,
    },
    /// The papers of a stream's case.
    Papers {
        /// Which.
        stream: StreamId,
    },
    /// One paper as a page.
    Paper {
        /// Of which stream's case.
        stream: StreamId,
        /// Of which kind.
        kind: PaperKind,
        /// The fact that it rests on.
        fact: FactId,
        /// For a roll of 80 mm in the place of A4.
        narrow: bool,
        /// Address at which everybody reaches the server.
        server: Option<String>,
    },
    /// An edition of a paper as a page, from its canonical bytes as the server gives them.
    PaperAsIssued {
        /// Of which stream's case.
        stream: StreamId,
        /// The fact that it rests on.
        fact: FactId,
        /// The bytes.
        canonical: Vec<u8>,
        /// For a roll of 80 mm in the place of A4.
        narrow: bool,
        /// Address at which everybody reaches the server.
        server: Option<String>,
    },
    /// States something.
    State {
        /// What.
        statement: Box<Statement>,
    },
    /// Where everything of one's own is.
    Outbox,
    /// How many own items are where.
    Standing,
    /// Whether everything may be erased; refused while anything of one's own is only here.
    MayErase,
    /// What this phone knows of a visit and a colleague's may not, as frames.
    HandOver {
        /// Which visit.
        id: InspectionId,
    },
    /// Takes a frame that a colleague's phone shows.
    TakeOver {
        /// The frame.
        frame: String,
    },
    /// Whether the server holds every photo of a sealed record.
    IsDelivered {
        /// Which visit.
        inspection: InspectionId,
    },
}

/// Answers a call with JSON.
///
/// # Errors
/// What the method of [`Device`] refuses that the call names.
pub fn answer(device: &mut Device, call: Call) -> Result<String, Refusal> {
    match call {
        Call::Person => json(&device.person().ok()),
        Call::Id => json(&device.id().ok()),
        Call::Now => json(&device.now()?),
        Call::Catalogue => json(device.catalogue()),
        Call::CatalogueOf { id } => json(&device.catalogue_of(id)?),
        Call::ClauseOf { id, clause } => json(&device.clause_of(id, &clause)?),
        Call::CriteriaOf { id, sector } => json(&device.criteria_of(id, &sector)?),
        Call::DutiesOf { id } => json(&device.duties_of(id)?),
        Call::Words => json(&device::words()),
        Call::Tasks => json(&device.tasks()?),
        Call::OpenTasks => json(&device.open_tasks()?),
        Call::Inspection { id } => json(&device.inspection(id)?),
        Call::Edit { id, edit } => json(&device.edit(id, edit)?),
        Call::Parallels { id } => json(&device.parallels(id)?),
        Call::Conflicts => json(&device.conflicts()?),
        Call::Decide { id, subject, field, chosen, reason } => {
            json(&device.decide(id, &subject, field, &chosen, &reason)?)
        }
        Call::FinishPart { id } => json(&device.finish_part(id)?),
        Call::Seal { id, without } => json(&device.seal(id, &without)?),
        Call::Supplement { id } => json(&device.supplement(id)?),
        Call::IssueOnSite { id } => json(&device.issue_on_site(id)?),
        Call::Numbers => json(&device.numbers()?),
        Call::LeasedNumbers => json(&device.leased_numbers()?),
        Call::RequestNumbers => json(&device.request_numbers()?),
        Call::Notices => json(&device.notices()?),
        Call::OpenNotices { skip, take } => json(&device.open_notices(skip, take)?),
        Call::SettledNotices { skip, take } => json(&device.settled_notices(skip, take)?),
        Call::Worklist { waiting, overdue } => json(&device.worklist(waiting, overdue)?),
        Call::About { streams } => json(&device.about(&streams)?),
        Call::Notice { id, at } => {
            let at = at.map_or_else(|| device.now(), Ok)?;
            json(&device.notice(&StreamId::notice(id), at)?)
        }
        Call::History { stream } => json(&device.history(&stream)?),
        Call::Papers { stream } => json(&device.papers(&stream)?),
        Call::Paper { stream, kind, fact, narrow, server } => {
            json(&device.paper(&stream, kind, fact, narrow, server.as_deref())?)
        }
        Call::PaperAsIssued { stream, fact, canonical, narrow, server } => {
            let server = server.as_deref();
            json(&device.paper_as_issued(&stream, fact, &canonical, narrow, server)?)
        }
        Call::State { statement } => json(&device.state(*statement)?),
        Call::Outbox => json(&device.outbox()?),
        Call::Standing => json(&device.standing()?),
        Call::MayErase => json(&device.may_erase()?),
        Call::HandOver { id } => json(&device.hand_over(id)?),
        Call::TakeOver { frame } => json(&device.take_over(&frame)?),
        Call::IsDelivered { inspection } => json(&device.is_delivered(inspection)?),
    }
}

/// Where a photo belongs and what it is for, read from JSON.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only the browser asks"))]
pub(crate) fn shot(stream: &str, meta: &str) -> Result<(StreamId, PhotoMeta), Refusal> {
    Ok((read(stream)?, read(meta)?))
}

/// The name of a photo, read from text.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only the browser asks"))]
pub(crate) fn hash(text: &str) -> Result<BlobHash, Refusal> {
    text.parse()
}

/// Reads JSON that a page gave.
///
/// A malformed id has a code of its own, so that a page can tell it from JSON of a wrong shape.
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        let detail = error.to_string();
        let id = detail.starts_with(Code::IdMalformed.name());
        Refusal::new(if id { Code::IdMalformed } else { Code::FieldMalformed }).detail(detail)
    })
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value)
        .map_err(|error| Refusal::new(Code::Malformed).detail(error.to_string()))
}

/// A refusal with its sentence and the one thing to do, as JSON.
#[must_use]
pub fn problem_json(refusal: Refusal) -> String {
    // A problem without a status of HTTP: the same words that the server would give.
    json(&Problem::new(refusal, 0)).unwrap_or_default()
}
