//! The loop from plan to closure, every step through form and gate.

use sync_core::domain::account::Role;
use sync_core::ledger::fold::fold;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::rules::gates::Context;
use sync_core::rules::gates::steps::{self, Step};
use sync_core::testing::builders::hazard_id;
use sync_core::testing::cast::{Who, departments};
use sync_core::testing::stages::{Stage, world_at};

#[test]
fn every_stage_of_the_loop_is_reached_by_allowed_steps() {
    for stage in Stage::ALL {
        let world = world_at(*stage);
        assert_eq!(world.case, fold(&world.facts), "{}", stage.name());
    }
}

#[test]
fn every_fact_of_the_loop_carries_a_signature_that_holds() {
    let mut world = world_at(Stage::Closed);
    for it in world.facts.clone() {
        let author = Who::ALL.iter().find(|who| who.id() == it.fact.body.author);
        let Some(who) = author else { continue };
        let key = world.phone(*who).enrolled().public_key;
        it.fact.verify(&SoftVerifier, &key).expect("a signature");
    }
}

#[test]
fn nobody_is_offered_a_step_that_the_gate_refuses_the_role() {
    let departments = departments();
    for stage in Stage::ALL {
        let world = world_at(*stage);
        for who in Who::ALL {
            let person = who.person();
            let context = Context { author: &person, now: world.now, departments: &departments };
            let offered = steps::next(&world.case, hazard_id(1), &context);
            let allowed = |step: &Step| match step {
                Step::ConfirmService | Step::Reply | Step::RequestExtension => *who == Who::Safety,
                Step::Serve | Step::Recheck | Step::ProposeDismissal => {
                    matches!(who, Who::Lead | Who::Second | Who::Colleague)
                }
                Step::Close | Step::DecideExtension | Step::Dismiss => {
                    matches!(who, Who::Supervisor | Who::WitnessSupervisor)
                }
                Step::DecideMajor => *who == Who::Supervisor,
                Step::Escalate => {
                    matches!(person.role, Role::Supervisor | Role::Coordinator)
                        && *who != Who::OtherSupervisor
                }
            };
            assert!(offered.iter().all(allowed), "{} {} {offered:?}", stage.name(), who.name());
        }
    }
}
