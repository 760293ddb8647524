//! 提交整改方案: the enterprise says how it will remove a major hazard.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::reply::may_act;
use super::{hazard_of, is_open, offer};
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::Grade;
use crate::id::{HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// 整改方案 of a major hazard: who is responsible, what is done, with which money, until when, and what protects people
/// meanwhile. The last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct RectificationPlan {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// 责任: who answers for it.
    #[n(2)]
    pub responsible: String,
    /// 措施: what is done.
    #[n(3)]
    pub measures: String,
    /// 资金: how much money, from where.
    #[n(4)]
    pub funds: String,
    /// 时限: the day by which it is done.
    #[n(5)]
    pub until: CivilDate,
    /// 预案: what protects people meanwhile.
    #[n(6)]
    pub emergency: String,
}

impl Act for RectificationPlan {
    const KIND: u16 = 39;
    const NAME: &'static str = "plan.submitted";
    const TITLE: &'static str = "提交重大隐患整改方案";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::text("responsible", &self.responsible, limits::NAME_CHARS)?;
        limits::text("measures", &self.measures, limits::TEXT_CHARS)?;
        limits::text("funds", &self.funds, limits::NAME_CHARS)?;
        limits::text("emergency", &self.emergency, limits::TEXT_CHARS)
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_submit(case, self.notice, self.hazard, context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        if !is_open(context, |unmet| may_submit(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let today = context.now.date();
        let ordered = case.hazard(id).and_then(|it| state::running(&it).map(|due| due.date));
        let date = Form::Date { value: ordered.or(Some(today)), from: Some(today), to: None };
        let submit = offer("submit_plan", "plan_submitted", "提交整改方案", about)
            .input(Input::text("responsible", "责任人", "姓名、职务", limits::NAME_CHARS))
            .input(Input::text("measures", "整改措施", "怎样消除隐患", limits::TEXT_CHARS))
            .input(Input::text("funds", "资金", "金额和来源", limits::NAME_CHARS))
            .input(Input { name: "until", label: "完成时限", hint: "", form: date })
            .input(Input::text(
                "emergency",
                "应急预案",
                "整改期间怎样保证安全",
                limits::TEXT_CHARS,
            ));
        let needs = ["responsible", "measures", "funds", "until", "emergency"];
        vec![submit.choice(Choice::new("提交方案", Tone::Primary, &needs))]
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE)
            .words(format!("责任人：{}", self.responsible))
            .words(format!("措施：{}", self.measures))
            .words(format!("资金：{}；时限：{}", self.funds, self.until))
            .words(format!("预案：{}", self.emergency))
    }
}

/// The enterprise, of an open hazard that counts as major.
fn may_submit(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    let Some(hazard) = may_act(case, notice, hazard, context, unmet) else { return };
    unmet.require(state::grade(&hazard) == Some(Grade::Major), Code::NotMajor);
}
