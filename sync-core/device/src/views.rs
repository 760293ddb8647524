//! What screens show: tasks, an inspection, a notice.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use sync_core::Refusal;
use sync_core::act::HazardCase;
use sync_core::act::notice::{Recheck, Reply};
use sync_core::act::site_order::{self, OrderStatus};
use sync_core::act::state::{self, HazardStatus, InspectionState};
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::case::act::Context;
use sync_core::case::offer::Offer;
use sync_core::case::{About, Case};
use sync_core::document::{self, Consequences, Sources};
use sync_core::domain::inspection::{BindingField, Plan, Record, SignOutcome};
use sync_core::domain::notice::{Notice, Service};
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::draft::{DraftView, HazardDraft, Lack};
use sync_core::id::{BlobHash, FactId, HazardId, InspectionId, PersonId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::rules::gates;
use sync_core::time::Timestamp;

use crate::Device;
use crate::files::Name;
use crate::lists::is_unjudged;
use crate::parts::{self, PartView, SupplementView};
use crate::timeline::{self, TimelineRow};
use crate::visit::photos;

/// A planned or performed visit in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Task {
    /// The plan.
    pub plan: Plan,
    /// Its state as known here.
    pub state: InspectionState,
    /// How many hazards of this person neither its sealed record nor a supplement holds.
    pub outside: u32,
}

/// An inspection as known here, edits of the last second included.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InspectionView {
    /// What was stated.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub case: Case,
    /// The plan, where it is known.
    pub plan: Option<Plan>,
    /// Officers who have arrived.
    pub arrived: Vec<PersonId>,
    /// The sealed record.
    pub seal: Option<SealView>,
    /// Officers who cosigned the record.
    pub cosigned_by: Vec<PersonId>,
    /// The part of each member of the team.
    pub parts: Vec<PartView>,
    /// Hazards of this person that neither the sealed record nor a supplement holds.
    pub outside: Vec<HazardId>,
    /// What was added after the seal.
    pub supplements: Vec<SupplementView>,
    /// How the enterprise's person met the record.
    pub party: Option<SignOutcome>,
    /// What is being written.
    pub draft: DraftView,
    /// What it lacks before it can be sealed; once it is, what is lacking before the rest can be added.
    pub lacks: Vec<Lack>,
    /// How much of the record's room is taken up, in percent; nothing more is taken at 100.
    pub filled: u32,
    /// Who decides between differing values.
    pub decider: Option<PersonId>,
    /// Orders on the spot, by hazard; hazards without one of which nothing can be stated are left out.
    pub orders: Vec<HazardOrder>,
    /// Whether this person can issue its notice here and now, with a number of this device.
    pub issues_on_site: bool,
    /// What is proposed for a hazard that no check item names; none while nobody is signed in.
    pub unlisted: Option<HazardDraft>,
    /// Its state.
    pub state: InspectionState,
}

/// A sealed record with the fact that signatures name.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SealView {
    /// The fact.
    pub fact: FactId,
    /// Who sealed.
    pub by: PersonId,
    /// When, by the device's clock.
    pub sealed_at: Timestamp,
    /// The record.
    pub record: Record,
}

/// The service of a notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ServiceView {
    /// From when it counts.
    pub at: Timestamp,
    /// How, and who received it.
    pub service: Service,
}

/// A hazard of a notice, judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
}

/// A hazard of a visit: what was ordered on the spot because of it, or what may be.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HazardOrder {
    /// The hazard.
    pub hazard: HazardId,
    /// The order, and how it stands.
    pub order: Option<OrderStatus>,
    /// What this person may state about it now.
    pub offers: Vec<Offer>,
}

/// Differing values of a binding field that wait for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Parallel {
    /// What they are about.
    pub subject: ParallelSubject,
    /// Which field.
    pub field: BindingField,
    /// The values with their authors.
    pub values: Vec<ParallelValue>,
}

impl From<(ParallelSubject, BindingField, Vec<ParallelValue>)> for Parallel {
    fn from((subject, field, values): (ParallelSubject, BindingField, Vec<ParallelValue>)) -> Self {
        Self { subject, field, values }
    }
}

/// A notice as known here.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// What was stated.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub case: Case,
    /// Its service.
    pub service: Option<ServiceView>,
    /// For how many whole days it has not been served; none once it is.
    pub unserved_days: Option<u32>,
    /// Whether another notice counts in its place: it orders the same and was served or issued first.
    pub doubled: bool,
    /// What follows when it is not obeyed.
    pub consequences: Consequences,
    /// Each hazard with its state and what this person may do next.
    pub hazards: Vec<NoticeHazard>,
}

impl Device {
    /// The visits that this person knows of, in the order in which they came.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn tasks(&self) -> Result<Vec<Task>, Refusal> {
        let mut tasks = Vec::new();
        for stream in self.store.streams(StreamKind::Inspection)? {
            let case = self.case(&stream)?;
            let Ok(state) = state::inspection(&case) else { continue };
            if let Some(plan) = case.plan() {
                tasks.push(self.task(plan.body, state)?);
            }
        }
        Ok(tasks)
    }

    pub(crate) fn task(&self, plan: &Plan, state: InspectionState) -> Result<Task, Refusal> {
        let outside = u32::try_from(self.outside(plan.inspection)?.len()).unwrap_or(u32::MAX);
        Ok(Task { plan: plan.clone(), state, outside })
    }

    /// One inspection; none if nothing is known of it here.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn inspection(&self, id: InspectionId) -> Result<Option<InspectionView>, Refusal> {
        let case = self.case(&StreamId::inspection(id))?;
        let draft = self.shown_draft(id)?.with_captures(photos(&case));
        let view = draft.view();
        if case.plan().is_none() && view == DraftView::default() {
            return Ok(None);
        }
        let state = state::inspection(&case)?;
        let seal = case.seal().map(|it| SealView {
            fact: it.fact,
            by: it.by,
            sealed_at: it.wall,
            record: it.body.clone(),
        });
        let outside = match seal {
            None => Vec::new(),
            Some(_) => self.own_outside(&case, &view),
        };
        let mut lacks = draft.lacks();
        if seal.is_some() {
            lacks.retain(|lack| match &lack.subject {
                ParallelSubject::Hazard(id) => outside.contains(id),
                ParallelSubject::Item(_) => false,
            });
        }
        let signed = |fact: FactId| {
            let cosigns = case.every::<Cosign>().filter(move |it| it.body.seal == fact);
            cosigns.map(|it| it.by).collect::<Vec<_>>()
        };
        let supplements = case.supplements().map(|it| SupplementView {
            fact: it.fact,
            by: it.by,
            at: it.at,
            cosigned_by: signed(it.fact),
            supplement: it.body.clone(),
        });
        let party = case.every::<PartySign>().next().map(|it| it.body.outcome.clone());
        Ok(Some(InspectionView {
            filled: draft.room().filled(),
            lacks,
            parts: parts::views(&case, &draft),
            outside,
            supplements: supplements.collect(),
            decider: case.decider(),
            orders: self.orders(&case, id, &view)?,
            issues_on_site: self.may_issue_on_site(&case)?,
            unlisted: self.unlisted(&case)?,
            plan: case.plan().map(|it| it.body.clone()),
            arrived: case.every::<Arrival>().map(|it| it.by).collect(),
            cosigned_by: seal.as_ref().map(|seal| signed(seal.fact)).unwrap_or_default(),
            party,
            seal,
            state,
            draft: view,
            case,
        }))
    }

    /// What was, or may be, ordered on the spot because of each hazard of a visit.
    fn orders(
        &self,
        case: &Case,
        inspection: InspectionId,
        view: &DraftView,
    ) -> Result<Vec<HazardOrder>, Refusal> {
        let context = Context::new(self.person()?, self.now()?, (&self.catalogue).into());
        let stream = StreamId::inspection(inspection);
        let written =
            view.hazards.iter().filter(|(_, it)| it.withdrawn.is_none()).map(|(id, _)| *id);
        let hazards: BTreeSet<HazardId> = written.chain(case.hazards()).collect();
        let about = |hazard| {
            let order = site_order::status(case, hazard);
            let offers = gates::offers(case, About::hazard(stream, hazard), &context);
            HazardOrder { hazard, order, offers }
        };
        let orders = hazards.into_iter().map(about);
        Ok(orders.filter(|it| it.order.is_some() || !it.offers.is_empty()).collect())
    }

    /// The notices that this person knows of.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn notices(&self) -> Result<Vec<NoticeView>, Refusal> {
        let now = self.now()?;
        let mut notices = Vec::new();
        for stream in self.store.streams(StreamKind::Notice)? {
            match self.notice(&stream, now) {
                Ok(view) => notices.extend(view),
                Err(refusal) if is_unjudged(&refusal) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(notices)
    }

    /// One notice as it stands at `now`; none if the stream holds none.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn notice(&self, stream: &StreamId, now: Timestamp) -> Result<Option<NoticeView>, Refusal> {
        let case = self.case(stream)?;
        let notice = stream.as_notice().and_then(|id| case.notice(id));
        let Some(notice) = notice.map(|it| it.body.clone()) else { return Ok(None) };
        let context = Context::new(self.person()?, now, (&self.catalogue).into());
        let sources = Sources::new(self.catalogue());
        let hazards = notice
            .items
            .iter()
            .map(|item| {
                let hazard = item.hazard;
                let known = case.hazard(hazard);
                let newest = |it: HazardCase<'_>| {
                    let seen = it.last::<Recheck>().and_then(|it| it.body.photos.first().copied());
                    let done = it.last::<Reply>().and_then(|it| it.body.photos.first().copied());
                    seen.or(done)
                };
                Ok(NoticeHazard {
                    hazard,
                    status: state::hazard(&case, hazard, now)?,
                    offers: gates::offers(&case, About::hazard(*stream, hazard), &context),
                    timeline: timeline::of_hazard(&case, *stream, hazard),
                    after: known.and_then(newest),
                    order: site_order::status(&case, hazard),
                    why: known
                        .map(|it| document::deadline_reasons(&it, &sources))
                        .unwrap_or_default(),
                })
            })
            .collect::<Result<_, Refusal>>()?;
        let service = case.service(notice.id);
        let service = service.map(|it| ServiceView { at: it.at, service: it.body.clone() });
        let unserved_days = state::unserved_days(&case, notice.id, now);
        let consequences = document::consequences(&notice, &sources);
        let doubled = case.is_doubled(notice.id);
        Ok(Some(NoticeView {
            notice,
            case,
            service,
            unserved_days,
            doubled,
            consequences,
            hazards,
        }))
    }

    /// Where a photo lies as a file: the original, or else the small picture. None where pictures are no
    /// files ([`Device::open_packed`]).
    #[must_use]
    pub fn photo(&self, hash: BlobHash) -> Option<PathBuf> {
        [false, true].into_iter().find_map(|thumbnail| self.files.path(Name { hash, thumbnail }))
    }

    /// The bytes of a photo on this device: the original, or else the small picture.
    ///
    /// # Errors
    /// The code of the store when it cannot be read, such as `Code::DeviceStore`, or of stored bytes that
    /// do not decode.
    pub fn photo_bytes(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, Refusal> {
        for thumbnail in [false, true] {
            let name = Name { hash, thumbnail };
            if self.files.has(name)? {
                return self.files.part(name, 0, u64::MAX).map(Some);
            }
        }
        Ok(None)
    }

    /// Whether a photo is on this device, whichever size.
    pub(crate) fn has_photo(&self, hash: BlobHash) -> Result<bool, Refusal> {
        let original = self.files.has(Name { hash, thumbnail: false })?;
        Ok(original || self.files.has(Name { hash, thumbnail: true })?)
    }
}
