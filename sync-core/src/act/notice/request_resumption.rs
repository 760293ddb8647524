//! 申请恢复: the enterprise asks to go on with what was stopped.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::reply::may_act;
use super::{ResumptionDecision, hazard_of, is_open, offer};
use crate::act::capture::captured;
use crate::act::hazard::HazardCase;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::evidence::Purpose;
use crate::domain::site_measure::SiteOrder;
use crate::id::{BlobHash, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// What was stopped may go on, asks the enterprise: what was done, with photos.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ResumptionRequest {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// What was done and why it is safe.
    #[n(2)]
    pub measures: String,
    /// Photos of the state after.
    #[n(3)]
    pub photos: Vec<BlobHash>,
}

impl Act for ResumptionRequest {
    const KIND: u16 = 40;
    const NAME: &'static str = "resumption.requested";
    const TITLE: &'static str = "申请恢复生产或使用";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::text("measures", &self.measures, limits::TEXT_CHARS)?;
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        if self.photos.is_empty() {
            return Err(Refusal::new(Code::PhotoNeeded).field("photos"));
        }
        Ok(())
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        may_request(case, self.notice, self.hazard, context, unmet);
        captured(case, &self.photos, Purpose::Rectified, self.hazard, unmet);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        if !is_open(context, |unmet| may_request(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let stopped = case.hazard(id).and_then(|it| it.item?.site_order.clone());
        let words = stopped.map(|it| it.words()).unwrap_or_default();
        let request = offer("request_resumption", "resumption_requested", Self::TITLE, about)
            .background(words)
            .input(Input::photos("photos", "拍整改后", Purpose::Rectified))
            .input(Input::text("measures", "整改情况", "做了什么，为什么安全", limits::TEXT_CHARS));
        vec![request.choice(Choice::new("提交申请", Tone::Primary, &["photos", "measures"]))]
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.measures).photos(&self.photos)
    }
}

impl<'c> HazardCase<'c> {
    /// Whether an order to stop because of it goes on: there is one, and no consent to its end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let stopped = self.item.and_then(|item| item.site_order.as_ref());
        let consented = || self.all::<ResumptionDecision>().any(|it| it.body.granted);
        stopped.is_some_and(SiteOrder::needs_consent) && !consented()
    }

    /// The latest request to go on that is not decided.
    #[must_use]
    pub fn pending_resumption(&self) -> Option<Of<'c, ResumptionRequest>> {
        let request = self.last::<ResumptionRequest>()?;
        let decided = self.all::<ResumptionDecision>().any(|it| it.body.request == request.fact);
        (!decided).then_some(request)
    }
}

fn may_request(
    case: &Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    let Some(hazard) = may_act(case, notice, hazard, context, unmet) else { return };
    unmet.require(hazard.is_stopped(), Code::NotStopped);
    unmet.require(hazard.pending_resumption().is_none(), Code::AlreadyExists);
}
