//! A synchronisation that the host carries out request by request.

use device::Transport as _;
use e2e::phone::Phone;
use e2e::play::{Pictures, Play, deliver};
use e2e::town::Town;
use e2e::weather::{Weather, Wire};
use server::clock::ServerClock;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::Edit;
use sync_core::id::InspectionId;

fn with_a_visit(test: impl FnOnce(&mut Phone, InspectionId)) {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let visit = play.inspection;
    let arrival = Arrival { inspection: visit, certificate_shown: true, plate: None, fix: None };
    play.wang.device.state(Statement::Arrived(arrival)).expect("an arrival");
    answer(&mut play.wang, visit, "LB-01");
    play.wang.network.turn(Weather::Fair);
    test(&mut play.wang, visit);
}

fn answer(phone: &mut Phone, visit: InspectionId, item: &str) {
    let item = item.parse().expect("an item");
    let edit = Edit::Answer { item, verdict: Verdict::Pass, note: String::new() };
    phone.device.edit(visit, edit).expect("an edit");
}

#[test]
fn what_is_written_while_a_request_travels_is_saved_and_sent_by_a_later_run() {
    with_a_visit(|phone, visit| {
        let mut wire = Wire::new(phone.network.clone());
        let mut run = phone.device.begin_sync().expect("a run");
        let mut written = false;
        while let Some(request) = phone.device.next_request(&mut run, &mut |_| {}).expect("a step")
        {
            if !written {
                answer(phone, visit, "LB-02");
                written = true;
            }
            let answer = wire.send(request);
            phone.device.take_answer(&mut run, answer).expect("an answer");
        }
        assert!(run.report().exchanges > 0);
        deliver(phone).expect("an empty outbox");
        let view = phone.device.inspection(visit).expect("the visit").expect("it is known");
        assert_eq!(view.draft.answers.len(), 2);
    });
}

#[test]
fn a_run_that_is_given_up_after_its_request_arrived_leaves_nothing_lost_and_nothing_twice() {
    with_a_visit(|phone, visit| {
        let mut wire = Wire::new(phone.network.clone());
        let mut run = phone.device.begin_sync().expect("a run");
        let request = phone.device.next_request(&mut run, &mut |_| {}).expect("a step");
        assert!(wire.send(request.expect("a request")).is_ok());
        drop(run);
        assert!(phone.device.outbox().expect("an outbox").waiting() > 0);
        deliver(phone).expect("an empty outbox");
        let view = phone.device.inspection(visit).expect("the visit").expect("it is known");
        assert_eq!(view.arrived.len(), 1);
    });
}
