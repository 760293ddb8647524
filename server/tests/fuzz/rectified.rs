//! What honest people state about a hazard whose notice is served.

use sync_core::act::notice::{
    ClosureDecision, Countersigned, Dismissed, ExtensionDecision, ExtensionRequest, GradeRaised,
    MajorDecision, Recheck, RectificationPlan, Reply, ResumptionDecision, ResumptionRequest,
    TermOrdered,
};
use sync_core::act::{HazardCase, Statement};
use sync_core::case::Case;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::Service;
use sync_core::domain::term::Term;
use sync_core::id::{Digest, FactId, HazardId, NoticeId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;

use super::cast::MORNING;
use super::honest::Step;
use super::statements::{captured, clause, photo_of};

/// The last recheck of a hazard.
const LAST: u8 = 2;

/// A hazard of a notice, and the officer who signs a recheck as the second one.
pub(crate) struct Rectified<'c> {
    pub(crate) notice: NoticeId,
    pub(crate) hazard: HazardId,
    pub(crate) number: u32,
    pub(crate) case: &'c Case,
    pub(crate) officer: PersonId,
}

impl Rectified<'_> {
    fn last<T>(&self, of: impl Fn(&HazardCase<'_>) -> Option<T>) -> Option<T> {
        self.case.hazard(self.hazard).as_ref().and_then(of)
    }

    /// What a step states, and the photos that are brought after it.
    pub(crate) fn step(&self, step: Step, now: Timestamp) -> (Vec<Statement>, Vec<Vec<u8>>) {
        let (notice, hazard, at) = (self.notice, self.hazard, StreamId::notice(self.notice));
        let nothing = Digest::of(b"nothing");
        let photo = |what: &str, round: u8| photo_of(self.number, &format!("{what}{round}"));
        let reason = || "情况属实".to_owned();
        let rechecked: Option<FactId> =
            self.last(|it| it.last::<Recheck>().map(|recheck| recheck.fact));
        let recheck = rechecked.unwrap_or(nothing);
        let statement = match step {
            Step::Countersign => {
                let mut served = self.case.every::<Service>();
                let served = served.next().map(|it| it.fact);
                let (hazard, statement) = match rechecked {
                    Some(recheck) => (Some(hazard), recheck),
                    None => (None, served.unwrap_or(nothing)),
                };
                Statement::Countersigned(Countersigned { notice, hazard, statement })
            }
            Step::Dismiss => Statement::Dismissed(Dismissed { notice, hazard, reason: reason() }),
            Step::DecideMajor => {
                let decided = MajorDecision { notice, hazard, upheld: true, reason: reason() };
                Statement::MajorDecided(decided)
            }
            Step::RaiseGrade => Statement::GradeRaised(GradeRaised {
                notice,
                hazard,
                criterion: clause(),
                reason: reason(),
            }),
            Step::AskForTime => Statement::ExtensionRequested(ExtensionRequest {
                notice,
                hazard,
                term: Term::natural(10),
                reason: "配件到货延迟".into(),
            }),
            Step::GiveTime => {
                let asked = self.last(|it| it.last::<ExtensionRequest>().map(|asked| asked.fact));
                Statement::ExtensionDecided(ExtensionDecision {
                    notice,
                    hazard,
                    request: asked.unwrap_or(nothing),
                    granted: Some(Term::natural(5)),
                    reason: reason(),
                })
            }
            Step::SubmitPlan => Statement::PlanSubmitted(RectificationPlan {
                notice,
                hazard,
                responsible: "王某".into(),
                measures: "更换配电箱".into(),
                funds: "自筹".into(),
                until: now.date().plus_days(9),
                emergency: "专人看守".into(),
            }),
            Step::AskToResume => {
                let shown = photo("ready", 0);
                let photos = vec![Digest::of(&shown)];
                let asked =
                    ResumptionRequest { notice, hazard, measures: "已上锁".into(), photos };
                let taken = captured(at, &shown, Purpose::Rectified, hazard);
                return (vec![taken, Statement::ResumptionRequested(asked)], vec![shown]);
            }
            Step::LetResume => {
                let asked = self.last(|it| it.last::<ResumptionRequest>().map(|asked| asked.fact));
                Statement::ResumptionDecided(ResumptionDecision {
                    notice,
                    hazard,
                    request: asked.unwrap_or(nothing),
                    granted: true,
                    reason: reason(),
                    photos: vec![Digest::of(&photo("ready", 0))],
                })
            }
            Step::Reply(round) => {
                let after = photo("after", round);
                let replied = Reply {
                    notice,
                    hazard,
                    measures: "已上锁".into(),
                    responsible: "王某".into(),
                    finished_on: MORNING.date(),
                    photos: vec![Digest::of(&after)],
                };
                let taken = captured(at, &after, Purpose::Rectified, hazard);
                return (vec![taken, Statement::Replied(replied)], vec![after]);
            }
            Step::Recheck(round) => {
                let (seen, passed) = (photo("seen", round), round == LAST);
                let rechecked = Recheck {
                    notice,
                    hazard,
                    passed,
                    opinion: if passed { "已整改" } else { "未整改" }.into(),
                    photos: vec![Digest::of(&seen)],
                    new_term: (round == 0).then(|| Term::natural(7)),
                    second: Some(self.officer),
                    reply: None,
                };
                let taken = captured(at, &seen, Purpose::Recheck, hazard);
                return (vec![taken, Statement::Rechecked(rechecked)], vec![seen]);
            }
            Step::OrderTerm => {
                let term = Term::natural(5);
                let ordered = TermOrdered { notice, hazard, recheck, term, reason: reason() };
                Statement::TermOrdered(ordered)
            }
            Step::Close => Statement::ClosureDecided(ClosureDecision {
                notice,
                hazard,
                recheck,
                approved: true,
                reason: String::new(),
                evidence: vec![Digest::of(&photo("after", LAST))],
            }),
            _ => return (Vec::new(), Vec::new()),
        };
        (vec![statement], Vec::new())
    }
}
