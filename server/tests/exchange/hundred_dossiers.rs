//! A hundred dossiers for which the server owes something, one of them broken in whatever way: the others have their
//! notices and deadlines, the one has an entry with its reason, and nobody looks at it without a pause.

use std::sync::Arc;

use server::store::streams::{self, StreamKey};
use server::store::{Db, set_aside};
use sync_core::act::Statement;
use sync_core::domain::catalogue::Department;
use sync_core::refusal::Code;
use sync_core::testing::builders::hazard_id;
use sync_core::time::Timestamp;

use super::staged::{Copy, Laying, Stage, Table};
use super::world::{self, Zone};
use crate::database::tamper;

const DOSSIERS: usize = 100;

/// What is wrong with one of the dossiers.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Rows of its visit were changed behind the server's back.
    Visit(&'static str),
    /// Rows of its notice were.
    Notice(&'static str),
    /// A critical fact of a kind that this build does not know is in its visit.
    Unknown,
    /// Its department gives out no numbers, or is not in the catalogue.
    Department(&'static str),
    /// A deadline was claimed for it whose fact is not there.
    Claimed,
}

/// Each fault with the reason under which the dossier is set aside; none where what is wrong is told by something else.
const BEFORE_THE_NOTICE: &[(&str, Fault, Option<Code>)] = &[
    (
        "a fact that is no fact",
        Fault::Visit("UPDATE facts SET bytes = id WHERE stream = $1 AND place = 3"),
        Some(Code::RecordDamaged),
    ),
    (
        "another fact in the place of one",
        Fault::Visit(
            "UPDATE facts SET bytes = (SELECT other.bytes FROM facts AS other \
             WHERE other.stream = $1 AND other.place = 2) WHERE stream = $1 AND place = 3",
        ),
        Some(Code::RecordDamaged),
    ),
    (
        "another time",
        Fault::Visit("UPDATE facts SET received_at = received_at - 1 WHERE stream = $1"),
        Some(Code::RecordDamaged),
    ),
    (
        "no seal",
        Fault::Visit("UPDATE facts SET seal = NULL WHERE stream = $1 AND place = 7"),
        Some(Code::RecordDamaged),
    ),
    (
        "a name that is none",
        Fault::Visit("UPDATE facts SET id = stream WHERE stream = $1 AND place = 3"),
        Some(Code::RecordDamaged),
    ),
    (
        "a device that is none",
        Fault::Visit("UPDATE facts SET device = stream WHERE stream = $1 AND place = 9"),
        Some(Code::RecordDamaged),
    ),
    (
        "a row that is gone from the middle",
        Fault::Visit("DELETE FROM facts WHERE stream = $1 AND place = 3"),
        Some(Code::RecordDamaged),
    ),
    (
        "a last row that is gone",
        Fault::Visit("DELETE FROM facts WHERE stream = $1 AND place = 9"),
        Some(Code::RecordDamaged),
    ),
    (
        "a count that is too high",
        Fault::Visit("UPDATE streams SET facts = facts + 1 WHERE stream = $1"),
        Some(Code::RecordDamaged),
    ),
    (
        "a count that is too low",
        Fault::Visit("UPDATE streams SET facts = facts - 1 WHERE stream = $1"),
        None,
    ),
    (
        "links that are none",
        Fault::Visit("UPDATE streams SET linked = enterprise WHERE stream = $1"),
        None,
    ),
    (
        "a link to nothing",
        Fault::Visit(
            "UPDATE streams SET linked = (SELECT substr(id, 1, 17) FROM facts \
             WHERE stream = $1 AND place = 1) WHERE stream = $1",
        ),
        Some(Code::RecordDamaged),
    ),
    (
        "an enterprise that is none",
        Fault::Visit("UPDATE streams SET enterprise = stream WHERE stream = $1"),
        None,
    ),
    (
        "a department that is none",
        Fault::Visit("UPDATE streams SET department = 'NO SUCH' WHERE stream = $1"),
        None,
    ),
    (
        "an item in quarantine that cannot be read",
        Fault::Visit(
            "INSERT INTO quarantine (item, form, stream, author, device, code, received_at, bytes, \
             state) VALUES ($1, 0, $1, $1, $1, 407, 0, $1, 0)",
        ),
        None,
    ),
    ("a kind of the future", Fault::Unknown, Some(Code::NewerAppNeeded)),
    ("a department without a series", Fault::Department("jingfa"), Some(Code::DepartmentNoPower)),
    (
        "a department that nobody knows",
        Fault::Department("nirgends"),
        Some(Code::DepartmentNoPower),
    ),
];

const AFTER_SERVICE: &[(&str, Fault, Option<Code>)] = &[
    ("a notice without a row", Fault::Notice("DELETE FROM streams WHERE stream = $1"), None),
    (
        "a service that is gone",
        Fault::Notice("DELETE FROM facts WHERE stream = $1 AND place = 2"),
        Some(Code::RecordDamaged),
    ),
    (
        "a notice that is none",
        Fault::Notice("UPDATE facts SET id = stream WHERE stream = $1 AND place = 1"),
        Some(Code::RecordDamaged),
    ),
    ("a deadline that was claimed", Fault::Claimed, Some(Code::StorageFailed)),
];

async fn zone(table: &Table) -> Zone {
    let folder = tempfile::tempdir().unwrap();
    let hands = table.hands(1);
    Zone { shared: world::open(folder.path(), table.directory(&hands)).await, folder }
}

/// Lays a hundred copies of a stage; the one in the middle is broken.
async fn laid(table: &Table, zone: &Zone, stage: &Stage, fault: Fault) -> Copy {
    let mut laying = Laying::of(table, stage);
    let mut broken = None;
    for number in 0..DOSSIERS {
        let odd = number == DOSSIERS / 2;
        let copy = match fault {
            Fault::Department(name) if odd => laying.copy_with(&|statement| {
                if let Statement::Planned(plan) = statement {
                    plan.department = name.parse().unwrap();
                }
            }),
            _ => laying.copy(),
        };
        if odd {
            if matches!(fault, Fault::Unknown) {
                laying.add_unknown(&copy);
            }
            broken = Some(copy);
        }
    }
    laying.write(zone).await;
    let broken = broken.unwrap();
    let visit = StreamKey::inspection(broken.visit()).as_bytes().to_vec();
    let notice = StreamKey::notice(broken.notice()).as_bytes().to_vec();
    let pool = &zone.shared.pool;
    let changed = match fault {
        Fault::Visit(text) => tamper(pool, text, &[visit]).await,
        Fault::Notice(text) => tamper(pool, text, &[notice]).await,
        Fault::Claimed => {
            let text = "INSERT INTO deadlines (hazard, cause, fact) \
                 SELECT $1, id, id FROM facts WHERE stream = $2 AND place = 3";
            tamper(pool, text, &[hazard_id(1).as_bytes().to_vec(), notice]).await
        }
        Fault::Unknown | Fault::Department(_) => 1,
    };
    assert!(changed > 0, "{fault:?}");
    broken
}

/// What is wrong after the clerk has worked.
async fn found(zone: &Zone, now: Timestamp, stated: usize, reason: Option<Code>) -> Option<String> {
    let mut pending = zone.shared.writer.pending();
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let aside = set_aside::list(&mut db, 10).await.unwrap();
    let codes: Vec<Code> = aside.iter().map(|it| it.refusal.code).collect();
    let owed = DOSSIERS - usize::from(reason.is_some());
    if stated != owed || codes != Vec::from_iter(reason) {
        return Some(format!("{stated} stated, set aside {codes:?}"));
    }
    if let Some(what) = restless(&mut db, now).await {
        return Some(what);
    }
    drop(db);
    // The clerk sleeps: nothing waits, and looking again neither states nor writes anything that wakes it.
    pending.mark_unchanged();
    let again = zone.clerk(now).await;
    if again > 0 || pending.has_changed().unwrap() {
        return Some(format!("{again} stated again"));
    }
    None
}

async fn restless(db: &mut Db, now: Timestamp) -> Option<String> {
    let waiting = streams::pending(db, now, 10).await.unwrap().len();
    let next = streams::next_look(db).await.unwrap();
    let soon = next.is_some_and(|at| at <= now.plus_millis(60_000));
    (waiting > 0 || soon).then(|| format!("{waiting} wait, looked at again at {next:?}"))
}

async fn try_all(stage: fn(&Table) -> Stage, faults: &'static [(&str, Fault, Option<Code>)]) {
    let table = Table::read();
    let tries = faults.iter().map(|(name, fault, reason)| {
        let table = Arc::clone(&table);
        async move {
            let (zone, stage) = (zone(&table).await, stage(&table));
            laid(&table, &zone, &stage, *fault).await;
            let stated = zone.clerk(stage.now).await;
            found(&zone, stage.now, stated, *reason).await.map(|what| format!("{name}: {what}"))
        }
    });
    let mut wrong = Vec::new();
    for it in world::few_at_once(tries).await {
        match it {
            Ok(what) => wrong.extend(what),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_visits_one_that_fails_in_any_way_holds_up_no_notice() {
    try_all(|table| table.stage("complete").clone(), BEFORE_THE_NOTICE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_notices_one_that_fails_in_any_way_holds_up_no_deadline() {
    try_all(Table::owing_deadlines, AFTER_SERVICE).await;
}

#[tokio::test]
async fn what_was_set_aside_is_stated_once_its_reason_is_gone() {
    let table = Table::read();
    let (zone, stage) = (zone(&table).await, table.stage("complete").clone());
    laid(&table, &zone, &stage, Fault::Department("jingfa")).await;
    assert_eq!(zone.clerk(stage.now).await, DOSSIERS - 1);
    let mut directory = table.directory(&table.hands(1));
    let series = |it: &&mut Department| it.id.as_str() == "jingfa";
    let department = directory.departments.iter_mut().find(series).unwrap();
    department.series = Some(("枣高".into(), "经责改".into()));
    department.enforcement = true;
    zone.shared.directory.replace(directory);
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let again = streams::next_look(&mut db).await.unwrap().unwrap();
    assert_eq!(zone.clerk(again.plus_millis(-1)).await, 0);
    assert_eq!(zone.clerk(again).await, 1);
    assert!(set_aside::list(&mut db, 10).await.unwrap().is_empty());
}
