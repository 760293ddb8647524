//! 销号审批: a supervisor closes a hazard or sends it back.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{RectificationPlan, flag, hazard_of, is_open, offer};
use crate::act::conditions::{binding, open, supervisor, told};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, ProofPhotos, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::Grade;
use crate::id::{BlobHash, FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// 销号 or its return, for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ClosureDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The recheck that the decision rests on.
    #[n(2)]
    pub recheck: FactId,
    /// Whether it is closed; otherwise it goes back to recheck.
    #[n(3)]
    pub approved: bool,
    /// Why; needed when it goes back.
    #[n(4)]
    pub reason: String,
    /// The photos that were looked at.
    #[n(5)]
    pub evidence: Vec<BlobHash>,
}

impl Act for ClosureDecision {
    const KIND: u16 = 27;
    const NAME: &'static str = "closure.decided";
    const TITLE: &'static str = "销号审批";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::count("evidence", self.evidence.len(), limits::PHOTOS)?;
        if self.approved {
            limits::optional_text("reason", &self.reason, limits::TEXT_CHARS)
        } else {
            reason(&self.reason)
        }
    }

    fn follows(&self) -> Vec<FactId> {
        vec![self.recheck]
    }

    /// The photos that were looked at, and whatever they are, those of the newest reply and of the recheck.
    fn rests_on(&self) -> Option<ProofPhotos<'_>> {
        let of_case = |case: &Case, about: About| {
            let hazard = about.hazard.and_then(|id| case.hazard(id));
            hazard.map(|it| state::photos_relied_on(&it)).unwrap_or_default()
        };
        self.approved.then(|| ProofPhotos::new(&self.evidence, of_case))
    }

    /// A supervisor who neither inspected nor rectified, on a passed recheck of the newest reply, looking at
    /// photos of the state after that are not the found ones. A major grade is decided before.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_close(case, self.notice, self.hazard, context, unmet);
        if let Some(hazard) = &hazard {
            let recheck = state::passed_recheck(hazard);
            unmet.require(recheck.is_some_and(|it| it.fact == self.recheck), Code::NotRechecked);
        }
        unmet.require(!self.approved || !self.evidence.is_empty(), Code::PhotoNeeded);
        let Some(hazard) = hazard.filter(|_| self.approved) else { return };
        may_approve(&hazard, context, unmet);
        let mut found = hazard.item.into_iter().flat_map(|item| &item.photos);
        unmet.require(!found.any(|blob| self.evidence.contains(blob)), Code::PhotoReused);
        let after = state::photos_after(&hazard);
        unmet.require(self.evidence.iter().all(|blob| after.contains(blob)), Code::PhotoUnknown);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        let Some(hazard) = case.hazard(id) else { return Vec::new() };
        let Some(recheck) = state::passed_recheck(&hazard) else { return Vec::new() };
        if !is_open(context, |unmet| may_close(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let photos = state::photos_after(&hazard).into_iter().collect();
        let look = Form::Look { photos };
        let returned = Choice::new("退回复查", Tone::Plain, &["reason"]);
        let approved = Choice::new("同意销号", Tone::Primary, &["evidence"]);
        let mut close = offer("close", "closure_decided", Self::TITLE, about)
            .decision()
            .given("recheck", recheck.fact)
            .background(format!("复查意见：{}", recheck.body.opinion));
        let mut lacks = Unmet::new(context.pardoned);
        may_approve(&hazard, context, &mut lacks);
        for lack in lacks.codes() {
            close = close.background(format!("暂不能销号：{}", lack.sentence()));
        }
        let close = told(
            close,
            context,
            |it| &it.major_plan,
            |bounds| {
                let asked = bounds.major_plan && lacks_plan(&hazard);
                asked.then(|| "规定重大隐患应有治理方案，尚无方案".to_owned())
            },
        );
        let close = close
            .input(Input {
                name: "evidence",
                label: "整改后照片",
                hint: "逐张点开查看",
                form: look,
            })
            .input(Input::text("reason", "说明", "退回时必填", limits::TEXT_CHARS))
            .choice(returned.sets("approved", flag(false)));
        let approved = approved.sets("approved", flag(true)).takes("reason");
        vec![if lacks.is_empty() { close.choice(approved) } else { close }]
    }

    fn tell(&self) -> Telling {
        let title = if self.approved { "同意销号" } else { "退回复查" };
        Telling::of(title).words(&self.reason).photos(&self.evidence)
    }
}

fn may_close<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = open(case, notice, hazard, unmet)?;
    unmet.require(state::passed_recheck(&hazard).is_some(), Code::NotRechecked);
    unmet.require(!hazard.involved().contains(&context.author.id), Code::SamePerson);
    unmet.require(!state::awaits_grade(&hazard), Code::MajorUndecided);
    Some(hazard)
}

/// Whether a hazard is major and has no plan of its rectification.
fn lacks_plan(hazard: &HazardCase<'_>) -> bool {
    let major = state::grade(hazard) == Some(Grade::Major);
    major && hazard.last::<RectificationPlan>().is_none()
}

/// A major hazard is closed with its plan, where the procedure asks for one, and what was stopped with consent to go on.
/// Whoever decided that it is not major does not close it: otherwise one person alone could take a major hazard off the
/// list without a plan.
fn may_approve(hazard: &HazardCase<'_>, context: &Context<'_>, unmet: &mut Unmet) {
    let bounds = binding(context, |it| &it.major_plan);
    let asked = bounds.is_some_and(|bounds| bounds.major_plan);
    unmet.require(!asked || !lacks_plan(hazard), Code::PlanNeeded);
    unmet.require(!hazard.is_stopped(), Code::ResumptionNeeded);
    let lowered = state::lowered(hazard).is_some_and(|it| it.by == context.author.id);
    unmet.require(!lowered, Code::OtherApproverNeeded);
}
