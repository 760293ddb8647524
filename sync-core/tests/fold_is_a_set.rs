//! One set of facts is one case, in whatever order and however often its facts arrive; and how things stood at an
//! instant is the same whatever comes later.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has to stop")]

use sync_core::Refusal;
use sync_core::act::Admitted;
use sync_core::act::Statement;
use sync_core::act::capture::first_purpose;
use sync_core::act::state::{self, HazardState, HazardStatus, InspectionState};
use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::case::fold::{extend, fold, fold_until};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::term::Term;
use sync_core::rules::due::{Due, due};
use sync_core::testing::builders::{
    NOTICE_STREAM, blob, calendars, capture, hazard, hazard_id, plan, record, reply,
};
use sync_core::testing::cast::Who;
use sync_core::testing::histories::{Dice, history, taken_at};
use sync_core::testing::stages::{
    Stage, closure, dismissal_proposed, escalation, extension_decision, extension_request,
    major_decision, recheck, world_at,
};
use sync_core::testing::world::World;
use sync_core::time::Timestamp;

/// Two rounds with everything that can happen twice, also against the rules.
fn crowded() -> World {
    let mut world = world_at(Stage::RepliedAgain);
    let mut other_plan = plan();
    "另一批准号".clone_into(&mut other_plan.approval);
    let mut insist = |who, statement| world.insist(who, statement).expect("signed");
    insist(Who::Supervisor, Statement::Planned(other_plan));
    insist(Who::Second, Statement::Sealed(record(vec![hazard(3, &["found-1"])])));
    insist(Who::Safety, Statement::Captured(capture("found-1", Purpose::Rectified)));
    insist(Who::Safety, extension_request());
    insist(Who::Coordinator, escalation(Escalation::Listing));
    insist(Who::Coordinator, escalation(Escalation::Reminder));
    insist(Who::Supervisor, major_decision(false));
    insist(Who::WitnessSupervisor, major_decision(true));
    let grant = extension_decision(&world, Some(Term::natural(5)));
    world.insist(Who::Supervisor, grant).expect("signed");
    world.clerk();
    world.insist(Who::Colleague, recheck(true, &["seen-3"])).expect("signed");
    for (approved, evidence) in [(false, &[][..]), (true, &["seen-3"])] {
        let decision = closure(&world, approved, evidence);
        world.insist(Who::Supervisor, decision).expect("signed");
    }
    world.insist(Who::Lead, dismissal_proposed()).expect("signed");
    let now = world.now;
    let unknown = world.phone(Who::Safety).sign_unknown(NOTICE_STREAM, false, now);
    world.take_over(unknown);
    world
}

/// The set of facts with what only one device knows yet.
fn facts() -> Vec<Admitted> {
    let mut world = crowded();
    let now = world.now;
    let mut facts = world.facts.clone();
    for names in [&["after-3"][..], &["after-2", "after-3"]] {
        let fact = world.phone(Who::Safety).sign(reply(names), now).expect("signed");
        facts.push(Admitted { fact, receipt: None });
    }
    facts
}

/// A case with all that can be asked of it at an instant.
#[derive(Debug, PartialEq)]
struct Reading {
    case: Case,
    visit: Result<InspectionState, Refusal>,
    hazards: Vec<Result<HazardStatus, Refusal>>,
    due: Due,
}

fn reading(case: Case, now: Timestamp, calendars: &Calendars) -> Reading {
    let hazards = case.hazards().into_iter().map(|id| state::hazard(&case, id, now)).collect();
    let (visit, due) = (state::inspection(&case), due(&case, calendars, now));
    Reading { case, visit, hazards, due }
}

#[test]
fn a_thousand_orders_and_repetitions_of_one_set_give_one_case_and_one_status() {
    let facts = facts();
    let now = facts.iter().filter_map(|it| it.receipt).map(|it| it.at).max().expect("receipts");
    let years = calendars();
    let reading = |facts: &[&Admitted]| reading(fold(facts.iter().copied()), now, &years);
    let unsent: Vec<Admitted> =
        facts.iter().map(|it| Admitted { fact: it.fact.clone(), receipt: None }).collect();
    let expected = reading(&facts.iter().collect::<Vec<_>>());
    assert!(facts.len() > 35 && expected.hazards.len() == 2, "{} facts", facts.len());
    let mut dice = Dice::new(1);
    for round in 0..1_000 {
        let mut order: Vec<&Admitted> = facts.iter().collect();
        for _ in 0..dice.below(20) {
            order.push(&facts[dice.below(facts.len())]);
        }
        for _ in 0..dice.below(20) {
            order.push(&unsent[dice.below(unsent.len())]);
        }
        dice.shuffle(&mut order);
        assert!(reading(&order) == expected, "order {round} (seed fixed) reads otherwise");
    }
}

#[test]
fn adding_facts_one_by_one_in_the_order_of_the_server_gives_the_folded_case() {
    let world = crowded();
    for cut in 0..=world.facts.len() {
        let (before, after) = world.facts.split_at(cut);
        let mut case = fold(before);
        for it in after {
            extend(&mut case, &it.fact, it.receipt);
        }
        assert_eq!(case, fold(&world.facts), "cut at {cut}");
    }
}

#[test]
fn a_second_receipt_counts_the_same_whichever_comes_first() {
    let world = world_at(Stage::Replied);
    let (last, rest) = world.facts.split_last().expect("facts");
    let mut again = last.clone();
    if let Some(receipt) = &mut again.receipt {
        receipt.at = receipt.at.plus_millis(86_400_000);
        receipt.place += 3;
    }
    let one = fold(rest.iter().chain([last, &again]));
    let other = fold(rest.iter().chain([&again, last]));
    assert_eq!(one, other);
}

#[test]
fn what_happens_once_is_decided_by_the_place_and_not_by_a_device_clock() {
    let mut world = world_at(Stage::Arrived);
    let now = world.now;
    let early = now.plus_millis(-86_400_000);
    let one = world.phone(Who::Lead).sign(Statement::Sealed(record(vec![])), now).expect("signed");
    let other =
        world.phone(Who::Second).sign(Statement::Sealed(record(vec![])), early).expect("signed");
    let first = world.take_over(one);
    world.take_over(other);
    assert_eq!(fold(&world.facts).seal().map(|seal| seal.fact), Some(first));
}

#[test]
fn the_found_photo_keeps_its_purpose_when_the_enterprise_captures_it_again() {
    let case = crowded().case;
    assert_eq!(first_purpose(&case, &blob("found-1")), Some(Purpose::Found));
    assert_eq!(case.hazards().into_iter().collect::<Vec<_>>(), [hazard_id(1), hazard_id(2)]);
}

#[test]
fn how_things_stood_at_an_instant_stays_the_same_whatever_comes_later_in_whatever_order() {
    let years = calendars();
    let beginnings: Vec<World> = Stage::ALL.iter().map(|stage| world_at(*stage)).collect();
    let (mut states, mut overtaken) = (std::collections::BTreeSet::new(), 0);
    for seed in 1..=1_000_u64 {
        let mut dice = Dice::new(seed);
        let beginning = beginnings[dice.below(beginnings.len())].clone();
        let history = history(&mut dice, beginning);
        // Just before, at and just after a fact was taken over.
        let instant = taken_at(&history[dice.below(history.len())]);
        let until = instant.plus_millis(dice.one(&[-1, 0, 1]));
        let before: Vec<Admitted> =
            history.iter().filter(|it| taken_at(it) < until).cloned().collect();
        let expected = reading(fold(&before), until, &years);
        states.extend(expected.hazards.iter().flatten().map(|it| it.state));
        overtaken += usize::from(expected != reading(fold(&history), until, &years));

        for known in before.len()..=history.len() {
            let then = fold_until(&history[..known], until);
            assert!(reading(then, until, &years) == expected, "seed {seed}, {known} facts known");
        }
        let unsent = history.iter().map(|it| Admitted { fact: it.fact.clone(), receipt: None });
        let unsent: Vec<Admitted> = unsent.collect();
        let mut order: Vec<&Admitted> = history.iter().chain(&unsent).collect();
        for _ in 0..dice.below(20) {
            order.push(&history[dice.below(history.len())]);
        }
        dice.shuffle(&mut order);
        let then = fold_until(order, until);
        assert!(reading(then, until, &years) == expected, "seed {seed}, in another order");
    }
    // The histories say something: every state was asked for, and most cases went on.
    assert_eq!(states.into_iter().collect::<Vec<_>>(), HazardState::ALL);
    assert!(overtaken > 800, "only {overtaken} cases went on");
}
