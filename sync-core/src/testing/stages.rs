//! One case at every named point of the loop.

use super::builders::{
    INSPECTION, NOTICE_STREAM, VISIT_STREAM, arrival, blob, capture, clause, hazard, hazard_id,
    plan, record, refused, reply,
};
use super::cast::Who;
use super::statements::blobs;
pub use super::statements::*;
use super::world::World;
use crate::act::Statement;
use crate::act::notice::Recheck;
use crate::act::visit::{Cosign, PartySign};
use crate::domain::escalation::Escalation;
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Grade, Measure};
use crate::domain::notice::ServiceMethod;
use crate::domain::term::Term;

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
    /// It passed, and the photo of the reply is not at the server yet.
    Pending,
    /// It passed, and the enterprise corrected its reply afterwards.
    Corrected,
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
    /// A recheck was passed, the other officer has not signed.
    Seen,
    /// The recheck failed for the second time, without a new term.
    FailedAgain,
    /// A notice that repeats an order to stop is served.
    Stopped,
    /// The enterprise asks to go on.
    Resuming,
    /// The supervisor consented.
    Resumed,
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
        Self::Pending,
        Self::Corrected,
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
        Self::Seen,
        Self::FailedAgain,
        Self::Stopped,
        Self::Resuming,
        Self::Resumed,
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
            Self::Pending => "pending",
            Self::Corrected => "corrected",
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
            Self::Seen => "seen",
            Self::FailedAgain => "failed_again",
            Self::Stopped => "stopped",
            Self::Resuming => "resuming",
            Self::Resumed => "resumed",
        }
    }

    /// The stage from which this one follows by its own steps.
    const fn before(self) -> Option<Self> {
        Some(match self {
            Self::Empty => return None,
            Self::Planned => Self::Empty,
            Self::Arrived => Self::Planned,
            Self::Sealed | Self::MajorIssued | Self::Stopped => Self::Arrived,
            Self::Cosigned => Self::Sealed,
            Self::Complete => Self::Cosigned,
            Self::Issued => Self::Complete,
            Self::Served => Self::Issued,
            Self::Asked | Self::Overdue | Self::Replied | Self::Proposed => Self::Served,
            Self::Extended | Self::NotExtended => Self::Asked,
            Self::Failed | Self::Passed | Self::Foreign | Self::Seen => Self::Replied,
            Self::RepliedAgain => Self::Failed,
            Self::FailedAgain => Self::RepliedAgain,
            Self::Resuming => Self::Stopped,
            Self::Resumed => Self::Resuming,
            Self::Pending | Self::Corrected | Self::Returned | Self::Closed => Self::Passed,
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
        Stage::Issued => issue(world),
        Stage::Served => serve(world),
        Stage::Asked => state(Who::Safety, extension_request()),
        Stage::Extended => decide_extension(world, Some(Term::natural(10))),
        Stage::NotExtended => decide_extension(world, None),
        Stage::Overdue => world.pass_days(30),
        Stage::Replied => state(Who::Safety, reply(&["after-1"])),
        Stage::Failed => look(world, false, &["seen-1"]),
        Stage::FailedAgain => look_without_term(world),
        Stage::Seen => state(Who::Colleague, recheck(true, &["seen-2"])),
        Stage::RepliedAgain | Stage::Corrected => state(Who::Safety, reply(&["after-2"])),
        Stage::Passed => look(world, true, &["seen-2"]),
        Stage::Pending => world.there = Some(blobs(&["seen-2"]).into_iter().collect()),
        Stage::Returned => {
            let statement = closure(world, false, &[]);
            world.state(Who::Supervisor, statement).expect("sent back");
        }
        Stage::PassedAgain => look(world, true, &["seen-3"]),
        Stage::Closed | Stage::MajorClosed => {
            let statement = closure(world, true, &["after-1", "seen-2"]);
            world.state(Who::Supervisor, statement).expect("a closure");
        }
        Stage::Proposed => state(Who::Colleague, dismissal_proposed()),
        Stage::Dismissed => state(Who::Supervisor, dismissed()),
        Stage::Escalated => state(Who::Coordinator, escalation(Escalation::Exposure)),
        Stage::Foreign => {
            let now = world.now;
            let fact = world.phone(Who::Colleague).sign_unknown(VISIT_STREAM, true, now);
            world.take_over(fact);
        }
        Stage::MajorIssued => {
            seal(world, Grade::Major);
            cosign(world);
            answer(world);
            issue(world);
        }
        Stage::Stopped => {
            world.state(Who::Lead, measure_ordered()).expect("an order");
            seal(world, Grade::General);
            cosign(world);
            answer(world);
            issue(world);
            serve(world);
        }
        Stage::Resuming => state(Who::Safety, resumption_request()),
        Stage::Resumed => {
            let statement = resumption_decision(world, true);
            world.state(Who::Supervisor, statement).expect("consent");
        }
        Stage::MajorPassed => {
            serve(world);
            world.state(Who::Safety, plan_submitted()).expect("a plan");
            world.state(Who::Safety, reply(&["after-1"])).expect("a reply");
            look(world, true, &["seen-2"]);
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

/// The notice, and a signature for whoever hands it over.
fn issue(world: &mut World) {
    assert_eq!(world.clerk().len(), 1, "one notice");
    let mut drawn = capture("received-1", Purpose::Signature);
    drawn.stream = NOTICE_STREAM;
    world.state(Who::Colleague, Statement::Captured(drawn)).expect("a signature");
}

/// A recheck that the other officer signs, too.
fn look(world: &mut World, passed: bool, names: &[&str]) {
    let seen = world.state(Who::Colleague, recheck(passed, names)).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    world.clerk();
}

/// A second recheck that failed: what follows is the supervisor's.
fn look_without_term(world: &mut World) {
    let Statement::Rechecked(recheck) = recheck(false, &["seen-2"]) else { return };
    let failed = Statement::Rechecked(Recheck { new_term: None, ..recheck });
    let seen = world.state(Who::Colleague, failed).expect("a recheck");
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).expect("a signature");
    world.clerk();
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
