//! The loop from plan to closure, every step through form and gate.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has to stop"
)]

use std::collections::BTreeSet;

use serde_json::json;
use sync_core::act::site_order::{self, OrderState};
use sync_core::act::{Statement, state};
use sync_core::case::About;
use sync_core::case::act::Context;
use sync_core::case::fold::fold;
use sync_core::case::offer::{Choice, Form, Offer};
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Measure;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::refusal::Code;
use sync_core::rules::gates;
use sync_core::testing::builders::{
    NOTICE, NOTICE_STREAM, VISIT_STREAM, blob, capture, hazard, hazard_id, record,
};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::stages::{Stage, captured, measure_ordered, world_at};
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

/// Fills an offer in as a person would and states it in one of its ways.
fn fill(world: &mut World, who: Who, offer: &Offer, choice: &Choice) -> Statement {
    let mut body = json!({});
    // A name with a dot is a field within a field.
    let mut set = |name: &str, value| match name.split_once('.') {
        Some((outer, inner)) => body[outer][inner] = value,
        None => body[name] = value,
    };
    for (name, value) in offer.given.iter().chain(&choice.sets) {
        set(name, json!(value));
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
            Form::Date { value, from, to } => json!(value.or(*to).or(*from)),
            Form::Choice { options } => json!(options[0].0),
            Form::Several { options } => json!([options[0].0, options[3].0]),
            Form::Look { photos } => json!(photos),
            Form::Clause { clauses } => json!(clauses[0]),
            Form::Drawing => {
                let name = format!("{} {}", offer.step, world.facts.len());
                let mut drawn = capture(&name, Purpose::Signature);
                drawn.stream = NOTICE_STREAM;
                world.state(who, Statement::Captured(drawn)).expect("a signature");
                json!(blob(&name))
            }
            Form::Photos { purpose, .. } => {
                let name = format!("{} {}", offer.step, world.facts.len());
                world.state(who, captured(&name, *purpose)).expect("a photo");
                json!([blob(&name)])
            }
        };
        set(input.name, value);
    }
    serde_json::from_value(json!({"kind": offer.kind, "body": body})).expect("a whole body")
}

/// Kinds that the server states, and those that screens of a visit state without an offer.
const WITHOUT_OFFER: &[&str] = &[
    "photo.captured",
    "deadline.assigned",
    "deadline.recounted",
    "inspection.arrived",
    "inspection.cosigned",
    "inspection.part_finished",
    "inspection.supplemented",
    "inspection.planned",
    "inspection.sealed",
    "notice.issued",
    "notice.issued_on_site",
    "numbers.leased",
    "numbers.requested",
    "numbers.voided",
    "paper.corrected",
    "papers.issued",
    "parallel.decided",
    "inspection.party_signed",
];

#[test]
fn what_is_offered_can_be_stated_in_every_way_and_by_nobody_else() {
    let zone = zone();
    let mut stated = BTreeSet::new();
    let streams = [VISIT_STREAM, NOTICE_STREAM];
    for (stage, stream) in Stage::ALL.iter().flat_map(|it| streams.map(|stream| (it, stream))) {
        let world = world_at(*stage);
        let about = About::hazard(stream, hazard_id(1));
        let offers = |who: &Who| {
            let person = who.person();
            gates::offers(&world.case, about, &Context::new(&person, world.now, (&zone).into()))
        };
        for who in Who::ALL {
            for offer in offers(who) {
                assert!(!offer.choices.is_empty(), "{offer:?}");
                for choice in &offer.choices {
                    let mut after = world.clone();
                    let statement = fill(&mut after, *who, &offer, choice);
                    stated.insert(statement.name());
                    let second = json!(statement)["body"]["second"].clone();
                    // Nobody is the other officer of the own statement.
                    for other in Who::ALL.iter().filter(|it| json!(it.id()) != second) {
                        let offered = offers(other).iter().any(|it| it.step == offer.step);
                        let answer = after.clone().state(*other, statement.clone());
                        let case = (stage.name(), other.name(), offer.step, choice.title);
                        // Photos that are still on their way let a decision wait, and change no offer.
                        let waits = *stage == Stage::Pending
                            && answer.as_ref().is_err_and(|it| it.code == Code::EvidencePending);
                        assert_eq!(answer.is_ok() || waits, offered, "{case:?} {answer:?}");
                    }
                }
            }
        }
    }
    let named: BTreeSet<&str> = Statement::TITLES.iter().map(|(name, _)| *name).collect();
    let missing: BTreeSet<&str> = named.difference(&stated).copied().collect();
    assert_eq!(missing, WITHOUT_OFFER.iter().copied().collect(), "kinds that are never offered");
}

#[test]
fn an_order_on_the_spot_lasts_until_the_authority_consents_to_its_end() {
    let at = |stage| site_order::status(&world_at(stage).case, hazard_id(1));
    assert_eq!(at(Stage::Arrived), None);
    let stands = [
        (Stage::Stopped, OrderState::Stopped),
        (Stage::Resuming, OrderState::ResumptionRequested),
        (Stage::Resumed, OrderState::Resumed),
    ];
    for (stage, state) in stands {
        let status = at(stage).expect("an order");
        assert_eq!(status.state, state, "{}", stage.name());
        assert_eq!(status.words, "责令立即排除、责令停止使用（二号仓库）");
    }
}

#[test]
fn an_order_because_of_a_hazard_that_is_fixed_before_the_officers_leave_ends_with_the_record() {
    let mut world = world_at(Stage::Arrived);
    let mut order = measure_ordered();
    if let Statement::MeasureOrdered(it) = &mut order {
        it.hazard = hazard_id(2);
    }
    world.state(Who::Lead, order).expect("an order");
    let state = |world: &World| site_order::status(&world.case, hazard_id(2)).map(|it| it.state);
    assert_eq!(state(&world), Some(OrderState::Stopped));
    let mut fixed = hazard(2, &["found-2"]);
    fixed.measure = Measure::FixedOnSpot { after: vec![blob("fixed-2")] };
    world.state(Who::Lead, Statement::Sealed(record(vec![fixed]))).expect("a seal");
    assert_eq!(state(&world), Some(OrderState::Fixed));
}

#[test]
fn a_notice_that_nobody_served_says_since_how_many_days() {
    let days = |stage, later: i64| {
        let world = world_at(stage);
        let now = world.now.plus_millis(later * 24 * 60 * 60 * 1000);
        let issued = world.case.notice(NOTICE).map(|it| it.body.issued_on);
        let age = issued.map(|it| it.days_until(now.date()));
        (state::unserved_days(&world.case, NOTICE, now), age)
    };
    assert_eq!(days(Stage::Complete, 3), (None, None));
    for later in [0, 1, 40] {
        let (unserved, age) = days(Stage::Issued, later);
        assert_eq!(unserved.map(i64::from), age.map(i64::from));
        assert!(unserved >= u32::try_from(later).ok());
        assert_eq!(days(Stage::Served, later).0, None);
    }
}
