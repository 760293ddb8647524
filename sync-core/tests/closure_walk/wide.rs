//! Everything that anybody may try, seven steps from many stages.

use std::collections::{BTreeSet, VecDeque};

use sync_core::act::HazardCase;
use sync_core::act::Statement;
use sync_core::act::capture::{Capture, first_purpose};
use sync_core::act::notice::{
    ClosureDecision, Countersigned, DismissalProposed, Dismissed, Escalated, MajorDecision,
    Recheck, Reply,
};
use sync_core::act::state;
use sync_core::act::state::HazardState;
use sync_core::case::Case;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Grade;
use sync_core::id::{BlobHash, PersonId};
use sync_core::testing::builders::{blob, hazard_id, plan, reply};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{
    Stage, captured, closure, countersigned, dismissal_proposed, dismissed, escalation,
    extension_decision, extension_request, major_decision, recheck, world_at,
};
use sync_core::testing::world::World;

const DEPTH: usize = 7;

/// What anyone may try, with honest and with dishonest photos.
fn attempts(world: &World) -> Vec<Statement> {
    let mut all = vec![
        captured("after-9", Purpose::Rectified),
        captured("found-1", Purpose::Rectified),
        captured("seen-9", Purpose::Recheck),
        captured("found-1", Purpose::Recheck),
        extension_request(),
        extension_decision(world, None),
        escalation(Escalation::Reminder),
        dismissal_proposed(),
        dismissed(),
        closure(world, false, &[]),
        major_decision(true),
        major_decision(false),
    ];
    for names in [&["after-9"][..], &["found-1"], &["seen-9"], &["never captured"]] {
        all.extend([reply(names), recheck(true, names), closure(world, true, names)]);
    }
    all.extend([recheck(true, &[]), recheck(false, &[]), closure(world, true, &[])]);
    let hazard = world.case.hazard(hazard_id(1)).expect("the first hazard");
    if let Some(last) = hazard.last::<Recheck>() {
        all.push(countersigned(Some(hazard_id(1)), last.fact));
    }
    all
}

/// People who differ in what they may do; more of a kind would only repeat the walk.
const ACTORS: &[Who] = &[
    Who::Lead,
    Who::Second,
    Who::Colleague,
    Who::Assistant,
    Who::Supervisor,
    Who::WitnessSupervisor,
    Who::Safety,
    Who::OtherSafety,
    Who::Coordinator,
    Who::Administrator,
    Who::Auditor,
];

/// What of a case decides the answers of gates, without the names of facts: two ways to the same
/// point are walked on once. How often something was repeated does not matter beyond twice.
fn essence(case: &Case) -> String {
    let hazard = case.hazard(hazard_id(1)).expect("the first hazard");
    let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
    let mut events: Vec<(u64, String)> = Vec::new();
    for it in hazard.all::<Reply>() {
        events.push((place(it.place), format!("reply {:?}", it.body.photos)));
    }
    for it in hazard.all::<Recheck>() {
        let text = format!("recheck {:?} {} {:?}", it.by, it.body.passed, it.body.photos);
        events.push((place(it.place), text));
    }
    for it in hazard.all::<Countersigned>() {
        events.push((place(it.place), "countersigned".to_owned()));
    }
    for it in hazard.all::<ClosureDecision>() {
        events
            .push((place(it.place), format!("close {} {:?}", it.body.approved, it.body.evidence)));
    }
    events.sort();
    events.dedup_by(|a, b| a.1 == b.1);
    let events: Vec<String> = events.into_iter().map(|(_, text)| text).collect();
    let photos: BTreeSet<BlobHash> = case.every::<Capture>().map(|it| it.body.photo.blob).collect();
    let proposers: BTreeSet<PersonId> =
        hazard.internal::<DismissalProposed>().map(|it| it.by).collect();
    let pending = state::pending_extension(&hazard).is_some();
    let dismissed = hazard.first::<Dismissed>().is_some();
    let escalated = hazard.first::<Escalated>().is_some();
    let major = hazard.first::<MajorDecision>().map(|it| (it.by, it.body.upheld));
    format!("{events:?} {photos:?} {proposers:?} {pending} {dismissed} {escalated} {major:?}")
}

fn require_honest(case: &Case, hazard: &HazardCase<'_>) {
    let closure = hazard.all::<ClosureDecision>().find(|it| it.body.approved).expect("a closure");
    let recheck = hazard.all::<Recheck>().find(|it| it.fact == closure.body.recheck);
    let recheck = recheck.expect("the recheck that the closure names");
    let last = hazard.last::<Recheck>().map(|it| it.fact);
    assert!(recheck.body.passed && last == Some(recheck.fact));
    let signed = hazard.all::<Countersigned>().filter(|it| it.body.statement == recheck.fact);
    let signers: Vec<PersonId> = signed.map(|it| it.by).collect();
    assert!(!signers.is_empty() && !signers.contains(&recheck.by), "two officers rechecked");
    let after = |blob: &BlobHash| {
        let purpose = first_purpose(case, blob);
        let of_hazard = case
            .every::<Capture>()
            .any(|it| it.body.photo.blob == *blob && it.body.photo.hazard == Some(hazard_id(1)));
        of_hazard && matches!(purpose, Some(Purpose::Rectified | Purpose::Recheck))
    };
    let found = blob("found-1");
    for photos in [&closure.body.evidence, &recheck.body.photos] {
        assert!(!photos.is_empty() && photos.iter().all(after) && !photos.contains(&found));
    }
    let mut others: BTreeSet<PersonId> = plan().team.into_iter().collect();
    let graded = hazard.item.as_ref().map(|item| item.grade);
    let decided = hazard.first::<MajorDecision>();
    assert_eq!(decided.is_some(), graded == Some(Grade::Major), "decided if it was graded major");
    if let Some(decided) = decided {
        assert!(!others.contains(&decided.by), "who decided took part in the visit");
        assert!(decided.place < closure.place, "decided after the closure");
    }
    others.insert(recheck.by);
    others.extend(hazard.all::<Reply>().map(|it| it.by));
    assert!(!others.contains(&closure.by), "the approver took part");
    assert!(hazard.all::<Reply>().all(|it| it.by != recheck.by), "the rectifier rechecked");
}

/// Walks from a stage and says how many points were seen and how many closed ones.
fn walk(stage: Stage) -> (usize, usize) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut queue = VecDeque::from([(world_at(stage), 0)]);
    let mut closed = 0;
    while let Some((world, depth)) = queue.pop_front() {
        let state = state::hazard(&world.case, hazard_id(1), world.now).expect("known").state;
        if state == HazardState::Closed {
            closed += 1;
            require_honest(&world.case, &world.case.hazard(hazard_id(1)).expect("known"));
        }
        if depth == DEPTH {
            continue;
        }
        for statement in attempts(&world) {
            for who in ACTORS {
                if world.check(*who, &statement).is_err() {
                    continue;
                }
                let mut next = world.clone();
                next.insist(*who, statement.clone()).expect("signed");
                next.clerk();
                if seen.insert(essence(&next.case)) {
                    queue.push_back((next, depth + 1));
                }
            }
        }
    }
    (seen.len(), closed)
}

#[test]
fn no_allowed_way_closes_a_hazard_without_a_photo_after_and_three_people() {
    for stage in [Stage::Served, Stage::Overdue, Stage::Replied, Stage::Failed, Stage::MajorPassed]
    {
        let (seen, closed) = walk(stage);
        assert!(seen > 100 && closed > 10, "{}: {seen} and {closed}", stage.name());
    }
}
