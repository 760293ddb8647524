//! 督办: more pressure on an open hazard.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::conditions::{of_department, open, role};
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::account::Role;
use crate::domain::escalation::Escalation;
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// More pressure on an open hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
}

impl Act for Escalated {
    const KIND: u16 = 28;
    const NAME: &'static str = "hazard.escalated";
    const TITLE: &'static str = "督办";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        reason(&self.reason)
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_escalate(case, self.notice, self.hazard, context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_escalate(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let title = |step: &Escalation| (step.name().to_owned(), step.title().to_owned());
        let steps = Form::Choice { options: Escalation::ALL.iter().map(title).collect() };
        let escalate = offer("escalate", "escalated", Self::TITLE, about)
            .input(Input { name: "step", label: "方式", hint: "", form: steps })
            .input(Input::text("reason", "理由", "为什么督办（必填）", limits::TEXT_CHARS));
        vec![escalate.choice(Choice::new("督办", Tone::Primary, &["step", "reason"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of(self.step.title()).words(&self.reason)
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
