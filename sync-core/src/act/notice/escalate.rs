//! 督办: more pressure on an open hazard.

use std::iter;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::conditions::{internal, of_department, open, role};
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::account::Role;
use crate::domain::escalation::Escalation;
use crate::domain::inspection::Plan;
use crate::domain::papers::PaperKind;
use crate::id::{HazardId, InspectionId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// More pressure on an open hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Escalated {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The step.
    #[n(2)]
    pub step: Escalation,
    /// Why.
    #[n(3)]
    pub reason: String,
    /// For an internal step the visit, in whose stream it stands.
    #[n(4)]
    #[serde(default)]
    pub inspection: Option<InspectionId>,
    /// For a referral the organ that the matter goes to; none in statements from before it was asked for.
    #[n(5)]
    #[serde(default)]
    pub to: Option<String>,
}

impl Act for Escalated {
    const KIND: u16 = 28;
    const NAME: &'static str = "hazard.escalated";
    const TITLE: &'static str = "督办";
    const PAPERS: &'static [PaperKind] = &[PaperKind::Referral];

    fn about(&self) -> About {
        let notice = || StreamId::notice(self.notice);
        About::hazard(self.inspection.map_or_else(notice, StreamId::inspection), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        reason(&self.reason)?;
        match &self.to {
            Some(_) if self.step != Escalation::Referral => {
                Err(Refusal::new(Code::FieldMalformed).field("to"))
            }
            Some(to) => limits::text("to", to, limits::NAME_CHARS),
            None => Ok(()),
        }
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_escalate(case, self.notice, self.hazard, context, unmet);
        if self.step.is_internal() {
            internal(case, self.inspection, unmet);
        } else {
            unmet.require(self.inspection.is_none(), Code::WrongStream);
        }
        // Not a matter of form: referrals from before it was asked for stay readable.
        if self.step == Escalation::Referral && self.to.is_none() {
            unmet.add(Refusal::new(Code::FieldMissing).field("to"));
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_escalate(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let title = |step: &Escalation| (step.name().to_owned(), step.title().to_owned());
        // Listing has a date and photos, what is internal stands elsewhere: each is offered as a statement of its own.
        let openly = |step: &&Escalation| **step != Escalation::Listing && !step.is_internal();
        let options = Escalation::ALL.iter().filter(openly).map(title).collect();
        let steps =
            Input { name: "step", label: "方式", hint: "", form: Form::Choice { options } };
        let reason = |hint| Input::text("reason", "理由", hint, limits::TEXT_CHARS);
        let escalate = offer("escalate", "escalated", Self::TITLE, about)
            .input(steps)
            .input(reason("为什么督办（必填）"))
            .choice(Choice::new("督办", Tone::Primary, &["step", "reason"]));
        let internal = |name, title, step: Escalation, plan: Of<'_, Plan>| {
            offer(name, "escalated", title, about)
                .given("inspection", plan.body.inspection)
                .given("step", step.name())
        };
        let file = |plan| {
            internal("file", "立案（企业看不到）", Escalation::Filing, plan)
                .input(reason("为什么立案（必填）"))
                .choice(Choice::new("立案", Tone::Primary, &["reason"]))
        };
        let refer = |plan| {
            internal("refer", "移送其他机关（企业看不到）", Escalation::Referral, plan)
                .input(Input::text("to", "受移送机关", "机关全称（必填）", limits::NAME_CHARS))
                .input(reason("为什么移送（必填）"))
                .choice(Choice::new("移送", Tone::Primary, &["to", "reason"]))
        };
        let visit = case.plan();
        iter::once(escalate).chain(visit.map(file)).chain(visit.map(refer)).collect()
    }

    fn tell(&self) -> Telling {
        let to = self.to.as_ref().map(|it| format!("受移送机关：{it}"));
        Telling::of(self.step.title()).words(to.unwrap_or_default()).words(&self.reason)
    }
}

fn may_escalate(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    role(context, &[Role::Supervisor, Role::Coordinator], unmet);
    let known = case.notice(notice);
    unmet.require(known.is_some(), Code::NoticeNotIssued);
    if let (Some(known), Role::Supervisor) = (known, context.author.role) {
        of_department(context, &known.body.department, unmet);
    }
    open(case, notice, hazard, unmet);
}
