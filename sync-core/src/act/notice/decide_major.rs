//! 重大隐患认定: a supervisor decides whether a grade that officers gave stands.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{flag, hazard_of, is_open, offer};
use crate::act::conditions::{ordered, supervisor, unsettled};
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A supervisor decides whether a hazard that its officers graded major is major.
///
/// It never holds up the notice: danger is ordered away at once, the grade is decided beside it and
/// before the closure. Critical, as every kind is: a reader that did not know it would show a grade
/// that does not count and offer closures by it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct MajorDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Whether it is major; otherwise it counts as general.
    #[n(2)]
    pub upheld: bool,
    /// The facts that meet the criterion, or why they do not.
    #[n(3)]
    pub reason: String,
}

impl Act for MajorDecision {
    const KIND: u16 = 31;
    const NAME: &'static str = "major.decided";
    const TITLE: &'static str = "重大隐患认定";

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
        may_decide(case, self.notice, self.hazard, context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_decide(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let hint = "必填：哪些事实符合判定标准，或为何不符合";
        let lowered = Choice::new("改为一般隐患", Tone::Plain, &["reason"]);
        let upheld = Choice::new("认定为重大隐患", Tone::Primary, &["reason"]);
        let decide = offer("decide_major", "major_decided", "重大隐患审核", about)
            .decision()
            .input(Input::text("reason", "理由", hint, limits::TEXT_CHARS))
            .choice(lowered.sets("upheld", flag(false)))
            .choice(upheld.sets("upheld", flag(true)));
        vec![decide]
    }

    fn tell(&self) -> Telling {
        let title = if self.upheld {
            "认定为重大隐患"
        } else {
            "不认定为重大隐患，按一般隐患办理"
        };
        Telling::of(title).words(&self.reason)
    }
}

/// A supervisor who took no part in the visit decides, once, from the issue of the notice until the hazard is
/// settled. Neither service nor rectification waits for it.
fn may_decide(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let Some(hazard) = ordered(case, notice, hazard, unmet) else { return };
    unsettled(&hazard, unmet);
    unmet.require(hazard.is_ordered_as_major(), Code::NotMajor);
    unmet.require(!hazard.inspected_by().contains(&context.author.id), Code::SamePerson);
    unmet.require(hazard.first::<MajorDecision>().is_none(), Code::AlreadyDecided);
}
