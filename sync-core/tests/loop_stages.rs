//! The loop from plan to closure, every step through form and gate.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has to stop"
)]

use serde_json::json;
use sync_core::act::Statement;
use sync_core::case::About;
use sync_core::case::act::Context;
use sync_core::case::fold::fold;
use sync_core::case::offer::{Choice, Form, Offer};
use sync_core::domain::account::Role;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::rules::gates;
use sync_core::testing::builders::{NOTICE_STREAM, blob, hazard_id};
use sync_core::testing::cast::{Who, departments};
use sync_core::testing::stages::{Stage, captured, world_at};
use sync_core::testing::world::World;

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

/// The steps with who may ever be offered them.
fn allowed(step: &str, who: Who) -> bool {
    let role = who.person().role;
    match step {
        "confirm_service" | "reply" | "request_extension" => who == Who::Safety,
        "serve" | "recheck" | "propose_dismissal" => {
            matches!(who, Who::Lead | Who::Second | Who::Colleague)
        }
        "close" | "decide_extension" | "dismiss" => {
            matches!(who, Who::Supervisor | Who::WitnessSupervisor)
        }
        "decide_major" => who == Who::Supervisor,
        "escalate" => {
            matches!(role, Role::Supervisor | Role::Coordinator) && who != Who::OtherSupervisor
        }
        _ => false,
    }
}

/// Fills an offer in as a person would and states it in one of its ways.
fn fill(world: &mut World, who: Who, offer: &Offer, choice: &Choice) -> Statement {
    let mut body = serde_json::Map::new();
    for (name, value) in offer.given.iter().chain(&choice.sets) {
        body.insert((*name).to_owned(), json!(value));
    }
    for input in &offer.inputs {
        let wanted = choice.needs.contains(&input.name) || choice.takes.contains(&input.name);
        let value = match &input.form {
            _ if !wanted => match &input.form {
                Form::Photos { .. } | Form::Look { .. } => json!([]),
                Form::Text { .. } => json!(""),
                _ => json!(null),
            },
            Form::Text { .. } if choice.fills.contains_key(input.name) => {
                json!(choice.fills[input.name])
            }
            Form::Text { .. } => json!("情况说明"),
            Form::Term { value, .. } => json!(value),
            Form::Date { value } => json!(value),
            Form::Choice { options } => json!(options[0].0),
            Form::Look { photos } => json!(photos),
            Form::Photos { purpose, .. } => {
                let name = format!("{} {}", offer.step, world.facts.len());
                world.state(who, captured(&name, *purpose)).expect("a photo");
                json!([blob(&name)])
            }
        };
        body.insert(input.name.to_owned(), value);
    }
    serde_json::from_value(json!({"kind": offer.kind, "body": body})).expect("a whole body")
}

#[test]
fn what_is_offered_can_be_stated_in_every_way_and_to_nobody_else() {
    let departments = departments();
    let mut stated = std::collections::BTreeSet::new();
    for stage in Stage::ALL {
        let world = world_at(*stage);
        for who in Who::ALL {
            let person = who.person();
            let context = Context::new(&person, world.now, &departments);
            let about = About::hazard(NOTICE_STREAM, hazard_id(1));
            for offer in gates::offers(&world.case, about, &context) {
                assert!(allowed(offer.step, *who), "{} {} {offer:?}", stage.name(), who.name());
                assert!(!offer.choices.is_empty(), "{offer:?}");
                for choice in &offer.choices {
                    let mut world = world.clone();
                    let statement = fill(&mut world, *who, &offer, choice);
                    let answer = world.state(*who, statement);
                    assert!(answer.is_ok(), "{} {offer:?} {answer:?}", stage.name());
                    stated.insert((offer.step, choice.title));
                }
            }
        }
    }
    assert_eq!(stated.len(), 15, "{stated:?}");
}
