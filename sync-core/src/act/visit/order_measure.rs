//! 现场处理措施: an officer orders on the spot what cannot wait for the notice.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{arrived, not_recorded, on_team};
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::papers::PaperKind;
use crate::domain::site_measure::{SiteMeasure, SiteOrder};
use crate::id::{HazardId, InspectionId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// What cannot wait is ordered because of one hazard. The record is signed after it, the notice repeats it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct MeasureOrdered {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// What is ordered.
    #[n(2)]
    pub order: SiteOrder,
}

impl Act for MeasureOrdered {
    const KIND: u16 = 38;
    const NAME: &'static str = "measure.ordered";
    const TITLE: &'static str = "现场处理措施";
    const PAPERS: &'static [PaperKind] = &[PaperKind::MeasureDecision];

    fn about(&self) -> About {
        About::hazard(StreamId::inspection(self.inspection), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.order.validate()
    }

    /// A hazard has one order; the first one counts.
    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_order(case, self.about(), context, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let ids = about.stream.as_inspection().zip(about.hazard);
        let Some((inspection, hazard)) = ids else { return Vec::new() };
        let mut unmet = Unmet::new(context.pardoned);
        may_order(case, about, context, &mut unmet);
        if !unmet.is_empty() {
            return Vec::new();
        }
        let word = |it: &SiteMeasure| (it.name().to_owned(), it.title().to_owned());
        let options = SiteMeasure::ALL.iter().map(word).collect();
        let form = Form::Several { options };
        let (scope, reason) = ("例如：二号车间、3 号叉车", "为什么不能等到整改期限");
        let order = Offer::new("order_measure", "measure_ordered", Self::TITLE)
            .given("inspection", inspection)
            .given("hazard", hazard)
            .given("order.on", context.now.date())
            .background(
                "立即生效，随检查记录和整改指令书一并告知企业；停止的，经审查同意才能恢复。",
            )
            .input(Input { name: "order.measures", label: "责令", hint: "", form })
            .input(Input::text("order.scope", "范围", scope, limits::NAME_CHARS))
            .input(Input::text("order.reason", "理由", reason, limits::NAME_CHARS));
        let needs = ["order.measures", "order.scope", "order.reason"];
        vec![order.choice(Choice::new("责令执行", Tone::Danger, &needs))]
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(self.order.words()).words(&self.order.reason)
    }
}

/// An officer of the team at the visit, about a hazard that no record holds and that has no order.
fn may_order(case: &Case, about: About, context: &Context<'_>, unmet: &mut Unmet) {
    officer(context, unmet);
    on_team(case, context, unmet);
    arrived(case, context, unmet);
    not_recorded(case, about.hazard, unmet);
    unmet.require(case.first::<MeasureOrdered>(about).is_none(), Code::AlreadyExists);
}
