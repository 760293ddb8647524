//! From when on something can have been stated, whatever clock its device shows.

use super::notice::issued_by_server;
use crate::case::act::Act;
use crate::case::{About, Case, Of};
use crate::id::{FactId, PersonId};
use crate::time::Timestamp;

/// The instant before which nobody can have stated something about this: what it follows was not known anywhere. What
/// others stated becomes known with its receipt: the plan of the visit, the notice, its service, the facts that are
/// `named`. What the author stated himself, without signal perhaps, counts from when he says he did. A notice that was
/// issued on the spot was known there before the server repeated it.
#[must_use]
pub fn earliest(
    case: &Case,
    about: About,
    named: &[FactId],
    author: PersonId,
) -> Option<Timestamp> {
    let notice = about.stream.as_notice();
    let service = notice.filter(|_| about.hazard.is_some()).and_then(|id| case.service(id));
    let known = |by: PersonId, wall: Timestamp, at: Timestamp| {
        if by == author { wall.min(at) } else { at }
    };
    let named = case.stated().iter().filter(|it| named.contains(&it.fact));
    let bounds = [
        case.plan().map(|it| known(it.by, it.wall, it.at)),
        notice.and_then(|id| issued_by_server(case, id)).map(|it| it.at),
        service.map(|it| known(it.by, it.wall, it.at)),
        named.map(|it| known(it.by, it.wall, it.at)).max(),
    ];
    bounds.into_iter().flatten().max()
}

/// When something was done that a device claims for its own clock: not before the plan of the visit was known, and not
/// after its receipt.
pub(super) fn done_at<A: Act>(case: &Case, it: Of<'_, A>) -> Timestamp {
    let planned = case.plan().map_or(it.wall, |plan| plan.at);
    it.wall.max(planned).min(it.at)
}
