//! How the date of a deadline was counted, and what came of counting it again.

use super::Sources;
use crate::act::hazard::HazardCase;
use crate::act::notice::DeadlineAssigned;
use crate::calendar::reasons;
use crate::case::Of;

/// The steps from the day of an event to the date that counts.
pub(super) fn counting<'c>(
    hazard: &HazardCase<'c>,
    assigned: Of<'c, DeadlineAssigned>,
    event: &str,
    sources: &Sources<'_>,
) -> Vec<String> {
    let told = &assigned.body.deadline;
    let rule = sources.catalogue.papers.counting(told.start);
    let mut steps = reasons::of_deadline(told, event, &sources.calendars, rule);
    for it in hazard.recounts(assigned.fact) {
        steps.push(reasons::of_recount(it.body.before, &it.body.deadline));
    }
    steps
}
