//! 审批延期: a supervisor decides on more time.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{ExtensionRequest, hazard_of, is_open, offer};
use crate::act::conditions::{binding, extensions_told, open, supervisor};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::Grade;
use crate::domain::papers::PaperKind;
use crate::domain::term::Term;
use crate::id::{FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A supervisor decides on more time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ExtensionDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The request.
    #[n(2)]
    pub request: FactId,
    /// What is granted; none refuses.
    #[n(3)]
    pub granted: Option<Term>,
    /// Why.
    #[n(4)]
    pub reason: String,
}

impl Act for ExtensionDecision {
    const KIND: u16 = 25;
    const NAME: &'static str = "extension.decided";
    const TITLE: &'static str = "审批延期";
    const PAPERS: &'static [PaperKind] = &[PaperKind::Extension];

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.granted.as_ref().map_or(Ok(()), Term::validate)?;
        reason(&self.reason)
    }

    fn follows(&self) -> Vec<FactId> {
        vec![self.request]
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_decide(case, self.notice, self.hazard, context, unmet);
        let Some(hazard) = hazard else { return };
        let asked = hazard.all::<ExtensionRequest>().any(|it| it.fact == self.request);
        unmet.require(asked, Code::ExtensionUnknown);
        let decided = hazard.all::<Self>().any(|it| it.body.request == self.request);
        unmet.require(!decided, Code::AlreadyDecided);
        let request = hazard.all::<ExtensionRequest>().find(|it| it.fact == self.request);
        if let (Some(granted), Some(request)) = (self.granted, request) {
            may_grant(case, &hazard, context, unmet);
            let most = most_days(request.body.term, context);
            if granted.calendar_days() > most {
                unmet.add(Refusal::new(Code::ExtensionTooLong).field("granted"));
            }
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        let pending = case.hazard(id).and_then(|hazard| state::pending_extension(&hazard));
        let Some(pending) = pending else { return Vec::new() };
        if !is_open(context, |unmet| may_decide(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let asked = pending.body;
        let hazard = case.hazard(id);
        let grantable = hazard.is_some_and(|hazard| {
            is_open(context, |unmet| may_grant(case, &hazard, context, unmet))
        });
        let decide = offer("decide_extension", "extension_decided", Self::TITLE, about)
            .decision()
            .given("request", pending.fact)
            .background(format!("企业申请延长 {}：{}", asked.term, asked.reason))
            .input(Input::text("reason", "理由", "必填", limits::TEXT_CHARS))
            .choice(Choice::new("不同意", Tone::Plain, &["reason"]));
        let decide = extensions_told(decide, context);
        if !grantable {
            return vec![
                decide.background("本人不能批准：延期次数已用完，或重大隐患须由另一名主管批准"),
            ];
        }
        let most = most_days(asked.term, context);
        let granted = Input::term("granted", "批准延长", asked.term, most);
        vec![decide.input(granted).choice(Choice::new(
            "同意延期",
            Tone::Primary,
            &["granted", "reason"],
        ))]
    }

    fn tell(&self) -> Telling {
        let granted = self.granted.map(|term| format!("同意延期 {term}"));
        Telling::of(granted.unwrap_or_else(|| "不同意延期".to_owned())).words(&self.reason)
    }
}

/// Most days that may be granted: not more than was asked, and within the bound of an extension.
fn most_days(asked: Term, context: &Context<'_>) -> u16 {
    let bound = binding(context, |it| &it.extensions).map(|bounds| bounds.extension_days);
    asked.calendar_days().min(bound.unwrap_or(limits::TERM_DAYS))
}

/// A hazard gets as many extensions as the procedure has. More time for a major one is granted by someone who neither
/// planned the visit nor took part in it.
fn may_grant(case: &Case, hazard: &HazardCase<'_>, context: &Context<'_>, unmet: &mut Unmet) {
    let granted = hazard.all::<ExtensionDecision>().filter(|it| it.body.granted.is_some()).count();
    let bounds = binding(context, |it| &it.extensions);
    let left = bounds.is_none_or(|bounds| granted < usize::from(bounds.extensions));
    unmet.require(left, Code::ExtensionsUsedUp);
    if state::grade(hazard) == Some(Grade::Major) {
        let planned = case.plan().is_some_and(|plan| plan.by == context.author.id);
        let inspected = hazard.inspected_by().contains(&context.author.id);
        unmet.require(!planned && !inspected, Code::SamePerson);
    }
}

fn may_decide<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    open(case, notice, hazard, unmet)
}
