//! Why the deadline of a hazard is on its date, for whoever looks at the hazard.

use super::Sources;
use crate::act::hazard::HazardCase;
use crate::act::notice::{DeadlineAssigned, ExtensionDecision, Recheck, TermOrdered};
use crate::calendar::reasons;
use crate::case::act::Act;
use crate::id::FactId;

/// The steps to the deadline that counts, one sentence each; none while no deadline is assigned.
#[must_use]
pub fn deadline_reasons(hazard: &HazardCase<'_>, sources: &Sources<'_>) -> Vec<String> {
    let Some(assigned) = hazard.last::<DeadlineAssigned>() else { return Vec::new() };
    let deadline = hazard.counting(assigned);
    let rule = sources.catalogue.papers.counting(deadline.start);
    let event = event(hazard, assigned.body.cause);
    let mut steps = reasons::of_deadline(deadline, event, &sources.calendars, rule);
    let recounted = hazard.recounts(assigned.fact).next_back();
    steps.extend(recounted.map(|it| reasons::of_recount(it.body.before, &it.body.deadline)));
    if rule.is_none_or(|it| !it.verified) {
        steps.push("期限计算规则尚未经法制机构核实。".to_owned());
    }
    steps
}

/// What a deadline is counted from, as its sentence calls it.
fn event(hazard: &HazardCase<'_>, cause: FactId) -> &'static str {
    if is::<ExtensionDecision>(hazard, cause) {
        "原期限届满"
    } else if is::<Recheck>(hazard, cause) {
        "复查"
    } else if is::<TermOrdered>(hazard, cause) {
        "再次责令限期"
    } else {
        "送达"
    }
}

fn is<A: Act>(hazard: &HazardCase<'_>, fact: FactId) -> bool {
    hazard.all::<A>().any(|it| it.fact == fact)
}
