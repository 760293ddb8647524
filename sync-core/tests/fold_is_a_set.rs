//! One set of facts is one case, in whatever order and however often its facts arrive; and how things stood at an
//! instant is the same whatever comes later.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has to stop")]

use sync_core::Refusal;
use sync_core::act::Admitted;
use sync_core::act::Statement;
use sync_core::act::capture::first_purpose;
use sync_core::act::state::{self, HazardState, HazardStatus, InspectionState};
use sync_core::act::visit::Cosign;
use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::case::fold::{extend, fold, fold_until};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::ServiceMethod;
use sync_core::domain::term::Term;
use sync_core::rules::due::{Due, due};
use sync_core::testing::builders::{
    INSPECTION, NOTICE_STREAM, VISIT_STREAM, arrival, blob, calendars, capture, hazard, hazard_id,
    plan, record, reply,
};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{
    Stage, captured, closure, dismissal_proposed, dismissed, escalation, extension_decision,
    extension_request, major_decision, recheck, seal_of, service, world_at,
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

/// A sequence that is the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn shuffle<T>(&mut self, order: &mut [T]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }
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
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
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

/// Something that somebody states, with or against the rules.
fn statement(dice: &mut Dice, world: &World) -> Statement {
    let photo = |dice: &mut Dice| dice.one(&["found-1", "after-1", "after-2", "seen-1", "seen-2"]);
    let yes = dice.below(2) == 0;
    match dice.below(16) {
        0 => Statement::Planned(plan()),
        1 => Statement::Arrived(arrival()),
        2 => {
            captured(photo(dice), dice.one(&[Purpose::Found, Purpose::Rectified, Purpose::Recheck]))
        }
        3 => Statement::Sealed(record(vec![hazard(dice.one(&[1, 3]), &["found-1"])])),
        4 => Statement::Cosigned(Cosign { inspection: INSPECTION, seal: seal_of(world) }),
        5 => service(dice.one(&[ServiceMethod::Electronic, ServiceMethod::InPerson])),
        6 | 7 => reply(&[photo(dice)]),
        8 => extension_request(),
        9 => extension_decision(world, yes.then_some(Term::natural(10))),
        10 | 11 => recheck(yes, &[photo(dice)]),
        12 => closure(world, dice.below(4) == 0, &[photo(dice)]),
        13 => major_decision(yes),
        14 => escalation(dice.one(Escalation::ALL)),
        _ if dice.below(6) == 0 => dismissed(),
        _ => dismissal_proposed(),
    }
}

/// What the server took over, in its order: a beginning by the rules, then anything by anyone over weeks, what the
/// server owes, facts of unknown kinds, and receipts given again as after a restored backup.
fn history(dice: &mut Dice, mut world: World) -> Vec<Admitted> {
    let mut taken = world.facts.clone();
    for _ in 0..5 + dice.below(20) {
        let pause = dice.one(&[0, 1, 60, 60 * 24, 60 * 24 * 9]);
        world.pass_minutes(pause);
        let known = world.facts.len();
        let who = dice.one(Who::ALL);
        match dice.below(12) {
            0..=7 => {
                let statement = statement(dice, &world);
                world.insist(who, statement).expect("signed");
            }
            8 | 9 => drop(world.clerk()),
            10 if dice.below(8) == 0 => {
                let (stream, now) = (dice.one(&[VISIT_STREAM, NOTICE_STREAM]), world.now);
                let fact = world.phone(who).sign_unknown(stream, dice.below(2) == 0, now);
                world.take_over(fact);
            }
            _ if !taken.is_empty() => {
                world.pass_minutes(1);
                let mut again = taken[dice.below(taken.len())].clone();
                let receipt = again.receipt.as_mut().expect("taken over");
                (receipt.at, receipt.place) = (world.now, receipt.place + 50);
                taken.push(again);
            }
            _ => {}
        }
        taken.extend_from_slice(&world.facts[known..]);
    }
    taken
}

fn taken_at(it: &Admitted) -> Timestamp {
    it.receipt.expect("taken over").at
}

#[test]
fn how_things_stood_at_an_instant_stays_the_same_whatever_comes_later_in_whatever_order() {
    let years = calendars();
    let beginnings: Vec<World> = Stage::ALL.iter().map(|stage| world_at(*stage)).collect();
    let (mut states, mut overtaken) = (std::collections::BTreeSet::new(), 0);
    for seed in 1..=1_000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
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
