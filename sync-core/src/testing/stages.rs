//! One case at every named point of the loop.

use super::builders::{
    INSPECTION, NOTICE, VISIT_STREAM, arrival, blob, capture, clause, hazard, hazard_id, plan,
    record, refused, reply,
};
use super::cast::Who;
use super::world::World;
use crate::act::notice::{
    ClosureDecision, DismissalProposed, Dismissed, Escalated, ExtensionDecision, ExtensionRequest,
    MajorDecision, Recheck,
};
use crate::act::visit::{Cosign, PartySign};
use crate::act::{Capture, Statement};
use crate::domain::escalation::Escalation;
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Grade, Measure};
use crate::domain::notice::{Service, ServiceMethod};
use crate::domain::term::Term;
use crate::id::{BlobHash, FactId};

/// A point of the loop. The first hazard is to be rectified, the second was fixed on the spot. The last stages are
/// of another visit on which the first one was graded major.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing is known.
    Empty,
    /// A visit is planned.
    Planned,
    /// Both officers have arrived and photos are captured.
    Arrived,
    /// The lead has sealed.
    Sealed,
    /// The second officer has signed.
    Cosigned,
    /// The enterprise's person refused to sign.
    Complete,
    /// The notice is issued.
    Issued,
    /// It is served, the deadline is assigned, photos of both sides wait.
    Served,
    /// The enterprise asks for more time.
    Asked,
    /// It was granted and the later deadline assigned.
    Extended,
    /// It was refused.
    NotExtended,
    /// The deadline has passed without a reply.
    Overdue,
    /// The enterprise has replied.
    Replied,
    /// The recheck failed and a new deadline is assigned.
    Failed,
    /// The enterprise has replied in the second round.
    RepliedAgain,
    /// The recheck passed.
    Passed,
    /// The supervisor sent the closure back.
    Returned,
    /// The recheck after that passed.
    PassedAgain,
    /// It is closed.
    Closed,
    /// An officer proposed to dismiss.
    Proposed,
    /// It is dismissed.
    Dismissed,
    /// The office escalated after the deadline.
    Escalated,
    /// A critical fact of an unknown kind came after the reply.
    Foreign,
    /// A notice with a major hazard is issued.
    MajorIssued,
    /// It was rechecked as rectified, the grade is not decided.
    MajorPassed,
    /// The supervisor upheld the grade.
    Upheld,
    /// The supervisor did not.
    Lowered,
    /// A hazard that was upheld is closed.
    MajorClosed,
}

impl Stage {
    /// Every stage.
    pub const ALL: &[Self] = &[
        Self::Empty,
        Self::Planned,
        Self::Arrived,
        Self::Sealed,
        Self::Cosigned,
        Self::Complete,
        Self::Issued,
        Self::Served,
        Self::Asked,
        Self::Extended,
        Self::NotExtended,
        Self::Overdue,
        Self::Replied,
        Self::Failed,
        Self::RepliedAgain,
        Self::Passed,
        Self::Returned,
        Self::PassedAgain,
        Self::Closed,
        Self::Proposed,
        Self::Dismissed,
        Self::Escalated,
        Self::Foreign,
        Self::MajorIssued,
        Self::MajorPassed,
        Self::Upheld,
        Self::Lowered,
        Self::MajorClosed,
    ];

    /// A short stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Planned => "planned",
            Self::Arrived => "arrived",
            Self::Sealed => "sealed",
            Self::Cosigned => "cosigned",
            Self::Complete => "complete",
            Self::Issued => "issued",
            Self::Served => "served",
            Self::Asked => "asked",
            Self::Extended => "extended",
            Self::NotExtended => "not_extended",
            Self::Overdue => "overdue",
            Self::Replied => "replied",
            Self::Failed => "failed",
            Self::RepliedAgain => "replied_again",
            Self::Passed => "passed",
            Self::Returned => "returned",
            Self::PassedAgain => "passed_again",
            Self::Closed => "closed",
            Self::Proposed => "proposed",
            Self::Dismissed => "dismissed",
            Self::Escalated => "escalated",
            Self::Foreign => "foreign",
            Self::MajorIssued => "major_issued",
            Self::MajorPassed => "major_passed",
            Self::Upheld => "upheld",
            Self::Lowered => "lowered",
            Self::MajorClosed => "major_closed",
        }
    }

    /// The stage from which this one follows by its own steps.
    const fn before(self) -> Option<Self> {
        Some(match self {
            Self::Empty => return None,
            Self::Planned => Self::Empty,
            Self::Arrived => Self::Planned,
            Self::Sealed | Self::MajorIssued => Self::Arrived,
            Self::Cosigned => Self::Sealed,
            Self::Complete => Self::Cosigned,
            Self::Issued => Self::Complete,
            Self::Served => Self::Issued,
            Self::Asked | Self::Overdue | Self::Replied | Self::Proposed => Self::Served,
            Self::Extended | Self::NotExtended => Self::Asked,
            Self::Failed | Self::Passed | Self::Foreign => Self::Replied,
            Self::RepliedAgain => Self::Failed,
            Self::Returned | Self::Closed => Self::Passed,
            Self::PassedAgain => Self::Returned,
            Self::Dismissed => Self::Proposed,
            Self::Escalated => Self::Overdue,
            Self::MajorPassed => Self::MajorIssued,
            Self::Upheld | Self::Lowered => Self::MajorPassed,
            Self::MajorClosed => Self::Upheld,
        })
    }
}

/// A world whose case has come to a stage, every step through form and gate.
#[must_use]
pub fn world_at(stage: Stage) -> World {
    let Some(before) = stage.before() else { return World::default() };
    let mut world = world_at(before);
    step(&mut world, stage);
    world
}

fn step(world: &mut World, stage: Stage) {
    let mut state = |who: Who, statement: Statement| {
        world.state(who, statement).expect("a step of the loop");
        world.clerk();
    };
    match stage {
        Stage::Empty => {}
        Stage::Planned => state(Who::Supervisor, Statement::Planned(plan())),
        Stage::Arrived => arrive(world),
        Stage::Sealed => seal(world, Grade::General),
        Stage::Cosigned => cosign(world),
        Stage::Complete => answer(world),
        Stage::Issued => assert_eq!(world.clerk().len(), 1, "one notice"),
        Stage::Served => serve(world),
        Stage::Asked => state(Who::Safety, extension_request()),
        Stage::Extended => decide_extension(world, Some(Term::natural(10))),
        Stage::NotExtended => decide_extension(world, None),
        Stage::Overdue => world.pass_days(30),
        Stage::Replied => state(Who::Safety, reply(&["after-1"])),
        Stage::Failed => state(Who::Colleague, recheck(false, &["seen-1"])),
        Stage::RepliedAgain => state(Who::Safety, reply(&["after-2"])),
        Stage::Passed => state(Who::Colleague, recheck(true, &["seen-2"])),
        Stage::Returned => {
            let statement = closure(world, false, &[]);
            world.state(Who::Supervisor, statement).expect("sent back");
        }
        Stage::PassedAgain => state(Who::Colleague, recheck(true, &["seen-3"])),
        Stage::Closed | Stage::MajorClosed => {
            let statement = closure(world, true, &["after-1", "seen-2"]);
            world.state(Who::Supervisor, statement).expect("a closure");
        }
        Stage::Proposed => state(Who::Colleague, dismissal_proposed()),
        Stage::Dismissed => state(Who::Supervisor, dismissed()),
        Stage::Escalated => state(Who::Coordinator, escalation(Escalation::Listing)),
        Stage::Foreign => {
            let now = world.now;
            let fact = world.phone(Who::Colleague).sign_unknown(VISIT_STREAM, true, now);
            world.take_over(fact);
        }
        Stage::MajorIssued => {
            seal(world, Grade::Major);
            cosign(world);
            answer(world);
            assert_eq!(world.clerk().len(), 1, "one notice");
        }
        Stage::MajorPassed => {
            serve(world);
            world.state(Who::Safety, reply(&["after-1"])).expect("a reply");
            world.state(Who::Colleague, recheck(true, &["seen-2"])).expect("a recheck");
        }
        Stage::Upheld => state(Who::Supervisor, major_decision(true)),
        Stage::Lowered => state(Who::Supervisor, major_decision(false)),
    }
}

/// Both officers arrive; photos of both hazards, of the fixed one also after, and a signature is
/// not there yet.
fn arrive(world: &mut World) {
    world.pass_days(2);
    for who in [Who::Lead, Who::Second] {
        world.state(who, Statement::Arrived(arrival())).expect("an arrival");
    }
    let mut second = capture("found-2", Purpose::Found);
    second.photo.hazard = Some(hazard_id(2));
    let mut fixed = capture("fixed-2", Purpose::FixedOnSpot);
    fixed.photo.hazard = Some(hazard_id(2));
    for it in [capture("found-1", Purpose::Found), second, fixed] {
        world.state(Who::Lead, Statement::Captured(it)).expect("a photo");
    }
}

fn seal(world: &mut World, grade: Grade) {
    let mut first = hazard(1, &["found-1"]);
    (first.grade, first.criterion) = (grade, (grade == Grade::Major).then(clause));
    let mut fixed = hazard(2, &["found-2"]);
    fixed.measure = Measure::FixedOnSpot { after: vec![blob("fixed-2")] };
    let statement = Statement::Sealed(record(vec![first, fixed]));
    world.state(Who::Lead, statement).expect("a seal");
}

fn cosign(world: &mut World) {
    let cosign = Cosign { inspection: INSPECTION, seal: seal_of(world) };
    world.state(Who::Second, Statement::Cosigned(cosign)).expect("a second officer");
}

fn answer(world: &mut World) {
    let seal = seal_of(world);
    let sign = PartySign { inspection: INSPECTION, seal, outcome: refused() };
    world.state(Who::Lead, Statement::PartySigned(sign)).expect("an answer");
}

/// Service, and photos that both sides have ready for later steps.
fn serve(world: &mut World) {
    world.state(Who::Safety, service(ServiceMethod::Electronic)).expect("a service");
    assert_eq!(world.clerk().len(), 1, "one deadline");
    for name in ["after-1", "after-2", "after-3"] {
        let photo = Statement::Captured(capture(name, Purpose::Rectified));
        world.state(Who::Safety, photo).expect("a photo");
    }
    for name in ["seen-1", "seen-2", "seen-3", "seen-4"] {
        let photo = Statement::Captured(capture(name, Purpose::Recheck));
        world.state(Who::Colleague, photo).expect("a photo");
    }
}

fn decide_extension(world: &mut World, granted: Option<Term>) {
    let statement = extension_decision(world, granted);
    world.state(Who::Supervisor, statement).expect("a decision");
    world.clerk();
}

/// The seal of the world, or the name of nothing.
#[must_use]
pub fn seal_of(world: &World) -> FactId {
    world.case.seal().map_or(blob("nothing"), |seal| seal.fact)
}

/// Service by some way.
#[must_use]
pub fn service(method: ServiceMethod) -> Statement {
    Statement::NoticeServed(Service { notice: NOTICE, method, receiver: "张某".to_owned() })
}

/// Ten days more for the first hazard.
#[must_use]
pub fn extension_request() -> Statement {
    Statement::ExtensionRequested(ExtensionRequest {
        notice: NOTICE,
        hazard: hazard_id(1),
        term: Term::natural(10),
        reason: "配件到货延迟".to_owned(),
    })
}

/// A decision on the latest request of the world.
#[must_use]
pub fn extension_decision(world: &World, granted: Option<Term>) -> Statement {
    let asked = world
        .case
        .hazard(hazard_id(1))
        .and_then(|it| it.last::<ExtensionRequest>())
        .map(|it| it.fact);
    Statement::ExtensionDecided(ExtensionDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        request: asked.unwrap_or(blob("nothing")),
        granted,
        reason: "情况属实".to_owned(),
    })
}

/// A recheck of the first hazard; a failed one orders seven more days.
#[must_use]
pub fn recheck(passed: bool, names: &[&str]) -> Statement {
    Statement::Rechecked(Recheck {
        notice: NOTICE,
        hazard: hazard_id(1),
        passed,
        opinion: if passed { "已整改到位" } else { "通道仍被占用" }.to_owned(),
        photos: blobs(names),
        new_term: (!passed).then_some(Term::natural(7)),
    })
}

/// A decision on the latest recheck of the world.
#[must_use]
pub fn closure(world: &World, approved: bool, evidence: &[&str]) -> Statement {
    let recheck =
        world.case.hazard(hazard_id(1)).and_then(|it| it.last::<Recheck>()).map(|it| it.fact);
    Statement::ClosureDecided(ClosureDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        recheck: recheck.unwrap_or(blob("nothing")),
        approved,
        reason: if approved { "" } else { "照片看不清" }.to_owned(),
        evidence: blobs(evidence),
    })
}

/// A decision on the major grade of the first hazard.
#[must_use]
pub fn major_decision(upheld: bool) -> Statement {
    let reason = if upheld {
        "占用疏散通道，符合判定标准"
    } else {
        "通道余宽仍满足疏散要求"
    };
    Statement::MajorDecided(MajorDecision {
        notice: NOTICE,
        hazard: hazard_id(1),
        upheld,
        reason: reason.to_owned(),
    })
}

/// The proposal to dismiss the first hazard.
#[must_use]
pub fn dismissal_proposed() -> Statement {
    let reason = "重复登记".to_owned();
    Statement::DismissalProposed(DismissalProposed { notice: NOTICE, hazard: hazard_id(1), reason })
}

/// The dismissal of the first hazard.
#[must_use]
pub fn dismissed() -> Statement {
    let reason = "重复登记".to_owned();
    Statement::Dismissed(Dismissed { notice: NOTICE, hazard: hazard_id(1), reason })
}

/// A step of the ladder for the first hazard.
#[must_use]
pub fn escalation(step: Escalation) -> Statement {
    let reason = "逾期未整改".to_owned();
    Statement::Escalated(Escalated { notice: NOTICE, hazard: hazard_id(1), step, reason })
}

/// A photo as a statement.
#[must_use]
pub fn captured(name: &str, purpose: Purpose) -> Statement {
    let capture: Capture = capture(name, purpose);
    Statement::Captured(capture)
}

fn blobs(names: &[&str]) -> Vec<BlobHash> {
    names.iter().map(|name| blob(name)).collect()
}
