//! A device that knows years of cases lists what is open without them.

use e2e::archive;
use e2e::town::{Town, fixtures};
use server::clock::ServerClock;
use sync_core::domain::account::Role;
use sync_core::ledger::stream::StreamId;

const OPEN: usize = 3;
const SETTLED: usize = 7;

#[test]
fn settled_cases_leave_the_lists_of_open_work_and_are_found_among_the_settled() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::inside(folder.path(), ServerClock::System).expect("a town");
    let passwords: Vec<String> =
        town.accounts.values().map(|it| format!("{}\t{}", it.username, it.password)).collect();
    let zone = fixtures().join("towns/zaozhuang.json");
    archive::fill(&town.address, &zone, &passwords.join("\n"), OPEN, SETTLED).expect("cases");
    let supervisor = town.accounts.values().find(|it| {
        let department = it.person.department.as_ref();
        it.person.role == Role::Supervisor && department.is_some_and(|it| it.as_str() == "yingji")
    });
    let username = supervisor.expect("a supervisor").username.clone();
    let mut phone = town.phone(&username).expect("a phone");
    phone.sync().expect("a synchronisation");
    for _ in 0..2 {
        let open = phone.device.open_notices(0, 2).expect("notices");
        assert_eq!((open.total, open.rows.len()), (OPEN, 2));
        assert_eq!(phone.device.open_notices(2, 9).expect("notices").rows.len(), OPEN - 2);
        let about = phone.device.about(&[StreamId::notice(open.rows[0].id)]).expect("a notice");
        assert_eq!(about[0].enterprise, Some(open.rows[0].enterprise));
        assert_eq!(about[0].number.as_ref(), Some(&open.rows[0].number));
        let worklist = phone.device.worklist(9, 9).expect("a worklist");
        assert_eq!((worklist.waiting.total, worklist.overdue.total), (0, 0));
        assert_eq!(phone.device.open_tasks().expect("tasks").len(), OPEN);
        let settled = phone.device.settled_notices(0, 100).expect("notices");
        assert_eq!(settled.len(), SETTLED);
        let page = phone.device.settled_notices(2, 3).expect("notices");
        let same = page.iter().zip(&settled[2..5]).all(|(a, b)| a.id == b.id);
        assert!(same && page.len() == 3);
        phone = phone.restart().expect("a restart");
    }
    assert_eq!(phone.device.notices().expect("notices").len(), OPEN + SETTLED);
}
