//! One set of facts is one case, in whatever order and however often its facts arrive.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has to stop")]

use sync_core::act::Admitted;
use sync_core::act::Statement;
use sync_core::act::capture::first_purpose;
use sync_core::act::state;
use sync_core::case::fold::{extend, fold};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::term::Term;
use sync_core::testing::builders::{
    NOTICE_STREAM, blob, capture, hazard, hazard_id, plan, record, reply,
};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{
    Stage, closure, dismissal_proposed, escalation, extension_decision, extension_request,
    major_decision, recheck, world_at,
};
use sync_core::testing::world::World;

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

/// A sequence that is the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }
}

#[test]
fn a_thousand_orders_and_repetitions_of_one_set_give_one_case_and_one_status() {
    let facts = facts();
    let now = facts.iter().filter_map(|it| it.receipt).map(|it| it.at).max().expect("receipts");
    let reading = |facts: &[&Admitted]| {
        let case = fold(facts.iter().copied());
        let hazards = case.hazards();
        let statuses: Vec<_> = hazards.iter().map(|id| state::hazard(&case, *id, now)).collect();
        let visit = state::inspection(&case);
        (case, statuses, visit)
    };
    let unsent: Vec<Admitted> =
        facts.iter().map(|it| Admitted { fact: it.fact.clone(), receipt: None }).collect();
    let expected = reading(&facts.iter().collect::<Vec<_>>());
    assert!(facts.len() > 35 && expected.1.len() == 2, "{} facts", facts.len());
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..1_000 {
        let mut order: Vec<&Admitted> = facts.iter().collect();
        for _ in 0..dice.below(20) {
            order.push(&facts[dice.below(facts.len())]);
        }
        for _ in 0..dice.below(20) {
            order.push(&unsent[dice.below(unsent.len())]);
        }
        for last in (1..order.len()).rev() {
            order.swap(last, dice.below(last + 1));
        }
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
