//! 裁定不同意见.

use sync_core::act::Statement;
use sync_core::act::visit::ParallelDecision;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::testing::builders::{INSPECTION, hazard_id};
use sync_core::testing::cast::Who;

use super::conditions::{NOT_SEALED, OFFICER, ON_TEAM};
use super::{Line, Row, row};

/// The first of the team decides; without a plan there is none.
const DECIDER: &[Line] = &[("not_the_decider", "!lead", "*"), ("not_the_decider", "lead", "empty")];
const SAME_VALUES: &[Line] = &[("nothing_to_decide", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let (differing, same) = (decision("general", "major"), decision("general", "general"));
    vec![
        row("decide", differing, &[OFFICER, ON_TEAM, DECIDER, NOT_SEALED]),
        row("decide.same", same, &[OFFICER, ON_TEAM, DECIDER, NOT_SEALED, SAME_VALUES]),
    ]
}

fn decision(one: &str, other: &str) -> Statement {
    let value = |by: Who, value: &str| ParallelValue { by: Some(by.id()), value: value.to_owned() };
    Statement::ParallelDecided(ParallelDecision {
        inspection: INSPECTION,
        subject: ParallelSubject::Hazard(hazard_id(1)),
        field: BindingField::Grade,
        values: vec![value(Who::Lead, one), value(Who::Second, other)],
        chosen: 0,
        reason: "现场复核".to_owned(),
    })
}
