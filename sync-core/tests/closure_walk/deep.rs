//! Everything that a closure rests on, twelve steps from the notice: service, replies, rechecks and their second signature,
//! new terms, the plan, the grade decided, lowered and raised, closures and their return. What no gate of a closure reads
//! (more time, pressure, dismissal) is tried in the other walk.

use std::collections::{BTreeSet, VecDeque};

use sync_core::Refusal;
use sync_core::act::capture::first_purpose;
use sync_core::act::notice::{
    ClosureDecision, Countersigned, GradeRaised, MajorDecision, Recheck, RectificationPlan, Reply,
    TermOrdered,
};
use sync_core::act::state::{self, HazardState};
use sync_core::act::{Fact, HazardCase, Statement};
use sync_core::calendar::Calendars;
use sync_core::case::act::Context;
use sync_core::case::fold::extend;
use sync_core::case::{Case, Of};
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Grade;
use sync_core::domain::notice::ServiceMethod;
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, DeviceId, FactId, PersonId};
use sync_core::ledger::fact::{Content as _, Signer, Stamp, Suite};
use sync_core::ledger::receipt::Receipt;
use sync_core::rules::due::{Owed, due};
use sync_core::rules::gates;
use sync_core::testing::builders::{NOTICE, blob, calendars, hazard_id, plan, reply};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::stages::{
    Stage, captured, countersigned, grade_raised, major_decision, plan_submitted, recheck, service,
    world_at,
};
use sync_core::testing::world::SERVER;
use sync_core::time::{SignedClock, Timestamp};

const DEPTH: usize = 12;

/// Photos of the state after that the enterprise and officers have at hand: as many as there can be rounds.
const AFTER: &[&str] = &["after-1", "after-2", "after-3", "after-4"];
const SEEN: &[&str] = &["seen-1", "seen-2", "seen-3", "seen-4", "seen-5", "seen-6"];

/// Nobody reads the signatures of a walk.
struct Unsigned;

impl Signer for Unsigned {
    fn suite(&self) -> Suite {
        Suite::P256
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(vec![0; 64])
    }
}

/// A case, and when it is asked.
#[derive(Clone)]
struct Point {
    case: Case,
    now: Timestamp,
    facts: u64,
}

impl Point {
    fn at(stage: Stage) -> Self {
        let world = world_at(stage);
        Self { case: world.case, now: world.now, facts: 1_000 }
    }

    fn hazard(&self) -> HazardCase<'_> {
        self.case.hazard(hazard_id(1)).expect("the first hazard")
    }

    fn state(&self) -> HazardState {
        state::of_hazard(&self.hazard())
    }

    fn is_overdue(&self) -> bool {
        state::is_overdue(&self.hazard(), self.now)
    }

    /// Takes a statement over, a minute later.
    fn take(&mut self, by: PersonId, statement: Statement) {
        self.facts += 1;
        self.now = self.now.plus_millis(60_000);
        let stamp = Stamp {
            author: by,
            device: DeviceId::from_bytes(*by.as_bytes()),
            seq: self.facts,
            prev: None,
            clock: SignedClock { wall: self.now, monotonic_ms: 0, boot: [0; 8], beacon: None },
            salt: [0; 16],
        };
        let fact = Fact::state(statement, stamp, &Unsigned).expect("a whole statement");
        let receipt = Receipt { fact: fact.id, place: self.facts, at: self.now };
        extend(&mut self.case, &fact, Some(receipt));
    }

    /// What the server states, and photos that both sides take as soon as they may.
    fn follow(&mut self, calendars: &Calendars) {
        for owed in due(&self.case, calendars, self.now).owed {
            // Nothing of a closure rests on papers.
            if matches!(owed, Owed::Papers(..)) {
                continue;
            }
            let Owed::Deadline(deadline) = owed else { panic!("owed: {owed:?}") };
            self.take(SERVER, Statement::DeadlineAssigned(deadline));
            if first_purpose(&self.case, &blob("after-1")).is_none() {
                for name in AFTER {
                    self.take(Who::Safety.id(), captured(name, Purpose::Rectified));
                }
                for name in SEEN {
                    self.take(Who::Colleague.id(), captured(name, Purpose::Recheck));
                }
            }
        }
    }
}

/// Everybody, and a second supervisor who was not there.
fn people() -> Vec<Person> {
    let deputy = Person { id: PersonId::from_bytes([0x77; 16]), ..Who::Supervisor.person() };
    Who::ALL.iter().map(|who| who.person()).chain([deputy]).collect()
}

fn rechecks<'c>(hazard: &HazardCase<'c>) -> Vec<(Of<'c, Recheck>, bool)> {
    let counted: BTreeSet<FactId> = hazard.rechecks().map(|it| it.fact).collect();
    hazard.all::<Recheck>().map(|it| (it, counted.contains(&it.fact))).collect()
}

/// What anyone may try, with honest and with dishonest photos. Photos of a kind are as good as one another, so the first
/// that was not shown stands for all of them.
fn attempts(point: &Point) -> Vec<Statement> {
    let hazard = point.hazard();
    let shown = hazard.photos();
    let fresh = |of: &[&'static str]| of.iter().copied().find(|it| !shown.contains(&blob(it)));
    let round = state::round_photos(&hazard);
    let again = AFTER.iter().copied().find(|it| round.contains(&blob(it)));
    let (after, seen) = (again.or(fresh(AFTER)), fresh(SEEN));
    let mut all = vec![
        service(ServiceMethod::Electronic),
        plan_submitted(),
        major_decision(true),
        major_decision(false),
        grade_raised(),
    ];
    let replies = after.iter().chain(&["found-1", "seen-1", "after-1", "never taken"]);
    all.extend(replies.map(|it| reply(&[it])));
    let passed = seen.iter().chain(&["found-1", "after-1", "seen-1", "never taken"]);
    all.extend(passed.map(|it| recheck(true, &[it])));
    all.extend([recheck(true, &[]), recheck(false, &[]), without_term()]);
    for (it, counted) in rechecks(&hazard) {
        if !counted {
            all.push(countersigned(Some(hazard_id(1)), it.fact));
        }
    }
    let last = hazard.last::<Recheck>().map(|it| it.fact);
    let passed = state::passed_recheck(&hazard).map(|it| it.fact);
    let replied = hazard.last::<Reply>().and_then(|it| it.body.photos.first().copied());
    let rechecked = hazard.last::<Recheck>().and_then(|it| it.body.photos.first().copied());
    let evidence = [
        replied.into_iter().collect(),
        rechecked.into_iter().collect(),
        replied.into_iter().chain(rechecked).collect(),
        vec![blob("after-1")],
        vec![blob("seen-1")],
        vec![blob("found-1")],
        replied.into_iter().chain([blob("found-1")]).collect(),
        vec![blob("never taken")],
        Vec::new(),
    ];
    for recheck in last.into_iter().chain(passed).collect::<BTreeSet<FactId>>() {
        all.push(term_ordered(recheck));
        all.push(closure(recheck, false, &[]));
        all.extend(evidence.iter().map(|it| closure(recheck, true, it)));
    }
    all
}

fn closure(recheck: FactId, approved: bool, evidence: &[BlobHash]) -> Statement {
    let reason = if approved { "" } else { "照片看不清" }.to_owned();
    let (notice, hazard, evidence) = (NOTICE, hazard_id(1), evidence.to_vec());
    Statement::ClosureDecided(ClosureDecision {
        notice,
        hazard,
        recheck,
        approved,
        reason,
        evidence,
    })
}

fn term_ordered(recheck: FactId) -> Statement {
    let (notice, hazard, term) = (NOTICE, hazard_id(1), Term::natural(5));
    let reason = "设备已到货，正在安装".to_owned();
    Statement::TermOrdered(TermOrdered { notice, hazard, recheck, term, reason })
}

fn without_term() -> Statement {
    match recheck(false, &[]) {
        Statement::Rechecked(it) => Statement::Rechecked(Recheck { new_term: None, ..it }),
        other => other,
    }
}

/// What of a case decides the answers of the gates of this walk: two ways to the same point are walked on once. Names are no
/// part of it: of facts, of photos that were not shown, of officers, and of the two supervisors who may do the same. Of what
/// was stated counts
/// - the last reply, and whether it still asks for a recheck;
/// - the last recheck that two officers signed, what came of it, and whether an earlier one set a term;
/// - rechecks that one officer signed: those after the last reply in their order, the last of those that say the same; of
///   those before it whether one failed, with or without a term.
fn essence(point: &Point) -> String {
    let hazard = point.hazard();
    let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
    let replied = hazard.last::<Reply>().map(|it| place(it.place));
    let open = state::open_reply(&hazard).is_some();
    let all = rechecks(&hazard);
    let last = all.iter().rev().find(|(_, counted)| *counted).map(|(it, _)| *it);
    let last_at = last.map(|it| place(it.place));
    let of_last = last.map(|it| {
        let mut closures = hazard.all::<ClosureDecision>();
        let returned = closures.any(|closure| closure.body.recheck == it.fact);
        let decided = hazard.all::<TermOrdered>().any(|term| term.body.recheck == it.fact);
        (it.body.passed, it.body.new_term.is_some(), returned, decided, replied > last_at)
    });
    let has_term = |it: &Of<'_, Recheck>| it.body.new_term.is_some();
    let retried = all.iter().any(|(it, counted)| *counted && has_term(it));
    let mut waiting = Vec::new();
    let mut old = BTreeSet::new();
    for (it, _) in all.iter().rev().filter(|(_, counted)| !counted) {
        let (at, said) = (Some(place(it.place)), (it.body.passed, has_term(it)));
        if at > replied {
            let text = (said, at > last_at);
            if !waiting.contains(&text) {
                waiting.push(text);
            }
        } else if !it.body.passed {
            old.insert(said);
        }
    }
    let served = hazard.service().is_some();
    let planned = hazard.first::<RectificationPlan>().is_some();
    let major = hazard.first::<MajorDecision>().map(|it| it.body.upheld);
    let raised = hazard.first::<GradeRaised>().is_some();
    let flags = (served, point.is_overdue(), planned, major, raised, replied.is_some(), open);
    format!("{flags:?} {of_last:?} {retried} {waiting:?} {old:?}")
}

/// What kinds of closures were reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    General,
    Raised,
    Upheld,
    Lowered,
    LoweredAndRaised,
}

/// Holds a closure to what has to have happened since the notice.
fn require_honest(case: &Case) -> Kind {
    let hazard = case.hazard(hazard_id(1)).expect("the first hazard");
    let closure = hazard.all::<ClosureDecision>().find(|it| it.body.approved).expect("a closure");
    let notice = hazard.notice.expect("a notice");
    // The recheck is the last that counts, was passed, and two officers signed it.
    let recheck = hazard.rechecks().next_back().expect("a recheck that counts");
    assert!(recheck.body.passed && recheck.fact == closure.body.recheck, "another recheck");
    let signers: BTreeSet<PersonId> = hazard
        .all::<Countersigned>()
        .filter(|it| it.body.statement == recheck.fact)
        .map(|it| it.by)
        .collect();
    assert!(signers.iter().any(|it| *it != recheck.by), "one officer alone rechecked");
    // Evidence: photos of the state after, taken since the notice, and not those of the finding.
    let found = hazard.item.expect("an order").photos.clone();
    let is_evidence = |photo: &BlobHash| {
        let taken = case
            .every::<sync_core::act::Capture>()
            .find(|it| it.body.photo.blob == *photo && it.body.photo.hazard == Some(hazard_id(1)));
        let since = taken.is_some_and(|it| it.at > notice.at);
        let after =
            matches!(first_purpose(case, photo), Some(Purpose::Rectified | Purpose::Recheck));
        since && after && !found.contains(photo)
    };
    for photos in [&closure.body.evidence, &recheck.body.photos] {
        assert!(!photos.is_empty() && photos.iter().all(is_evidence), "no evidence");
    }
    // Whoever closes took no part.
    let mut others: BTreeSet<PersonId> = plan().team.into_iter().collect();
    others.extend(hazard.all::<Reply>().map(|it| it.by));
    others.extend(hazard.all::<Recheck>().map(|it| it.by));
    others.extend(hazard.all::<Countersigned>().map(|it| it.by));
    assert!(!others.contains(&closure.by), "the approver took part");
    // A major one: decided by somebody who was not there, and with a plan; where it counts as general since somebody
    // decided so, two supervisors agreed.
    let decided = hazard.first::<MajorDecision>();
    assert!(decided.is_none_or(|it| !others.contains(&it.by)), "decided by who was there");
    let raised = hazard.first::<GradeRaised>();
    assert!(raised.is_none_or(|it| !others.contains(&it.by)), "raised by who was there");
    assert_eq!(decided.is_some(), hazard.is_ordered_as_major(), "undecided");
    let major = state::grade(&hazard) == Some(Grade::Major);
    let planned = hazard.first::<RectificationPlan>();
    assert!(!major || planned.is_some_and(|it| it.place < closure.place), "no plan");
    match (decided.map(|it| (it.by, it.body.upheld)), raised.is_some()) {
        (None, false) => Kind::General,
        (None, true) => Kind::Raised,
        (Some((_, true)), _) => Kind::Upheld,
        (Some((by, false)), false) => {
            assert_ne!(by, closure.by, "one supervisor lowered and closed");
            Kind::Lowered
        }
        (Some((_, false)), true) => Kind::LoweredAndRaised,
    }
}

/// Walks from a stage. Says how many points were seen, and each kind of closure with how often it was reached.
fn walk(stage: Stage) -> (usize, Vec<(Kind, usize)>) {
    let (people, zone, calendars) = (people(), zone(), calendars());
    let begin = Point::at(stage);
    let unmet = |point: &Point, person: &Person, statement: &Statement, zone: &Catalogue| {
        let context = Context::new(person, point.now, zone.into());
        gates::unmet(statement, &point.case, &context)
    };
    let mut seen = BTreeSet::from([essence(&begin)]);
    let mut closed: std::collections::BTreeMap<Kind, usize> = std::collections::BTreeMap::new();
    let mut queue = VecDeque::from([(begin, 0)]);
    while let Some((point, depth)) = queue.pop_front() {
        if depth == DEPTH {
            continue;
        }
        let mut reached: Vec<Point> = Vec::new();
        for statement in attempts(&point) {
            for person in &people {
                if statement.validate().is_err()
                    || !unmet(&point, person, &statement, &zone).is_empty()
                {
                    continue;
                }
                let mut next = point.clone();
                next.take(person.id, statement.clone());
                next.follow(&calendars);
                reached.push(next);
            }
        }
        if state::running(&point.hazard()).is_some() && !point.is_overdue() {
            let mut late = point.clone();
            late.now = late.now.plus_millis(40 * 24 * 3_600_000);
            reached.push(late);
        }
        for next in reached {
            if next.state() == HazardState::Closed {
                *closed.entry(require_honest(&next.case)).or_default() += 1;
            } else if seen.insert(essence(&next)) {
                queue.push_back((next, depth + 1));
            }
        }
    }
    (seen.len(), closed.into_iter().collect())
}

#[test]
fn twelve_steps_from_a_notice_close_nothing_without_evidence_two_officers_plan_and_approver() {
    let (seen, closed) = walk(Stage::Issued);
    println!("{seen} points, {closed:?}");
    assert_eq!(closed.iter().map(|it| it.0).collect::<Vec<_>>(), [Kind::General, Kind::Raised]);
    let (seen, closed) = walk(Stage::MajorIssued);
    println!("{seen} points, {closed:?}");
    let kinds: Vec<Kind> = closed.iter().map(|it| it.0).collect();
    assert_eq!(kinds, [Kind::Upheld, Kind::Lowered, Kind::LoweredAndRaised]);
}
