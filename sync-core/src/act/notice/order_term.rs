//! 再次责令限期: a supervisor sets a term after a recheck that failed without one.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::recheck::{most_retry_days, proposed, within_retry};
use super::{Recheck, hazard_of, is_open, offer};
use crate::act::conditions::{binding, open, retries_told, supervisor, told};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::papers::PaperKind;
use crate::domain::procedure::Procedure;
use crate::domain::term::Term;
use crate::id::{FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A term that a supervisor sets once officers may set none any more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct TermOrdered {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The failed recheck that it follows.
    #[n(2)]
    pub recheck: FactId,
    /// The term, counted from this statement.
    #[n(3)]
    pub term: Term,
    /// Why another term and no other step.
    #[n(4)]
    pub reason: String,
}

impl Act for TermOrdered {
    const KIND: u16 = 35;
    const NAME: &'static str = "term.ordered";
    const TITLE: &'static str = "再次责令限期整改";
    const PAPERS: &'static [PaperKind] = &[PaperKind::FurtherTerm];

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.recheck.validate()?;
        self.term.validate()?;
        reason(&self.reason)
    }

    fn follows(&self) -> Vec<FactId> {
        vec![self.recheck]
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_order(case, self.notice, self.hazard, context, unmet);
        let failed = hazard.as_ref().and_then(undecided);
        unmet.require(failed.is_some_and(|it| it.fact == self.recheck), Code::NotRechecked);
        within_retry(self.term, "term", context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        let failed = case.hazard(id).and_then(|hazard| undecided(&hazard));
        let Some(failed) = failed else { return Vec::new() };
        if !is_open(context, |unmet| may_order(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let hint = "为什么再给期限，而不采取其他措施（必填）";
        let order = offer("order_term", "term_ordered", Self::TITLE, about)
            .decision()
            .given("recheck", failed.fact)
            .background(format!("复查意见：{}", failed.body.opinion))
            .input(Input::term("term", "新期限", proposed(context), most_retry_days(context)))
            .input(Input::text("reason", "理由", hint, limits::TEXT_CHARS));
        let set = case.hazard(id).map_or(0, |hazard| orders(&hazard));
        let order = told(
            order,
            context,
            |it| &it.further_terms,
            |bounds| {
                let most = exceeded(set, bounds)?;
                Some(format!(
                    "主管已再次限期 {set} 次，规定至多 {most} 次；再次限期前请考虑依法处罚等措施"
                ))
            },
        );
        let order = retries_told(order, context);
        vec![order.choice(Choice::new("再次限期", Tone::Primary, &["term", "reason"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of(format!("再次限 {} 内整改", self.term)).words(&self.reason)
    }
}

/// The last recheck, if it failed without a term and no supervisor has set one since.
fn undecided<'c>(hazard: &HazardCase<'c>) -> Option<Of<'c, Recheck>> {
    let failed = hazard.rechecks().next_back().filter(|it| !it.body.passed)?;
    let decided = hazard.all::<TermOrdered>().any(|it| it.body.recheck == failed.fact);
    (failed.body.new_term.is_none() && !decided).then_some(failed)
}

/// A supervisor of the department who neither inspected nor rechecked, as often as the procedure has it where its number
/// binds.
fn may_order<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = open(case, notice, hazard, unmet)?;
    unmet.require(undecided(&hazard).is_some(), Code::NotRechecked);
    unmet.require(!hazard.involved().contains(&context.author.id), Code::SamePerson);
    let replied = state::open_reply(&hazard).is_some();
    unmet.require(!replied, Code::AlreadyExists);
    let bounds = binding(context, |it| &it.further_terms);
    let over = bounds.is_some_and(|bounds| exceeded(orders(&hazard), bounds).is_some());
    unmet.require(!over, Code::TermsUsedUp);
    Some(hazard)
}

/// How many terms supervisors have set.
fn orders(hazard: &HazardCase<'_>) -> usize {
    hazard.all::<TermOrdered>().count()
}

/// How many terms supervisors may set, where these are used up.
fn exceeded(set: usize, bounds: &Procedure) -> Option<u16> {
    bounds.further_terms.filter(|most| set >= usize::from(*most))
}
