//! What screens show, in the form of records.

use device::PartView;
use sync_core::act::HazardCase;
use sync_core::act::notice::{DeadlineAssigned, ExtensionRequest, Recheck, Reply};
use sync_core::act::site_order::OrderStatus;
use sync_core::act::state::{self, HazardStatus, InspectionState};
use sync_core::case::Case;
use sync_core::case::act::Act;
use sync_core::case::telling::Telling;
use sync_core::document::Consequences;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{Plan, Verdict};
use sync_core::domain::notice::Notice;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::Deadline;
use sync_core::draft::{AnswerView, Field, HazardView, MeasureDraft};
use sync_core::id::{BlobHash, Digest, FactId, HazardId, ItemCode, PersonId};
use sync_core::time::Timestamp;

use crate::{Offer, Reason, StreamId};

/// An answered check item. Where officers differ, the shown value comes with `parallel` set.
#[derive(Clone, Debug, uniffi::Record)]
pub struct AnswerLine {
    /// The item.
    pub item: ItemCode,
    /// The result.
    pub verdict: Option<Verdict>,
    /// A note, may be empty.
    pub note: String,
    /// Whether officers differ.
    pub parallel: bool,
}

/// A photo of a hazard.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PhotoOf {
    /// The photo.
    pub photo: BlobHash,
    /// What it is for.
    pub purpose: Purpose,
}

/// A hazard as it is being written. Where officers differ, the shown value comes with `parallel` set.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HazardLine {
    /// Which hazard.
    pub id: HazardId,
    /// The check item that failed.
    pub item: Option<ItemCode>,
    /// What is wrong.
    pub description: String,
    /// Where.
    pub place: String,
    /// The duty that was broken.
    pub basis: Option<Clause>,
    /// Grade.
    pub grade: Option<Grade>,
    /// The criterion of a major grade.
    pub criterion: Option<Clause>,
    /// What is asked of the enterprise.
    pub measure: Option<MeasureDraft>,
    /// Who found it.
    pub found_by: Option<PersonId>,
    /// Why it was taken back, if it was.
    pub withdrawn: Option<String>,
    /// Photos.
    pub photos: Vec<PhotoOf>,
    /// Whether officers differ about grade, basis or measure.
    pub parallel: bool,
}

/// Something that a record lacks before it can be sealed.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Lack {
    /// What it is about.
    pub subject: ParallelSubject,
    /// Why sealing is refused, with the field.
    pub reason: Reason,
}

#[uniffi::remote(Record)]
pub struct PartView {
    pub officer: PersonId,
    pub arrived: bool,
    pub finished: Option<Timestamp>,
    pub taken_in: bool,
    pub reason: String,
    pub outside: bool,
}

/// What was added to a record after it was sealed.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SupplementLine {
    /// The fact that signatures name.
    pub fact: FactId,
    /// Who supplemented.
    pub by: PersonId,
    /// When it counts.
    pub at: Timestamp,
    /// Officers who signed it.
    pub cosigned_by: Vec<PersonId>,
    /// Its hazards.
    pub hazards: Vec<HazardId>,
}

/// An inspection as known here, edits of the last second included.
#[derive(Clone, Debug, uniffi::Record)]
pub struct InspectionView {
    /// The plan, where it is known.
    pub plan: Option<Plan>,
    /// Its state.
    pub state: InspectionState,
    /// Officers who have arrived.
    pub arrived: Vec<PersonId>,
    /// The seal that signatures name.
    pub seal: Option<FactId>,
    /// Officers who cosigned the record.
    pub cosigned_by: Vec<PersonId>,
    /// The part of each member of the team.
    pub parts: Vec<PartView>,
    /// Hazards of this person that neither the sealed record nor a supplement holds.
    pub outside: Vec<HazardId>,
    /// What was added after the seal.
    pub supplements: Vec<SupplementLine>,
    /// Whether the enterprise's person signed or refused to.
    pub party_answered: bool,
    /// Answers by item.
    pub answers: Vec<AnswerLine>,
    /// Hazards, withdrawn ones included.
    pub hazards: Vec<HazardLine>,
    /// What the record lacks before it can be sealed; once it is, what is lacking before the rest can be added.
    pub lacks: Vec<Lack>,
    /// How much of the record's room is taken up, in percent; nothing more is taken at 100.
    pub filled: u32,
    /// Who decides between differing values.
    pub decider: Option<PersonId>,
    /// Orders on the spot, by hazard; hazards without one of which nothing can be stated are left out.
    pub orders: Vec<HazardOrder>,
    /// Whether this person can issue its notice here and now, with a number of this device.
    pub issues_on_site: bool,
}

/// A hazard of a visit: what was ordered on the spot because of it, or what may be.
#[derive(Clone, Debug, uniffi::Record)]
pub struct HazardOrder {
    /// The hazard.
    pub hazard: HazardId,
    /// The order, and how it stands.
    pub order: Option<OrderStatus>,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
}

fn hazard_order(device::HazardOrder { hazard, order, offers }: device::HazardOrder) -> HazardOrder {
    HazardOrder { hazard, order, offers: offers.into_iter().map(Offer::from).collect() }
}

fn shown<T: Clone + PartialEq>(field: Option<&Field<T>>) -> Option<T> {
    field.and_then(Field::shown).cloned()
}

fn differs<T: PartialEq>(field: Option<&Field<T>>) -> bool {
    field.is_some_and(Field::is_parallel)
}

fn answer_line((item, answer): (ItemCode, AnswerView)) -> AnswerLine {
    AnswerLine {
        item,
        verdict: shown(answer.verdict.as_ref()),
        note: shown(answer.note.as_ref()).unwrap_or_default(),
        parallel: differs(answer.verdict.as_ref()),
    }
}

pub(crate) fn hazard_line((id, it): (HazardId, HazardView)) -> HazardLine {
    HazardLine {
        id,
        item: shown(it.item.as_ref()).flatten(),
        description: shown(it.description.as_ref()).unwrap_or_default(),
        place: shown(it.place.as_ref()).unwrap_or_default(),
        basis: shown(it.basis.as_ref()),
        grade: shown(it.grade.as_ref()),
        criterion: shown(it.criterion.as_ref()).flatten(),
        measure: shown(it.measure.as_ref()),
        found_by: shown(it.found_by.as_ref()),
        parallel: differs(it.grade.as_ref())
            || differs(it.basis.as_ref())
            || differs(it.measure.as_ref()),
        withdrawn: it.withdrawn,
        photos: it.photos.into_iter().map(|(photo, purpose)| PhotoOf { photo, purpose }).collect(),
    }
}

impl From<device::InspectionView> for InspectionView {
    fn from(view: device::InspectionView) -> Self {
        Self {
            plan: view.plan,
            state: view.state,
            decider: view.decider,
            arrived: view.arrived,
            seal: view.seal.map(|seal| seal.fact),
            cosigned_by: view.cosigned_by,
            parts: view.parts,
            outside: view.outside,
            supplements: view.supplements.into_iter().map(supplement_line).collect(),
            party_answered: view.party.is_some(),
            answers: view.draft.answers.into_iter().map(answer_line).collect(),
            hazards: view.draft.hazards.into_iter().map(hazard_line).collect(),
            filled: view.filled,
            orders: view.orders.into_iter().map(hazard_order).collect(),
            issues_on_site: view.issues_on_site,
            lacks: view
                .lacks
                .into_iter()
                .map(|it| Lack { subject: it.subject, reason: it.refusal.into() })
                .collect(),
        }
    }
}

fn supplement_line(it: device::SupplementView) -> SupplementLine {
    SupplementLine {
        fact: it.fact,
        by: it.by,
        at: it.at,
        cosigned_by: it.cosigned_by,
        hazards: it.supplement.hazards.iter().map(|hazard| hazard.id).collect(),
    }
}

/// A request for more time.
#[derive(Clone, Debug, uniffi::Record)]
pub struct AskedExtension {
    /// The fact that a decision names.
    pub fact: FactId,
    /// The request.
    pub request: ExtensionRequest,
}

#[uniffi::remote(Record)]
pub struct Telling {
    pub title: String,
    pub words: Vec<String>,
    pub photos: Vec<BlobHash>,
}

/// One statement of a case as a screen shows it.
#[derive(Clone, Debug, uniffi::Record)]
pub struct TimelineRow {
    /// The fact.
    pub fact: FactId,
    /// Stable name of its kind, such as `notice.served`.
    pub kind: String,
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

impl From<device::TimelineRow> for TimelineRow {
    fn from(it: device::TimelineRow) -> Self {
        let device::TimelineRow { fact, kind, stream, hazard, by, at, place, telling } = it;
        let (kind, stream) = (kind.to_owned(), stream.into());
        Self { fact, kind, stream, hazard, by, at, place, telling }
    }
}

/// A hazard of a notice: where it stands, what may be done next, what was stated.
#[derive(Clone, Debug, uniffi::Record)]
pub struct NoticeHazard {
    /// The hazard.
    pub hazard: HazardId,
    /// Its state, deadline and whether it is late.
    pub status: HazardStatus,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
    /// What was stated about it and about its notice as a whole.
    pub timeline: Vec<TimelineRow>,
    /// The newest photo of the state after, where there is one.
    pub after: Option<BlobHash>,
    /// What was ordered on the spot because of it, and how that stands.
    pub order: Option<OrderStatus>,
    /// Why the deadline that counts is on its date, one sentence for each step; empty while there is none.
    pub why: Vec<String>,
    /// Deadlines; the last one counts.
    pub deadlines: Vec<Deadline>,
    /// Replies of the enterprise.
    pub replies: Vec<Reply>,
    /// The request for more time that waits for its decision.
    pub asked_extension: Option<AskedExtension>,
    /// Rechecks.
    pub rechecks: Vec<Recheck>,
    /// The passed recheck that a closure rests on.
    pub passed_recheck: Option<FactId>,
}

/// A notice as known here.
#[derive(Clone, Debug, uniffi::Record)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// Its number as printed.
    pub number: String,
    /// When it was served.
    pub served_at: Option<Timestamp>,
    /// For how many whole days it has not been served; none once it is.
    pub unserved_days: Option<u32>,
    /// Whether another notice counts in its place: it orders the same and was served or issued first.
    pub doubled: bool,
    /// What follows when it is not obeyed.
    pub consequences: Consequences,
    /// Its hazards.
    pub hazards: Vec<NoticeHazard>,
}

fn notice_hazard(view: device::NoticeHazard, case: &Case) -> NoticeHazard {
    let device::NoticeHazard { hazard, status, offers, timeline, after, order, why } = view;
    let known = case.hazard(hazard);
    let known = known.as_ref();
    let deadlines = known
        .into_iter()
        .flat_map(|it| it.all::<DeadlineAssigned>().map(|assigned| it.counting(assigned)));
    let asked = known.and_then(state::pending_extension);
    NoticeHazard {
        hazard,
        status,
        offers: offers.into_iter().map(Offer::from).collect(),
        timeline: timeline.into_iter().map(TimelineRow::from).collect(),
        after,
        order,
        why,
        deadlines: deadlines.cloned().collect(),
        replies: bodies(known).cloned().collect(),
        asked_extension: asked.map(|it| AskedExtension { fact: it.fact, request: it.body.clone() }),
        rechecks: bodies(known).cloned().collect(),
        passed_recheck: known.and_then(state::passed_recheck).map(|it| it.fact),
    }
}

/// All statements of a kind about a hazard, without who made them.
fn bodies<'c, A: Act>(hazard: Option<&HazardCase<'c>>) -> impl Iterator<Item = &'c A> {
    hazard.into_iter().flat_map(HazardCase::all).map(|it| it.body)
}

impl From<device::NoticeView> for NoticeView {
    fn from(view: device::NoticeView) -> Self {
        let device::NoticeView {
            notice,
            case,
            service,
            unserved_days,
            doubled,
            consequences,
            hazards,
        } = view;
        Self {
            number: notice.number.to_string(),
            notice,
            served_at: service.map(|service| service.at),
            unserved_days,
            doubled,
            consequences,
            hazards: hazards.into_iter().map(|it| notice_hazard(it, &case)).collect(),
        }
    }
}

/// A paper as a page.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PaperPage {
    /// Digest of its canonical bytes.
    pub digest: Digest,
    /// The page, which needs nothing else.
    pub html: String,
    /// Digest of the paper as the server issued it; none while something may still be added to it. A page with another
    /// digest is not word for word what was issued.
    pub issued: Option<Digest>,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
}

impl From<device::PaperPage> for PaperPage {
    fn from(page: device::PaperPage) -> Self {
        let device::PaperPage { digest, html, issued, offers } = page;
        Self { digest, html, issued, offers: offers.into_iter().map(Offer::from).collect() }
    }
}
