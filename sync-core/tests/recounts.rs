//! A deadline that was counted over a year without a calendar is counted again when the calendar is published: once for
//! each edition, and only a later date counts.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has to stop")]

use std::collections::BTreeSet;

use sync_core::act::notice::{DeadlineAssigned, DeadlineRecounted};
use sync_core::act::state::{self, HazardStatus};
use sync_core::act::visit::{Cosign, PartySign};
use sync_core::act::{Admitted, Statement};
use sync_core::calendar::{Calendars, deadline};
use sync_core::case::Case;
use sync_core::case::fold::fold;
use sync_core::document;
use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Measure;
use sync_core::domain::notice::ServiceMethod;
use sync_core::domain::term::Term;
use sync_core::ledger::fact::Content as _;
use sync_core::rules::due::{Owed, counted_over, due};
use sync_core::testing::builders::{
    INSPECTION, calendars, date, hazard, hazard_id, record, refused, reply,
};
use sync_core::testing::cast::Who;
use sync_core::testing::histories::Dice;
use sync_core::testing::stages::{
    Stage, captured, closure, countersigned, extension_decision, extension_request, recheck,
    seal_of, service, world_at,
};
use sync_core::testing::world::World;
use sync_core::time::CivilDate;

/// A notice that is served on 2026-11-02 with a term for its hazard, before the calendar of 2027 is known.
fn served(term: Term) -> World {
    let mut world = world_at(Stage::Arrived);
    let mut found = hazard(1, &["found-1"]);
    found.measure = Measure::Rectify { term };
    let mut state = |who, statement| world.state(who, statement).expect("a step of the loop");
    state(Who::Lead, Statement::Sealed(record(vec![found])));
    let seal = seal_of(&world);
    let mut state = |who, statement| world.state(who, statement).expect("a step of the loop");
    state(Who::Second, Statement::Cosigned(Cosign { inspection: INSPECTION, seal }));
    let signed = PartySign { inspection: INSPECTION, seal, outcome: refused() };
    state(Who::Lead, Statement::PartySigned(signed));
    world.clerk();
    world.state(Who::Safety, service(ServiceMethod::Electronic)).expect("a service");
    assert_eq!(world.clerk().len(), 1, "one deadline");
    world
}

/// The calendars with one of 2027: these days off, these weekend days worked.
fn with_2027(version: &str, off: &[&str], worked: &[&str]) -> Calendars {
    let days = |days: &[&str]| days.iter().map(|day| date(day)).collect();
    let next = WorkCalendar {
        year: 2027,
        version: version.to_owned(),
        holidays: days(off),
        workdays: days(worked),
    };
    let known = [2026].iter().filter_map(|year| calendars().year(*year).cloned());
    Calendars::new(known.chain([next]).collect::<Vec<_>>())
}

/// New Year on a Friday, which the weekdays did not know.
fn later() -> Calendars {
    with_2027("1", &["2027-01-01", "2027-01-02", "2027-01-03"], &[])
}

/// A weekend that is worked.
fn earlier() -> Calendars {
    with_2027("1", &[], &["2027-01-02", "2027-01-03"])
}

fn status(case: &Case, world: &World) -> HazardStatus {
    state::hazard(case, hazard_id(1), world.now).expect("a hazard")
}

fn counting(world: &World) -> CivilDate {
    status(&world.case, world).deadline.expect("a deadline").date
}

fn assigned(world: &World) -> Vec<CivilDate> {
    let hazard = world.case.hazard(hazard_id(1)).expect("a hazard");
    hazard.all::<DeadlineAssigned>().map(|it| it.body.deadline.date).collect()
}

fn recounts(case: &Case) -> Vec<DeadlineRecounted> {
    let hazard = case.hazard(hazard_id(1)).expect("a hazard");
    hazard.all::<DeadlineRecounted>().map(|it| it.body.clone()).collect()
}

/// All words of the notice and of what happened.
fn told(world: &World) -> String {
    let stated = world.case.stated().iter().map(|it| it.tell().line());
    let catalogue = Catalogue::default();
    let sources = document::Sources::new(&catalogue);
    let notice = world.case.notices().next().expect("a notice");
    let paper = document::notice(notice.body, &sources);
    let texts = paper.texts().into_iter().map(str::to_owned);
    stated.chain(texts).collect::<Vec<_>>().join("\n")
}

/// From the 2nd of November it ends in the first days of 2027.
const OVER_NEW_YEAR: Term = Term::working(46);

#[test]
fn a_later_date_counts_everywhere() {
    let mut world = served(OVER_NEW_YEAR);
    let before = counting(&world);
    assert_eq!(before, date("2027-01-05"));
    assert!(status(&world.case, &world).deadline.expect("a deadline").provisional);
    assert!(told(&world).contains("2027年的节假日安排尚未公布"));
    assert!(world.clerk().is_empty(), "nothing is known yet");
    let days_left = status(&world.case, &world).days_left.expect("it runs");

    world.calendars = later();
    assert_eq!(world.clerk().len(), 1);
    let after = status(&world.case, &world).deadline.expect("a deadline");
    assert_eq!((after.date, after.provisional), (date("2027-01-06"), false));
    assert_eq!(after.calendars, ["2026:1", "2027:1"]);
    assert_eq!(status(&world.case, &world).days_left, Some(days_left + 1));
    let look_again = due(&world.case, &world.calendars, world.now).look_again;
    assert_eq!(look_again, Some(deadline::passes_at(&after)));
    let told = told(&world);
    let said = "按已公布的2026年、2027年节假日安排重新核定，整改期限由2027年1月5日延至2027年1月6日";
    assert_eq!(told.matches(said).count(), 1, "in the timeline; papers stay as they are: {told}");
}

#[test]
fn an_earlier_date_does_not_count_and_is_stated_all_the_same() {
    let mut world = served(OVER_NEW_YEAR);
    let before = counting(&world);
    world.calendars = earlier();
    assert_eq!(world.clerk().len(), 1);
    assert_eq!(counting(&world), before);
    let said = recounts(&world.case);
    assert_eq!((said.len(), said[0].before), (1, before));
    assert_eq!(said[0].deadline.date, date("2027-01-03"));
    let told = told(&world);
    assert!(told.contains("重新核定为2027年1月3日，早于已告知的2027年1月5日"), "{told}");
    assert!(told.contains("整改期限仍为2027年1月5日"), "{told}");
    assert!(told.contains("2027年1月5日前（含当日）"), "{told}");
}

#[test]
fn the_same_date_is_confirmed() {
    let mut world = served(OVER_NEW_YEAR);
    world.calendars = with_2027("1", &[], &[]);
    assert_eq!(world.clerk().len(), 1);
    let after = status(&world.case, &world).deadline.expect("a deadline");
    assert_eq!((after.date, after.provisional), (date("2027-01-05"), false));
    assert!(told(&world).contains("整改期限仍为2027年1月5日"));
}

#[test]
fn each_edition_is_counted_once_and_none_with_fewer_calendars() {
    let mut world = served(OVER_NEW_YEAR);
    let corrected = with_2027("2", &["2027-01-01", "2027-01-04"], &[]);
    for (years, stated, counts) in [
        (later(), 1, "2027-01-06"),
        (later(), 0, "2027-01-06"),
        (corrected.clone(), 1, "2027-01-07"),
        (later(), 0, "2027-01-07"),
        (calendars(), 0, "2027-01-07"),
        (Calendars::default(), 0, "2027-01-07"),
        (corrected, 0, "2027-01-07"),
    ] {
        world.calendars = years;
        assert_eq!(world.clerk().len(), stated);
        assert_eq!(counting(&world), date(counts));
    }
    let editions: Vec<_> =
        recounts(&world.case).into_iter().map(|it| it.deadline.calendars).collect();
    assert_eq!(editions, [["2026:1", "2027:1"], ["2026:1", "2027:2"]]);
}

#[test]
fn what_rests_on_published_calendars_or_on_none_stays() {
    for term in [Term::natural(90), Term::working(10)] {
        let mut world = served(term);
        let hazard = world.case.hazard(hazard_id(1)).expect("a hazard");
        assert!(counted_over(&hazard).is_empty());
        world.calendars = later();
        assert!(world.clerk().is_empty(), "{term}");
    }
}

#[test]
fn an_extension_counts_on_from_the_date_that_counts() {
    let extend = |world: &mut World| {
        world.state(Who::Safety, extension_request()).expect("a request");
        let granted = extension_decision(world, Some(Term::natural(10)));
        world.state(Who::Supervisor, granted).expect("a decision");
    };
    // Granted before the calendar came: both are counted again.
    let mut world = served(OVER_NEW_YEAR);
    extend(&mut world);
    world.clerk();
    assert_eq!(assigned(&world), ["2027-01-05", "2027-01-15"].map(date));
    world.calendars = later();
    assert_eq!(world.clerk().len(), 2);
    assert_eq!(counting(&world), date("2027-01-16"));
    assert!(
        told(&world).contains("起算日随原期限重新核定，整改期限由2027年1月15日延至2027年1月16日")
    );
    assert!(world.clerk().is_empty());
    // Granted afterwards, or while the clerk had not looked: assigned from the later date.
    for looked in [true, false] {
        let mut world = served(OVER_NEW_YEAR);
        world.calendars = later();
        if looked {
            world.clerk();
        }
        extend(&mut world);
        world.clerk();
        assert_eq!(assigned(&world), ["2027-01-05", "2027-01-16"].map(date));
        assert_eq!(counting(&world), date("2027-01-16"));
        assert!(world.clerk().is_empty());
    }
}

#[test]
fn nothing_is_counted_again_once_the_hazard_is_settled_or_has_another_term() {
    let mut world = served(OVER_NEW_YEAR);
    for (who, statement) in [
        (Who::Safety, captured("after-1", Purpose::Rectified)),
        (Who::Colleague, captured("seen-1", Purpose::Recheck)),
        (Who::Safety, reply(&["after-1"])),
    ] {
        world.state(who, statement).expect("a step of the loop");
    }
    let mut failed = world.clone();
    let seen = world.state(Who::Colleague, recheck(true, &["seen-1"])).expect("a recheck");
    let signed = countersigned(Some(hazard_id(1)), seen);
    world.state(Who::Second, signed).expect("a signature");
    let decision = closure(&world, true, &["after-1", "seen-1"]);
    world.state(Who::Supervisor, decision).expect("a closure");
    world.calendars = later();
    assert!(world.clerk().is_empty());

    let seen = failed.state(Who::Colleague, recheck(false, &["seen-1"])).expect("a recheck");
    let signed = countersigned(Some(hazard_id(1)), seen);
    failed.state(Who::Second, signed).expect("a signature");
    assert_eq!(failed.clerk().len(), 1, "seven days from the recheck");
    failed.calendars = later();
    assert!(failed.clerk().is_empty(), "the term before counts no more");
}

/// What anybody reads of a case.
/// The status, how often was recounted, and how much is owed besides papers.
fn reading(case: &Case, world: &World) -> (HazardStatus, usize, usize) {
    let owed = due(case, &world.calendars, world.now).owed.into_iter();
    let owed = owed.filter(|it| !matches!(it, Owed::Papers(..))).count();
    (status(case, world), recounts(case).len(), owed)
}

#[test]
fn the_order_in_which_facts_arrive_does_not_matter() {
    let mut world = served(OVER_NEW_YEAR);
    world.state(Who::Safety, extension_request()).expect("a request");
    let granted = extension_decision(&world, Some(Term::working(3)));
    world.state(Who::Supervisor, granted).expect("a decision");
    for years in [calendars(), later(), earlier(), with_2027("3", &["2027-01-05"], &[])] {
        world.calendars = years;
        world.clerk();
    }
    let expected = reading(&world.case, &world);
    assert_eq!(
        expected.1, 4,
        "two deadlines, two editions: two calendars of one name are one edition"
    );
    assert_eq!(expected.2, 0);
    let mut dice = Dice::new(5);
    for round in 0..1_000 {
        let mut order: Vec<&Admitted> = world.facts.iter().collect();
        for _ in 0..dice.below(20) {
            order.push(&world.facts[dice.below(world.facts.len())]);
        }
        dice.shuffle(&mut order);
        assert_eq!(reading(&fold(order), &world), expected, "order {round}");
    }
}

#[test]
fn whenever_calendars_come_each_deadline_has_one_fact_for_each_edition_and_the_latest_date_counts()
{
    let editions = [
        calendars(),
        later(),
        with_2027("2", &["2027-01-01", "2027-01-04", "2027-01-05"], &[]),
        with_2027("3", &[], &["2027-01-02"]),
        Calendars::default(),
    ];
    let mut more_than_one = 0;
    for seed in 1..=300 {
        let mut dice = Dice::new(seed);
        let mut world = served(Term::working(dice.one(&[40, 44, 46, 60])));
        for _ in 0..25 {
            match dice.below(5) {
                0 => world.calendars = dice.one(&[0, 1, 2, 3, 4].map(|at| &editions[at])).clone(),
                1 => drop(world.state(Who::Safety, extension_request())),
                2 => {
                    let granted = extension_decision(&world, Some(Term::working(4)));
                    drop(world.state(Who::Supervisor, granted));
                }
                _ => drop(world.clerk()),
            }
        }
        world.clerk();
        assert!(world.clerk().is_empty(), "seed {seed}: asked again, nothing is owed");
        let facts = world.facts.iter().filter_map(|it| match &it.fact.statement {
            Statement::DeadlineRecounted(it) => Some(it.clone()),
            _ => None,
        });
        let facts: Vec<DeadlineRecounted> = facts.collect();
        let of = |it: &DeadlineRecounted| {
            (it.assigned, it.deadline.start, it.deadline.calendars.clone())
        };
        let distinct: BTreeSet<_> = facts.iter().map(of).collect();
        assert_eq!(distinct.len(), facts.len(), "seed {seed}: one of each");
        more_than_one += usize::from(facts.len() > 1);
        let hazard = world.case.hazard(hazard_id(1)).expect("a hazard");
        let last = hazard.last::<DeadlineAssigned>().expect("a deadline");
        let again = facts.iter().filter(|it| it.assigned == last.fact);
        let dates = again.map(|it| it.deadline.date).chain([last.body.deadline.date]);
        assert_eq!(Some(counting(&world)), dates.max(), "seed {seed}");
    }
    assert!(more_than_one > 100, "only {more_than_one}");
}

#[test]
fn a_recount_travels_as_it_was_stated() {
    let mut world = served(OVER_NEW_YEAR);
    world.calendars = later();
    world.clerk();
    let statement = Statement::DeadlineRecounted(recounts(&world.case)[0].clone());
    let read = Statement::from_bytes(statement.kind(), &statement.to_bytes()).expect("bytes");
    assert_eq!((read, statement.kind()), (statement.clone(), 49));
    assert!(statement.is_by_server());
}
