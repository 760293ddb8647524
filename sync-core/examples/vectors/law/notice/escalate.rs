//! 督办.

use sync_core::act::Statement;
use sync_core::domain::escalation::Escalation;
use sync_core::testing::stages::escalation;

use super::conditions::OPEN;
use super::{Line, Row, row};

/// The office escalates everywhere, a supervisor in the own department.
const OFFICE_OR_SUPERVISOR: &[Line] = &[
    ("role_not_allowed", "!supervisors coordinator", "*"),
    ("notice_not_issued", "*", "early"),
    ("other_department", "other_supervisor", "!early"),
];

const VISIT: &[Line] = &[("not_planned", "*", "empty")];
const INTERNAL: &[Line] = &[("internal_matter", "*", "*")];
const NOWHERE: &[Line] = &[("field_missing", "*", "*")];
/// Listing for supervision has a statement of its own, with a date, photos and a major hazard.
const LISTED_APART: &[Line] = &[("field_malformed", "*", "*")];
const HIDDEN: &[Line] = &[("wrong_stream", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    // What is prepared without the enterprise never stands where it reads.
    let mut open = escalation(Escalation::Referral);
    let mut hidden = escalation(Escalation::Reminder);
    let mut nowhere = escalation(Escalation::Referral);
    if let Statement::Escalated(nowhere) = &mut nowhere {
        nowhere.to = None;
    }
    if let (Statement::Escalated(open), Statement::Escalated(hidden)) = (&mut open, &mut hidden) {
        hidden.inspection = open.inspection.take();
    }
    let refer = escalation(Escalation::Referral);
    let list = escalation(Escalation::Listing);
    vec![
        row("escalate", escalation(Escalation::Reminder), &[OFFICE_OR_SUPERVISOR, OPEN]),
        row("escalate.refer", refer, &[OFFICE_OR_SUPERVISOR, OPEN, VISIT]),
        row("escalate.refer_openly", open, &[OFFICE_OR_SUPERVISOR, OPEN, INTERNAL]),
        row("escalate.refer_nowhere", nowhere, &[OFFICE_OR_SUPERVISOR, OPEN, VISIT, NOWHERE]),
        row("escalate.hidden", hidden, &[OFFICE_OR_SUPERVISOR, OPEN, HIDDEN]),
        row("escalate.list", list, &[OFFICE_OR_SUPERVISOR, OPEN, LISTED_APART]),
    ]
}
