//! The notice and what follows: service, deadlines, replies, extensions, rechecks, closure, pressure, dismissal.

mod assign_deadline;
mod close;
mod countersign;
mod decide_extension;
mod decide_major;
mod decide_resumption;
mod dismiss;
mod escalate;
mod issue;
mod list_supervision;
mod order_term;
mod propose_dismissal;
mod raise_grade;
mod recheck;
mod recount_deadline;
mod reply;
mod request_extension;
mod request_resumption;
mod serve;
mod submit_plan;

use std::collections::BTreeSet;

pub use assign_deadline::DeadlineAssigned;
pub use close::ClosureDecision;
pub use countersign::Countersigned;
pub use decide_extension::ExtensionDecision;
pub use decide_major::MajorDecision;
pub use decide_resumption::ResumptionDecision;
pub use dismiss::Dismissed;
pub use escalate::Escalated;
pub(super) use issue::issued_by_server;
pub use issue::{items_of, signed};
pub use list_supervision::SupervisionListed;
pub use order_term::TermOrdered;
pub use propose_dismissal::DismissalProposed;
pub use raise_grade::GradeRaised;
pub use recheck::Recheck;
pub use recount_deadline::DeadlineRecounted;
pub use reply::Reply;
pub use request_extension::ExtensionRequest;
pub use request_resumption::ResumptionRequest;
pub use submit_plan::RectificationPlan;

use crate::case::act::{Context, Unmet};
use crate::case::offer::{Offer, Value};
use crate::case::{About, Case};
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;

use super::streams::Audience;

/// Who may read the stream of a notice.
pub(super) fn readers(stream: StreamId, case: &Case) -> BTreeSet<Audience> {
    let mut readers = super::visit::planners(case);
    if let Some(notice) = stream.as_notice().and_then(|id| case.notice(id)) {
        readers.insert(Audience::Department(notice.body.department.clone()));
        readers.insert(Audience::Leads(notice.body.department.clone()));
        readers.insert(Audience::Enterprise(notice.body.enterprise));
        readers.insert(Audience::Office);
    }
    readers
}

/// The notice and the hazard that an offer is about; none for a stream as a whole or another kind of stream.
fn hazard_of(about: About) -> Option<(NoticeId, HazardId)> {
    about.stream.as_notice().zip(about.hazard)
}

/// An offer with notice and hazard given.
fn offer(step: &'static str, kind: &'static str, title: &'static str, about: About) -> Offer {
    let offer = Offer::new(step, kind, title).given("notice", about.stream.id);
    match about.hazard {
        Some(hazard) => offer.given("hazard", hazard),
        None => offer,
    }
}

/// Whether a statement could be made, whatever is filled in: the conditions that `ask` notes all hold.
fn is_open<T>(context: &Context<'_>, ask: impl FnOnce(&mut Unmet) -> T) -> bool {
    let mut unmet = Unmet::new(context.pardoned);
    ask(&mut unmet);
    unmet.is_empty()
}

/// A yes-or-no field of a choice.
fn flag(value: bool) -> Value {
    Value::Flag(value)
}
