//! Deadlines and evidence over several rounds of rectification.

use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::notice::Recheck;
use sync_core::act::state::{self, HazardState};
use sync_core::calendar::deadline::has_passed;
use sync_core::case::About;
use sync_core::case::act::Context;
use sync_core::domain::procedure::Grounds;
use sync_core::domain::term::Term;
use sync_core::id::FactId;
use sync_core::rules::gates;
use sync_core::testing::builders::{NOTICE_STREAM, VISIT_STREAM, blob, date, hazard_id, reply};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::stages::{
    Stage, closure, countersigned, extension_decision, extension_request, recheck, term_ordered,
    world_at,
};
use sync_core::testing::world::World;

#[test]
fn nobody_is_late_between_a_failed_recheck_and_the_deadline_counted_from_it() {
    let mut world = world_at(Stage::Overdue);
    assert!(state::hazard(&world.case, hazard_id(1), world.now).expect("known").overdue);
    let seen = world.state(Who::Colleague, recheck(false, &["seen-1"])).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    assert!(!state::hazard(&world.case, hazard_id(1), world.now).expect("known").overdue);
    assert_eq!(world.clerk().len(), 1);
    let status = state::hazard(&world.case, hazard_id(1), world.now).expect("known");
    assert_eq!(status.deadline.map(|it| it.date), Some(date("2026-12-09")));
    world.pass_days(8);
    assert!(state::hazard(&world.case, hazard_id(1), world.now).expect("known").overdue);
}

#[test]
fn a_reply_in_time_is_not_late_afterwards() {
    let mut world = world_at(Stage::Replied);
    world.pass_days(60);
    assert!(!state::hazard(&world.case, hazard_id(1), world.now).expect("known").overdue);
}

#[test]
fn two_extensions_granted_before_the_server_counted_the_first_add_up() {
    let mut world = world_at(Stage::Asked);
    // Where the procedure has no bound.
    world.zone.procedures.clear();
    let first = extension_decision(&world, Some(Term::natural(10)));
    world.state(Who::Supervisor, first).expect("a decision");
    world.state(Who::Safety, extension_request()).expect("a request");
    let second = extension_decision(&world, Some(Term::natural(5)));
    world.state(Who::Supervisor, second).expect("a decision");
    assert_eq!(world.clerk().len(), 2);
    assert!(world.clerk().is_empty(), "each cause once");
    let status = state::hazard(&world.case, hazard_id(1), world.now).expect("known");
    let deadline = status.deadline.expect("a deadline");
    assert_eq!(deadline.date, date("2026-12-02"), "15, then 10, then 5 days");
    let end = date("2026-12-03").start();
    assert!(has_passed(&deadline, end) && !has_passed(&deadline, end.plus_millis(-1)));
}

#[test]
fn photos_of_a_round_that_failed_close_nothing() {
    let mut world = world_at(Stage::RepliedAgain);
    let seen = world.state(Who::Colleague, recheck(true, &["seen-3"])).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    let code = |evidence: &[&str]| {
        world.check(Who::Supervisor, &closure(&world, true, evidence)).map_err(|it| it.code)
    };
    assert_eq!(code(&["after-1"]), Err(Code::PhotoUnknown));
    assert_eq!(code(&["seen-1"]), Err(Code::PhotoUnknown));
    assert_eq!(code(&["after-2", "seen-3"]), Ok(()));
}

#[test]
fn further_terms_of_supervisors_end_with_a_verified_number_and_are_only_told_of_without() {
    let mut world = world_at(Stage::FailedAgain);
    let ordered = term_ordered(&world);
    world.state(Who::Supervisor, ordered).expect("a term");
    assert_eq!(world.clerk().len(), 1);
    world.pass_days(10);
    let Statement::Rechecked(failed) = recheck(false, &["seen-3"]) else { panic!("a recheck") };
    let failed = Statement::Rechecked(Recheck { new_term: None, ..failed });
    let seen = world.state(Who::Colleague, failed).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    let again = term_ordered(&world);
    let told = |world: &World| {
        let person = Who::Supervisor.person();
        let context = Context::new(&person, world.now, (&world.zone).into());
        let about = About::hazard(NOTICE_STREAM, hazard_id(1));
        let offers = gates::offers(&world.case, about, &context);
        offers.into_iter().find(|it| it.step == "order_term").map(|it| it.background.join("；"))
    };
    assert_eq!(world.check(Who::Supervisor, &again), Ok(()), "nobody has verified the number");
    let said = told(&world).expect("an offer");
    assert!(said.contains("主管已再次限期 1 次，规定至多 1 次"), "{said}");
    assert!(said.contains("依据尚未核实，仅作提示"), "{said}");
    for bounds in &mut world.zone.procedures {
        bounds.grounds.further_terms = bounds.grounds.retries.clone();
    }
    let code = world.check(Who::Supervisor, &again).map_err(|it| it.code);
    assert_eq!((code, told(&world)), (Err(Code::TermsUsedUp), None));
    for bounds in &mut world.zone.procedures {
        bounds.further_terms = None;
    }
    assert_eq!(world.check(Who::Supervisor, &again), Ok(()), "nothing names a number");
}

/// What people are told beside the first offer of a step.
fn told(world: &World, who: Who, about: About, step: &str) -> String {
    let person = who.person();
    let context = Context::new(&person, world.now, (&world.zone).into());
    let offers = gates::offers(&world.case, about, &context);
    let offer = offers.into_iter().find(|it| it.step == step);
    offer.map(|it| it.background.join("；")).unwrap_or_default()
}

/// The same world where nothing is known of what a part of the procedure rests on.
fn loosened(mut world: World, loosen: fn(&mut Grounds)) -> World {
    world.zone.procedures.iter_mut().for_each(|it| loosen(&mut it.grounds));
    world
}

#[test]
fn a_part_of_the_procedure_that_rests_on_nothing_known_is_told_and_blocks_nothing() {
    let code = |world: &World, who, statement: &Statement| {
        world.check(who, statement).map_err(|it| it.code)
    };
    let hazard = About::hazard(NOTICE_STREAM, hazard_id(1));
    let alone = |statement: Statement| match statement {
        Statement::Rechecked(it) => Statement::Rechecked(Recheck { second: None, ..it }),
        other => other,
    };

    let one = alone(recheck(true, &["seen-1"]));
    let world = world_at(Stage::Replied);
    assert_eq!(code(&world, Who::Colleague, &one), Err(Code::TwoOfficersNeeded));
    assert_eq!(told(&world, Who::Colleague, hazard, "recheck"), "");
    let world = loosened(world, |it| it.two_officers.verified = false);
    assert_eq!(code(&world, Who::Colleague, &one), Ok(()));
    let said = told(&world, Who::Colleague, hazard, "recheck");
    assert_eq!(
        said,
        "规定应由两名执法人员办理，送达应有证明（《测试法》第三十六条，尚未核实，仅作提示）"
    );

    let again = recheck(false, &["seen-3"]);
    let world = world_at(Stage::RepliedAgain);
    assert_eq!(code(&world, Who::Colleague, &again), Err(Code::RetriesUsedUp));
    let world = loosened(world, |it| it.retries.by_order = None);
    assert_eq!(code(&world, Who::Colleague, &again), Ok(()));
    let said = told(&world, Who::Colleague, hazard, "recheck");
    assert!(said.contains("再次限期至多 1 次，每次至多 30 日（依据尚未核实，仅作提示）"), "{said}");

    let asked = world_at(Stage::Asked);
    let long = extension_decision(&asked, Some(Term::natural(10)));
    let mut bounded = asked;
    bounded.zone.procedures.iter_mut().for_each(|it| it.extension_days = 5);
    assert_eq!(code(&bounded, Who::Supervisor, &long), Err(Code::ExtensionTooLong));
    let bounded = loosened(bounded, |it| it.extensions.by_order = None);
    assert_eq!(code(&bounded, Who::Supervisor, &long), Ok(()));
    let said = told(&bounded, Who::Supervisor, hazard, "decide_extension");
    assert!(said.contains("规定延期至多 1 次，每次至多 5 日"), "{said}");
}

#[test]
fn a_statement_of_an_unknown_kind_passes_no_gate() {
    let mut world = world_at(Stage::Replied);
    let now = world.now;
    let fact = world.phone(Who::Safety).sign_unknown(VISIT_STREAM, true, now);
    for who in Who::ALL {
        let (person, zone) = (who.person(), zone());
        let context = Context::new(&person, now, (&zone).into());
        let refusal = gates::check(&fact.statement, &world.case, &context).expect_err("refused");
        assert_eq!(refusal.code, Code::KindUnknown);
        assert!(matches!(fact.statement, Statement::Unknown { .. }));
    }
}

/// A recheck in view of a reply.
fn in_view_of(reply: FactId, passed: bool, names: &[&str]) -> Statement {
    match recheck(passed, names) {
        Statement::Rechecked(it) => {
            Statement::Rechecked(Recheck { reply: Some(reply), new_term: None, ..it })
        }
        other => other,
    }
}

#[test]
fn a_recheck_answers_the_reply_that_its_officer_saw_and_no_later_one() {
    let mut world = world_at(Stage::Served);
    let first = world.state(Who::Safety, reply(&["after-1"])).expect("a reply");
    let second = world.state(Who::Safety, reply(&["after-2"])).expect("a reply");
    let state_of =
        |world: &World| state::hazard(&world.case, hazard_id(1), world.now).expect("known").state;
    // Made without signal in view of the first one, it comes after the second one.
    for (named, passed, expected) in [
        (first, true, HazardState::Replied),
        (first, false, HazardState::Replied),
        (second, true, HazardState::Rechecked),
        (second, false, HazardState::Rectifying),
    ] {
        let mut world = world.clone();
        let statement = in_view_of(named, passed, &["seen-1"]);
        let seen = world.state(Who::Colleague, statement).expect("a recheck");
        world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
        assert_eq!(state_of(&world), expected, "{passed} in view of {named}");
    }
    let nothing = in_view_of(blob("nothing"), true, &["seen-1"]);
    let code = world.check(Who::Colleague, &nothing).map_err(|it| it.code);
    assert_eq!(code, Err(Code::NotReplied));
    // The device notes which one it knows.
    let Statement::Rechecked(made) = recheck(true, &["seen-1"]).knowing(&world.case) else {
        panic!("a recheck")
    };
    assert_eq!(made.reply, Some(second));
}

#[test]
fn a_recheck_from_before_replies_were_named_counts_for_what_was_there_when_it_was_made() {
    let mut world = world_at(Stage::Served);
    let before = world.now;
    world.pass_minutes(60);
    world.state(Who::Safety, reply(&["after-1"])).expect("a reply");
    for (made, expected) in [(before, HazardState::Replied), (world.now, HazardState::Rechecked)] {
        let mut world = world.clone();
        let fact = world.phone(Who::Colleague).sign(recheck(true, &["seen-1"]), made);
        let seen = world.take_over(fact.expect("signed"));
        world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
        let status = state::hazard(&world.case, hazard_id(1), world.now).expect("known");
        assert_eq!(status.state, expected);
    }
}
