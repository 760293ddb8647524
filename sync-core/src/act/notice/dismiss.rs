//! 撤销隐患: a supervisor confirms that a hazard should not have been recorded.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{DismissalProposed, hazard_of, is_open, offer};
use crate::act::conditions::{ordered, supervisor, unsettled};
use crate::act::form::reason;
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A hazard should not have been recorded: confirmed by a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Dismissed {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Why.
    #[n(2)]
    pub reason: String,
}

impl Act for Dismissed {
    const KIND: u16 = 30;
    const NAME: &'static str = "hazard.dismissed";
    const TITLE: &'static str = "撤销隐患";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        reason(&self.reason)
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_dismiss(case, self.notice, self.hazard, context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        if !is_open(context, |unmet| may_dismiss(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let hint = "必填；不同意时不必操作，隐患照常整改";
        let mut dismiss = offer("dismiss", "dismissed", "批准撤销", about).decision();
        let proposals =
            case.hazard(id).into_iter().flat_map(|it| it.internal::<DismissalProposed>());
        for proposal in proposals {
            dismiss = dismiss.background(format!("提请理由：{}", proposal.body.reason));
        }
        let dismiss = dismiss.input(Input::text("reason", "理由", hint, limits::TEXT_CHARS));
        vec![dismiss.choice(Choice::new("批准撤销", Tone::Danger, &["reason"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of("批准撤销").words(&self.reason)
    }
}

/// A supervisor who took no part confirms what another person proposed. It settles the hazard as a closure does, so it
/// asks for the same eyes, and for the decision on a major grade.
fn may_dismiss(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let Some(hazard) = ordered(case, notice, hazard, unmet) else { return };
    unsettled(&hazard, unmet);
    let mut proposals = hazard.internal::<DismissalProposed>().peekable();
    let proposed = proposals.peek().is_some();
    unmet.require(proposed, Code::NothingToDecide);
    let own = proposed && proposals.all(|proposal| proposal.by == context.author.id);
    let involved = hazard.involved().contains(&context.author.id);
    unmet.require(!own && !involved, Code::SamePerson);
    unmet.require(!state::awaits_grade(&hazard), Code::MajorUndecided);
}
