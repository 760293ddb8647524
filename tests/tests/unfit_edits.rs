//! An edit that no change could carry is refused when it is made, and the draft goes on.

use e2e::phone::Phone;
use e2e::play::{Pictures, Play, until};
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, HazardField, MeasureDraft};
use sync_core::id::{Digest, HazardId};
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

#[test]
fn a_visit_that_is_full_takes_no_more_and_is_sealed_and_ordered_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = Town::inside(folder.path(), ServerClock::System).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("planned");
    play.visit_without_signal().expect("visited");
    play.return_in_a_storm().expect("everything arrives");
    let visit = play.inspection;
    let device = &mut play.wang.device;
    let by = device.person().expect("signed in").id;
    let mut filled = Vec::new();
    let refusal = loop {
        let draft = HazardDraft {
            item: None,
            description: format!("第 {} 处：", filled.len()) + &"患".repeat(1_900),
            place: "车间".to_owned(),
            basis: Clause { document: "AQF".into(), clause: "第四十一条".into() },
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: by,
        };
        let hazard = HazardId::from_entropy(
            *Digest::of(draft.description.as_bytes()).as_bytes().first_chunk().expect("16"),
        );
        if let Err(refusal) = device.edit(visit, Edit::AddHazard { hazard, draft }) {
            break refusal;
        }
        let view = device.inspection(visit).expect("readable").expect("known");
        filled.push(view.filled);
    };
    assert_eq!(refusal.code, Code::DraftFull);
    assert!(filled.len() > 20 && filled.is_sorted(), "{filled:?}");
    assert!(filled.last().is_some_and(|it| (90..=100).contains(it)), "{filled:?}");
    play.decide_and_sign().expect("sealed and signed");
    let ordered = |phone: &Phone| {
        let notices = phone.device.notices()?;
        Ok(notices.iter().any(|it| it.hazards.len() > filled.len()))
    };
    until(&mut play.wang, "the notice", ordered).expect("ordered");
}
