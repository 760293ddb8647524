//! 申请延期: the enterprise asks for more time.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::reply::may_act;
use super::{ExtensionDecision, hazard_of, is_open, offer};
use crate::act::conditions::{binding, extensions_told};
use crate::act::form::reason;
use crate::act::state;
use crate::calendar::deadline;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::term::Term;
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// The enterprise asks for more time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ExtensionRequest {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// How much more, counted from the present deadline.
    #[n(2)]
    pub term: Term,
    /// Why.
    #[n(3)]
    pub reason: String,
}

impl Act for ExtensionRequest {
    const KIND: u16 = 24;
    const NAME: &'static str = "extension.requested";
    const TITLE: &'static str = "申请延期";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.term.validate()?;
        reason(&self.reason)
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_request(case, self.notice, self.hazard, context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_request(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let request = offer("request_extension", "extension_requested", Self::TITLE, about)
            .input(Input::term("term", "延长", proposed(context), limits::TERM_DAYS))
            .input(Input::text("reason", "理由", "为什么不能按期完成", limits::TEXT_CHARS));
        let request = extensions_told(request, context);
        vec![request.choice(Choice::new("提交申请", Tone::Primary, &["term", "reason"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of(format!("申请延期 {}", self.term)).words(&self.reason)
    }
}

/// The term that is filled in.
fn proposed(context: &Context<'_>) -> Term {
    let bounds = context.zone.procedure(context.stated.date());
    bounds.and_then(|it| it.extension_proposed).unwrap_or(Term::SHORTEST)
}

fn may_request(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    let Some(hazard) = may_act(case, notice, hazard, context, unmet) else { return };
    unmet.require(state::pending_extension(&hazard).is_none(), Code::ExtensionPending);
    let granted = hazard.all::<ExtensionDecision>().filter(|it| it.body.granted.is_some()).count();
    let bounds = binding(context, |it| &it.extensions);
    let left = bounds.is_none_or(|bounds| granted < usize::from(bounds.extensions));
    unmet.require(left, Code::ExtensionsUsedUp);
    let late = hazard.deadline().is_some_and(|it| deadline::has_passed(it, context.now));
    unmet.require(!late, Code::ExtensionTooLate);
}
