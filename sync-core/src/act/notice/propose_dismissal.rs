//! 提请撤销隐患: an officer says that a hazard should not have been recorded.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::conditions::{internal, officer_of_notice, ordered, unsettled};
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::id::{HazardId, InspectionId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::Refusal;

/// A hazard should not have been recorded: proposed by an officer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct DismissalProposed {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Why.
    #[n(2)]
    pub reason: String,
    /// The visit, in whose stream it stands: the enterprise does not read what officers propose.
    #[n(3)]
    #[serde(default)]
    pub inspection: Option<InspectionId>,
}

impl Act for DismissalProposed {
    const KIND: u16 = 29;
    const NAME: &'static str = "dismissal.proposed";
    const TITLE: &'static str = "提请撤销隐患";

    fn about(&self) -> About {
        let notice = || StreamId::notice(self.notice);
        About::hazard(self.inspection.map_or_else(notice, StreamId::inspection), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        reason(&self.reason)
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_propose(case, self.notice, self.hazard, context, unmet);
        internal(case, self.inspection, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_propose(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let Some(plan) = case.plan() else { return Vec::new() };
        let hint = "为什么不应记录为隐患（必填）";
        let propose = offer("propose_dismissal", "dismissal_proposed", "提请撤销", about)
            .given("inspection", plan.body.inspection)
            .input(Input::text("reason", "理由", hint, limits::TEXT_CHARS));
        vec![propose.choice(Choice::new("提请撤销", Tone::Danger, &["reason"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of("提请撤销").words(&self.reason)
    }
}

fn may_propose(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    officer_of_notice(context, case.notice(notice).map(|it| &it.body.department), unmet);
    if let Some(hazard) = ordered(case, notice, hazard, unmet) {
        unsettled(&hazard, unmet);
    }
}
