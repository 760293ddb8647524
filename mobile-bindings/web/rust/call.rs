//! What a page may ask of its device.

use device::{Device, PhotoMeta};
use serde::{Deserialize, Serialize};
use sync_core::act::Statement;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::Edit;
use sync_core::id::{BlobHash, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

/// One question or order. Each is one method of [`Device`].
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "call")]
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
    /// Seals a record.
    Seal {
        /// Which visit.
        id: InspectionId,
    },
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
    Desk {
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
    /// Whether the server holds every photo of a sealed record.
    IsDelivered {
        /// Which visit.
        inspection: InspectionId,
    },
}

/// Answers a call with JSON.
pub fn answer(device: &mut Device, call: Call) -> Result<String, Refusal> {
    match call {
        Call::Person => json(&device.person().ok()),
        Call::Id => json(&device.id().ok()),
        Call::Now => json(&device.now()?),
        Call::Catalogue => json(device.catalogue()),
        Call::CatalogueOf { id } => json(&*device.catalogue_of(id)?),
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
        Call::Seal { id } => json(&device.seal(id)?),
        Call::Notices => json(&device.notices()?),
        Call::OpenNotices { skip, take } => json(&device.open_notices(skip, take)?),
        Call::SettledNotices { skip, take } => json(&device.settled_notices(skip, take)?),
        Call::Desk { waiting, overdue } => json(&device.desk(waiting, overdue)?),
        Call::About { streams } => json(&device.about(&streams)?),
        Call::Notice { id, at } => {
            let at = at.map_or_else(|| device.now(), Ok)?;
            json(&device.notice(&StreamId::notice(id), at)?)
        }
        Call::History { stream } => json(&device.history(&stream)?),
        Call::State { statement } => json(&device.state(*statement)?),
        Call::Outbox => json(&device.outbox()?),
        Call::Standing => json(&device.standing()?),
        Call::MayErase => json(&device.may_erase()?),
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
/// A name that is none is a refusal of its own, so that a page can tell it from a shape that is wrong.
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
pub fn said(refusal: Refusal) -> String {
    // A problem without a status of HTTP: the same words that the server would give.
    json(&Problem::new(refusal, 0)).unwrap_or_default()
}
