//! Honest work beside the attack: visits that go through the whole loop. Each step asks the gate of the device first, over
//! everything that it may read, and then has to be taken over.

use sync_core::act::{Fact, Statement, visit};
use sync_core::case::act::Context;
use sync_core::case::fold::extend;
use sync_core::domain::hazard::Grade;
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, Edit, EditSession, HazardDraft, MeasureDraft};
use sync_core::id::{Digest, HazardId, InspectionId};
use sync_core::ledger::fact::Content as _;
use sync_core::ledger::stream::StreamId;
use sync_core::rules::gates;

use super::cast::place;
use super::statements::{clause, hazard_id, id, inspection, statements};
use super::world::{Planted, Secret, World};

/// A visit that honest people carry out.
pub(crate) struct Visit {
    number: u32,
    /// Everybody who has a say in it is honest: every step has to succeed.
    pub(crate) strict: bool,
    step: usize,
    pub(crate) done: bool,
    drafts: u8,
}

/// A step of the loop. Some come again, with photos of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Plan,
    Arrive,
    Photograph,
    OrderMeasure,
    Write,
    FinishPart,
    Seal,
    Cosign,
    PartySign,
    Clerk,
    Serve,
    Countersign,
    Propose,
    Dismiss,
    DecideMajor,
    RaiseGrade,
    AskForTime,
    GiveTime,
    SubmitPlan,
    AskToResume,
    LetResume,
    Reply(u8),
    Recheck(u8),
    OrderTerm,
    Close,
}

/// What becomes of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Something is stopped at once, and goes on with consent.
    Stopped,
    /// The hazard is graded major at the visit.
    Major,
    /// It is rechecked three times.
    Failed,
    /// The grade is raised after the notice.
    Raised,
    /// It is dismissed.
    Dismissed,
}

impl Course {
    const ALL: &[Self] = &[Self::Stopped, Self::Major, Self::Failed, Self::Raised, Self::Dismissed];
}

const EVERY: &[Course] = Course::ALL;
const RECTIFIED: &[Course] = &[Course::Stopped, Course::Major, Course::Failed, Course::Raised];

/// The whole loop: who does what, in this order, and in which visits.
const LOOP: &[(&str, Step, &[Course])] = &[
    ("supervisor", Step::Plan, EVERY),
    ("officer", Step::Arrive, EVERY),
    ("officer", Step::Photograph, EVERY),
    ("officer", Step::OrderMeasure, &[Course::Stopped]),
    ("officer", Step::Write, EVERY),
    ("partner", Step::Arrive, EVERY),
    ("partner", Step::Write, EVERY),
    ("partner", Step::FinishPart, EVERY),
    ("officer", Step::Write, EVERY),
    ("officer", Step::Seal, EVERY),
    ("partner", Step::Cosign, EVERY),
    ("officer", Step::PartySign, EVERY),
    ("", Step::Clerk, EVERY),
    ("officer", Step::Serve, EVERY),
    ("partner", Step::Countersign, EVERY),
    ("", Step::Clerk, EVERY),
    ("officer", Step::Propose, &[Course::Dismissed]),
    ("supervisor", Step::Dismiss, &[Course::Dismissed]),
    ("supervisor", Step::DecideMajor, &[Course::Major]),
    ("supervisor", Step::RaiseGrade, &[Course::Raised]),
    // More time for a major hazard is another supervisor's matter.
    ("enterprise", Step::AskForTime, &[Course::Stopped, Course::Failed]),
    ("supervisor", Step::GiveTime, &[Course::Stopped, Course::Failed]),
    ("", Step::Clerk, RECTIFIED),
    ("enterprise", Step::SubmitPlan, &[Course::Major, Course::Raised]),
    ("enterprise", Step::AskToResume, &[Course::Stopped]),
    ("supervisor", Step::LetResume, &[Course::Stopped]),
    ("enterprise", Step::Reply(0), &[Course::Failed]),
    ("partner", Step::Recheck(0), &[Course::Failed]),
    ("officer", Step::Countersign, &[Course::Failed]),
    ("", Step::Clerk, &[Course::Failed]),
    ("enterprise", Step::Reply(1), &[Course::Failed]),
    ("partner", Step::Recheck(1), &[Course::Failed]),
    ("officer", Step::Countersign, &[Course::Failed]),
    ("supervisor", Step::OrderTerm, &[Course::Failed]),
    ("", Step::Clerk, &[Course::Failed]),
    ("enterprise", Step::Reply(2), RECTIFIED),
    ("partner", Step::Recheck(2), RECTIFIED),
    ("officer", Step::Countersign, RECTIFIED),
    ("supervisor", Step::Close, RECTIFIED),
];

impl Visit {
    pub(crate) fn new(number: u32, strict: bool) -> Self {
        Self { number, strict, step: 0, done: false, drafts: 0 }
    }

    pub(crate) fn is_planned(&self) -> bool {
        self.step > 0
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    pub(crate) fn inspection(&self) -> InspectionId {
        inspection(self.number)
    }

    pub(crate) fn stream(&self) -> StreamId {
        StreamId::inspection(self.inspection())
    }

    pub(crate) fn hazard(&self) -> HazardId {
        hazard_id(self.number)
    }

    /// Whether somebody hostile is on the team.
    pub(crate) fn mixed(&self) -> bool {
        !self.strict && self.number.is_multiple_of(2)
    }

    /// What becomes of it.
    pub(crate) fn course(&self) -> Course {
        Course::ALL[self.number as usize % Course::ALL.len()]
    }

    pub(crate) fn who(&self, role: &str) -> usize {
        place(&format!("{} {role}", if self.strict { "second" } else { "first" }))
    }

    pub(crate) fn word(&self, what: &str) -> String {
        format!("SECRET-{what}-{}-", self.number)
    }
}

/// Lets the honest people of a visit do their next step; the visit ends where somebody with the right to do so went first.
pub(crate) async fn step(world: &mut World, index: usize) {
    let visit = &world.visits[index];
    let (role, step, _) = LOOP[visit.step];
    if step == Step::Clerk {
        world.clerk().await;
    } else {
        world.sync().await;
        let who = world.visits[index].who(role);
        let went = if step == Step::Write {
            write(world, index, who).await
        } else {
            let (statements, photos) = statements(world, index, who, step);
            let planted = photos
                .iter()
                .map(|bytes| Secret { word: bytes.clone(), at: Planted::Photo(Digest::of(bytes)) });
            world.secrets.extend(planted);
            let went = state(world, index, who, statements).await;
            for bytes in photos.iter().filter(|_| went) {
                world.bring(who, bytes).await;
            }
            went
        };
        if !went {
            world.visits[index].done = true;
            return;
        }
    }
    let visit = &mut world.visits[index];
    let course = visit.course();
    let rest = LOOP.iter().skip(visit.step + 1).position(|it| it.2.contains(&course));
    visit.step = rest.map_or(LOOP.len(), |rest| visit.step + 1 + rest);
    visit.done = visit.step == LOOP.len();
    world.closed += usize::from(visit.done);
}

/// Asks the own gate, then pushes what has to be taken over. False where the gate says no.
async fn state(world: &mut World, index: usize, who: usize, statements: Vec<Statement>) -> bool {
    let zone = world.model.zone.clone();
    let mut facts: Vec<Fact> = Vec::new();
    world.pass();
    for statement in statements {
        let stream = statement.stream().unwrap();
        let person = world.phones[who].person.clone();
        let mut case = world.model.case(&person, stream);
        for fact in &facts {
            extend(&mut case, fact, None);
        }
        let context = Context::new(&person, world.now, (&zone).into());
        if let Err(refusal) = gates::check(&statement, &case, &context) {
            assert!(
                !world.visits[index].strict,
                "{} at the step {:?} of a visit of honest people: {refusal}",
                person.name, LOOP[world.visits[index].step].1
            );
            return false;
        }
        let now = world.now;
        facts.push(world.phones[who].state(statement, now));
    }
    world.push_honest(who, facts, None).await;
    true
}

/// Writes in the draft over everything that is there, and pushes it.
async fn write(world: &mut World, index: usize, who: usize) -> bool {
    let visit = &mut world.visits[index];
    visit.drafts += 1;
    let (number, inspection, stream) = (visit.number, visit.inspection(), visit.stream());
    let note = format!("{}{}", visit.word("DRAFT"), visit.drafts);
    let nonce = [visit.drafts; 16];
    let person = world.phones[who].person.clone();
    let case = world.model.case(&person, stream);
    if visit::may_write_draft(&person, &case).is_err() {
        assert!(!world.visits[index].strict, "a draft of honest people was overtaken");
        return false;
    }
    let mut draft = match world.model.drafts.get(&inspection) {
        Some(draft) => draft.clone(),
        None => Draft::new(inspection).unwrap(),
    };
    let session = EditSession::new(person.id, world.phones[who].device, nonce);
    let answer = Edit::Answer {
        item: format!("GM-{:02}", number % 40).parse().unwrap(),
        verdict: Verdict::Fail,
        note: note.clone(),
    };
    let added = Edit::AddHazard {
        hazard: HazardId::from_entropy(id(6 + nonce[0], number)),
        draft: HazardDraft {
            item: None,
            description: format!("{note} 配电箱未上锁"),
            place: "一车间".into(),
            basis: clause(),
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: person.id,
        },
    };
    let changes = draft.commit(session, &[answer, added]).unwrap();
    world.secrets.push(Secret { word: note.into_bytes(), at: Planted::Draft(stream) });
    world.push_honest(who, Vec::new(), Some((inspection, changes))).await;
    true
}
