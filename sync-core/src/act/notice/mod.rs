//! The notice and what follows: service, deadlines, replies, extensions, rechecks, closure, pressure, dismissal.

mod assign_deadline;
mod close;
mod decide_extension;
mod decide_major;
mod dismiss;
mod escalate;
mod issue;
mod propose_dismissal;
mod recheck;
mod reply;
mod request_extension;
mod serve;

use std::collections::BTreeSet;

pub use assign_deadline::DeadlineAssigned;
pub use close::ClosureDecision;
pub use decide_extension::ExtensionDecision;
pub use decide_major::MajorDecision;
pub use dismiss::Dismissed;
pub use escalate::Escalated;
pub use propose_dismissal::DismissalProposed;
pub use recheck::Recheck;
pub use reply::Reply;
pub use request_extension::ExtensionRequest;

use crate::case::act::{Context, Unmet};
use crate::case::offer::{Offer, Value};
use crate::case::{About, Case, Of};
use crate::domain::notice::Notice;
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;

use super::streams::Audience;

impl Case {
    /// A notice.
    #[must_use]
    pub fn notice(&self, id: NoticeId) -> Option<Of<'_, Notice>> {
        self.first(About::stream(StreamId::notice(id)))
    }

    /// Every notice that was issued in this case.
    pub fn notices(&self) -> impl Iterator<Item = Of<'_, Notice>> {
        self.every()
    }
}

/// Who may read the stream of a notice.
pub(super) fn readers(stream: StreamId, case: &Case) -> BTreeSet<Audience> {
    let mut readers = super::visit::planners(case);
    if let Some(notice) = case.first::<Notice>(About::stream(stream)) {
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
