//! Many parallel changes of one draft stop nobody from writing.

use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit, EditSession};
use sync_core::id::{DeviceId, InspectionId, PersonId};
use sync_core::testing::builders::edit_session;
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal, limits};

const VISIT: InspectionId = InspectionId::from_bytes([9; 16]);
const WANG: PersonId = PersonId::from_bytes([1; 16]);
const LI: PersonId = PersonId::from_bytes([2; 16]);

fn answer(n: usize, verdict: Verdict) -> Edit {
    Edit::Answer { item: format!("XF-{n:02}").parse().expect("item"), verdict, note: String::new() }
}

fn session(n: usize) -> EditSession {
    let mut entropy = [0xC0; 16];
    entropy[..8].copy_from_slice(&(n as u64).to_be_bytes());
    EditSession::new(LI, DeviceId::from_bytes([3; 16]), entropy)
}

/// The same answer, written `count` times by sessions that have not seen each other.
fn crowd(count: usize) -> Result<Vec<Vec<u8>>, Refusal> {
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::NotApplicable];
    (0..count)
        .map(|n| {
            let edits = [answer(1, verdicts[n % 3])];
            let mut written = Draft::new(VISIT)?.commit(session(n), &edits)?;
            Ok(written.remove(0))
        })
        .collect()
}

fn joined(changes: &[Vec<u8>]) -> Result<Draft, Refusal> {
    Draft::open(VISIT, changes.iter().map(Vec::as_slice))
}

/// Shows changes to a draft of somebody else, who has the crowd, too.
fn takes_over(crowd: &[Vec<u8>], written: &[Vec<u8>], author: &Draft) -> Result<(), Refusal> {
    let mut other = joined(crowd)?;
    for change in written {
        other.admit(change)?;
    }
    assert_eq!(other.heads(), author.heads());
    assert_eq!(other.view(), author.view());
    Ok(())
}

#[test]
fn sixty_five_parallel_changes_do_not_stop_the_next_one() -> Result<(), Refusal> {
    for count in [64, 65, 66, 127, 128, 129] {
        let crowd = crowd(count)?;
        let mut wang = joined(&crowd)?;
        assert_eq!(wang.heads().len(), count);
        let written = wang.commit(edit_session(WANG, 1), &[answer(2, Verdict::Pass)])?;
        assert_eq!(wang.heads().len(), 1, "{count}");
        takes_over(&crowd, &written, &wang)?;
        assert_eq!(wang.parallels().len(), 1, "{count}: another answer decides nothing");
    }
    Ok(())
}

#[test]
fn an_officer_who_wrote_before_the_crowd_came_goes_on() -> Result<(), Refusal> {
    let own = edit_session(WANG, 1);
    let mut wang = Draft::new(VISIT)?;
    let mut all = wang.commit(own, &[answer(2, Verdict::Pass)])?;
    let crowd = crowd(200)?;
    for change in &crowd {
        wang.admit(change)?;
    }
    all.extend(wang.commit(own, &[answer(2, Verdict::Fail)])?);
    all.extend(wang.commit(own, &[answer(3, Verdict::Pass)])?);
    assert_eq!(wang.heads().len(), 1);
    takes_over(&crowd, &all, &wang)
}

#[test]
fn hundreds_of_values_of_one_answer_are_decided_by_one() -> Result<(), Refusal> {
    let crowd = crowd(300)?;
    let mut wang = joined(&crowd)?;
    let own = edit_session(WANG, 1);
    // What is written first joins the heads, so that the answer has all of its values at once then.
    let mut all = wang.commit(own, &[answer(2, Verdict::Pass)])?;
    assert_eq!(wang.parallels().len(), 1);
    let (subject, field, _) = wang.parallels().remove(0);
    let chosen = Edit::Resolve { subject, field, value: "fail".to_owned() };
    all.extend(wang.commit(own, &[chosen])?);
    assert_eq!(wang.parallels(), []);
    takes_over(&crowd, &all, &wang)
}

#[test]
fn a_whole_checklist_that_thirty_answered_in_parallel_can_be_answered_again() -> Result<(), Refusal>
{
    let checklist = |verdict| (0..169).map(|n| answer(n, verdict)).collect::<Vec<_>>();
    let mut crowd = Vec::new();
    for n in 0..30 {
        let verdict = if n % 2 == 0 { Verdict::Pass } else { Verdict::NotApplicable };
        crowd.extend(Draft::new(VISIT)?.commit(session(n), &checklist(verdict))?);
    }
    let mut wang = joined(&crowd)?;
    let written = wang.commit(edit_session(WANG, 1), &checklist(Verdict::Fail))?;
    assert_eq!(wang.parallels(), []);
    takes_over(&crowd, &written, &wang)
}

#[test]
fn a_change_that_names_more_heads_than_one_may_is_refused() -> Result<(), Refusal> {
    let crowd = crowd(65)?;
    let mut foreign = automerge::Automerge::new();
    let genesis = Draft::new(VISIT)?.snapshot()?;
    foreign.merge(&mut automerge::Automerge::load(&genesis).expect("a document")).expect("merge");
    for change in &crowd {
        let change = automerge::Change::try_from(change.as_slice()).expect("a change");
        foreign.apply_changes([change]).expect("applies");
    }
    foreign.set_actor(automerge::ActorId::from(&[3u8; 16][..]));
    let mut transaction = foreign.transaction();
    let put = automerge::transaction::Transactable::put;
    put(&mut transaction, automerge::ROOT, "x", "y").expect("a put");
    transaction.commit();
    let change = foreign.get_last_local_change().expect("a change");
    let refused = joined(&crowd)?.admit(change.raw_bytes()).expect_err("65 heads");
    assert_eq!(refused, Refusal::new(Code::ChangeRefused).detail("number too large"));
    Ok(())
}

#[test]
fn a_crowd_that_agrees_can_be_sealed() -> Result<(), Refusal> {
    let mut draft = Draft::new(VISIT)?;
    for n in 0..70 {
        let change = Draft::new(VISIT)?.commit(session(n), &[answer(1, Verdict::Pass)])?;
        draft.admit(&change[0])?;
    }
    assert_eq!(draft.heads().len(), 70);
    let at = Timestamp::from_millis(0);
    let record = draft.record(at, at, "2026-11-23".to_owned())?;
    assert_eq!(record.draft.len(), limits::DRAFT_HEADS);
    Ok(())
}
