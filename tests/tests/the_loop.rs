//! The main job, from a plan to a closed hazard, by real devices against a real server.

use e2e::play::{Pictures, Play};
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::time::CivilDate;

#[test]
fn a_visit_without_signal_becomes_a_closed_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let morning = CivilDate::new(2026, 11, 23).expect("a date").start().plus_millis(9 * 3_600_000);
    let clock = ServerClock::standing_at(morning);
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play =
        Play::new(&mut town, Pictures::Small, |line| println!("{line}")).expect("phones");
    play.whole().expect("the loop");
}

#[test]
fn the_loop_holds_when_the_server_is_killed_in_the_storm() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::process(folder.path(), "127.0.0.1:0").expect("a town");
    let mut play =
        Play::new(&mut town, Pictures::Small, |line| println!("{line}")).expect("phones");
    play.whole().expect("the loop");
}
