//! An edit that no change could carry is refused when it is made, and the draft goes on.

use e2e::phone::Phone;
use e2e::play::{Pictures, Play};
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Edit, HazardField};
use sync_core::{Code, limits};

fn refused(phone: &mut Phone, play: (sync_core::id::InspectionId, Edit), code: Code) {
    let refusal = phone.device.edit(play.0, play.1).expect_err("refused");
    assert_eq!(refusal.code, code);
}

#[test]
fn an_edit_that_no_change_could_carry_is_refused_before_it_is_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::inside(folder.path(), ServerClock::System).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("planned");
    play.visit_without_signal().expect("visited");
    let (visit, hazard) = (play.inspection, play.hazards.passage);
    let long = "长".repeat(limits::TEXT_CHARS + 1);
    let reason = " ".to_owned();
    refused(&mut play.wang, (visit, Edit::Withdraw { hazard, reason }), Code::ReasonNeeded);
    let field = HazardField::Description(long.clone());
    refused(&mut play.wang, (visit, Edit::SetHazard { hazard, field }), Code::FieldTooLong);
    let answer =
        Edit::Answer { item: "XF-01".parse().expect("a code"), verdict: Verdict::Pass, note: long };
    refused(&mut play.wang, (visit, answer), Code::FieldTooLong);
    play.return_in_a_storm().expect("everything arrives");
}
