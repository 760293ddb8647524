//! No clock that a device shows opens what the true time keeps shut.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use sync_core::Code;
use sync_core::act::numbers::NumbersRequested;
use sync_core::act::{Statement, state};
use sync_core::case::act::{Context, Zone};
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::numbers::Series;
use sync_core::domain::procedure::Procedure;
use sync_core::ledger::fact::Content as _;
use sync_core::rules::{authority, gates};
use sync_core::testing::builders::{NOTICE, date, hazard_id, morning, plan};
use sync_core::testing::cast::{Who, department, zone};
use sync_core::testing::stages::{Stage, closure, extension_request, recheck, world_at};
use sync_core::testing::world::World;
use sync_core::time::{SignedClock, Timestamp};

/// What a statement lacks when its device shows a clock, `proved` being the beacon that it held.
fn lacks(
    world: &World,
    zone: &Catalogue,
    (who, statement): (Who, &Statement),
    (wall, proved): (Timestamp, Option<Timestamp>),
) -> BTreeSet<Code> {
    let clock = SignedClock { wall, monotonic_ms: 1, boot: [1; 8], beacon: None };
    let stated = authority::stated_at(&clock, proved, world.now);
    let person = who.person();
    let context = Context::new(&person, world.now, zone.into()).stated_at(stated);
    gates::unmet(statement, &world.case, &context).codes().collect()
}

/// Bounds that ask for nothing, until the day before the first statement about a notice, and those of the tests from
/// that day on.
fn stricter_since(day: &str) -> Vec<Procedure> {
    let strict = zone().procedures.remove(0);
    let until = Some(date(day).plus_days(-1));
    let lax = Procedure {
        until,
        retries: 9,
        retry_days: 366,
        extensions: 9,
        extension_days: 366,
        two_officers: false,
        major_plan: false,
        further_terms: None,
        ..strict.clone()
    };
    vec![lax, Procedure { from: date(day), ..strict }]
}

fn vectors() -> Value {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let text = std::fs::read_to_string(folder.join("../fixtures/vectors/gates.json"));
    serde_json::from_str(&text.expect("the table of gates")).expect("JSON")
}

/// Long before computers, before the first edition of anything, and years back.
fn clocks() -> [Timestamp; 3] {
    [Timestamp::from_millis(0), morning("2019-01-01"), morning("2023-05-10")]
}

#[test]
fn whatever_clock_a_device_shows_nothing_is_let_through_that_the_true_time_refuses() {
    let table = vectors();
    let statements: Vec<Statement> =
        serde_json::from_value(table["statements"].clone()).expect("statements");
    let stricter = Catalogue { procedures: stricter_since("2026-11-01"), ..zone() };
    let (mut asked, mut wrong) = (0, Vec::new());
    for stage in Stage::ALL {
        let world = world_at(*stage);
        let cells = table["cells"].as_array().expect("cells");
        let cells = cells.iter().filter(|cell| cell["stage"] == stage.name());
        for cell in cells {
            let index = cell["statement"].as_u64().and_then(|it| usize::try_from(it).ok());
            let statement = &statements[index.expect("an index")];
            for who in Who::ALL {
                for zone in [&world.zone, &stricter] {
                    let (now, what) = (world.now, (*who, statement));
                    let truly = lacks(&world, zone, what, (now, Some(now)));
                    for wall in clocks() {
                        for proved in [None, Some(now.plus_millis(-60_000))] {
                            asked += 1;
                            let got = lacks(&world, zone, what, (wall, proved));
                            // Before the notice there is nothing that bounds could be asked of.
                            let none = got.contains(&Code::NoticeNotIssued);
                            if !truly.is_subset(&got) && !none {
                                let name = (stage.name(), &cell["name"], who, wall.date());
                                wrong.push(format!("{name:?}: {got:?} instead of {truly:?}"));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(asked > 300_000, "only {asked}");
}

#[test]
fn a_procedure_binds_also_on_days_that_none_of_its_editions_covers() {
    let mut zone = zone();
    let edition = zone.procedures.remove(0);
    let from_until = |from: &str, until: &str, retries| Procedure {
        from: date(from),
        until: Some(date(until)),
        retries,
        ..edition.clone()
    };
    zone.procedures =
        vec![from_until("2024-01-01", "2024-12-31", 2), from_until("2022-01-01", "2022-12-31", 1)];
    let retries = |day: &str| Zone::from(&zone).procedure(date(day)).map(|it| it.retries);
    for (day, expected) in [
        ("1970-01-01", 1),
        ("2022-06-01", 1),
        ("2023-06-01", 1),
        ("2024-06-01", 2),
        ("2031-01-01", 2),
    ] {
        assert_eq!(retries(day), Some(expected), "{day}");
    }
    zone.procedures.clear();
    assert_eq!(Zone::from(&zone).procedure(date("2024-06-01")), None, "nothing was entered");
}

#[test]
fn work_without_signal_counts_by_the_day_on_which_it_was_done() {
    // The bounds became stricter after the service and before the phone found signal again.
    let mut world = world_at(Stage::Issued);
    let zone = Catalogue { procedures: stricter_since("2026-11-10"), ..zone() };
    world.pass_days(15);
    let served = Statement::NoticeServed(Service::new(NOTICE, ServiceMethod::Left, "张某"));
    let by = |wall| lacks(&world, &zone, (Who::Colleague, &served), (wall, None));
    assert_eq!(by(morning("2026-11-05")), BTreeSet::new());
    let late = BTreeSet::from([Code::TwoOfficersNeeded, Code::WitnessNeeded]);
    assert_eq!(by(morning("2026-11-12")), late);
    // Nobody served it before it was issued.
    let earlier = Catalogue { procedures: stricter_since("2026-11-02"), ..zone.clone() };
    let by = |wall| lacks(&world, &earlier, (Who::Colleague, &served), (wall, None));
    assert_eq!(by(morning("2019-01-01")), late);
}

#[test]
fn what_names_another_statement_was_not_made_before_it_came() {
    let mut world = world_at(Stage::Served);
    world.pass_days(5);
    world.state(Who::Safety, extension_request()).expect("a request");
    let asked = world.now.date();
    let zone = Catalogue { procedures: stricter_since(&asked.to_string()), ..zone() };
    let granted = sync_core::testing::stages::extension_decision(
        &world,
        Some(sync_core::domain::term::Term::natural(40)),
    );
    let code = lacks(
        &world,
        &zone,
        (Who::Supervisor, &granted),
        (asked.start().plus_millis(-86_400_000), None),
    );
    assert!(code.contains(&Code::ExtensionTooLong), "{code:?}");
    // The same of a closure and its recheck.
    let mut world = world_at(Stage::Replied);
    let seen = world.state(Who::Colleague, recheck(true, &["seen-2"])).expect("a recheck");
    assert_eq!(closure(&world, true, &["after-1"]).follows(), [seen]);
    assert!(state::hazard(&world.case, hazard_id(1), world.now).is_ok());
}

#[test]
fn nobody_plans_by_the_competence_of_a_day_that_is_over() {
    let mut world = World::default();
    world.zone.competence[0].until = Some(date("2026-10-30"));
    let planned = Statement::Planned(sync_core::domain::inspection::Plan {
        from: date("2020-01-01"),
        ..plan()
    });
    planned.validate().expect("its form");
    let code = world.check(Who::Supervisor, &planned).map_err(|it| it.code);
    assert_eq!(code, Err(Code::NotCompetent));
}

#[test]
fn nobody_asks_for_numbers_of_a_year_that_is_over() {
    let world = World::default();
    let request = |year| {
        let series = Series { area: "枣高".to_owned(), series: "应急责改".to_owned(), year };
        Statement::NumbersRequested(NumbersRequested { series, department: department() })
    };
    let by = |year, wall| lacks(&world, &world.zone, (Who::Lead, &request(year)), (wall, None));
    assert_eq!(by(2026, world.now), BTreeSet::new());
    assert_eq!(by(2026, morning("2019-03-01")), BTreeSet::new());
    let refused = BTreeSet::from([Code::FieldMalformed]);
    assert_eq!(by(2019, morning("2019-03-01")), refused);
    assert_eq!(by(2019, world.now), refused);
}
