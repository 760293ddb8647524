//! 审批恢复: a supervisor consents to what was stopped going on, or does not.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{flag, hazard_of, is_open, offer};
use crate::act::conditions::{open, supervisor};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::case::act::{Act, Context, ProofPhotos, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::papers::PaperKind;
use crate::id::{BlobHash, FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Consent to resume, or its refusal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ResumptionDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The request.
    #[n(2)]
    pub request: FactId,
    /// Whether it may go on.
    #[n(3)]
    pub granted: bool,
    /// Why.
    #[n(4)]
    pub reason: String,
    /// The photos that were looked at.
    #[n(5)]
    pub photos: Vec<BlobHash>,
}

impl Act for ResumptionDecision {
    const KIND: u16 = 41;
    const NAME: &'static str = "resumption.decided";
    const TITLE: &'static str = "审批恢复生产或使用";
    const PAPERS: &'static [PaperKind] = &[PaperKind::ResumptionOpinion];

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.request.validate()?;
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        reason(&self.reason)
    }

    fn follows(&self) -> Vec<FactId> {
        vec![self.request]
    }

    /// The photos that were looked at, and whatever they are, those of the request.
    fn rests_on(&self) -> Option<ProofPhotos<'_>> {
        let of_case = |case: &Case, about: About| {
            let hazard = about.hazard.and_then(|id| case.hazard(id));
            let pending = hazard.and_then(|it| it.pending_resumption());
            pending.map(|it| it.body.photos.iter().copied().collect()).unwrap_or_default()
        };
        self.granted.then(|| ProofPhotos::new(&self.photos, of_case))
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_decide(case, self.notice, self.hazard, context, unmet);
        let Some(hazard) = hazard else { return };
        let Some(pending) = hazard.pending_resumption() else { return };
        unmet.require(pending.fact == self.request, Code::NothingToDecide);
        unmet.require(!self.granted || !self.photos.is_empty(), Code::PhotoNeeded);
        let shown = &pending.body.photos;
        unmet.require(self.photos.iter().all(|it| shown.contains(it)), Code::PhotoUnknown);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        let pending = case.hazard(id).and_then(|hazard| hazard.pending_resumption());
        let Some(pending) = pending else { return Vec::new() };
        if !is_open(context, |unmet| may_decide(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let look = Form::Look { photos: pending.body.photos.clone() };
        let refused = Choice::new("不同意", Tone::Plain, &["reason"]);
        let granted = Choice::new("同意恢复", Tone::Primary, &["photos", "reason"]);
        let decide = offer("decide_resumption", "resumption_decided", Self::TITLE, about)
            .decision()
            .given("request", pending.fact)
            .background(format!("企业说明：{}", pending.body.measures))
            .input(Input {
                name: "photos", label: "整改后照片", hint: "逐张点开查看", form: look
            })
            .input(Input::text("reason", "意见", "审查意见（必填）", limits::TEXT_CHARS))
            .choice(refused.sets("granted", flag(false)).takes("photos"))
            .choice(granted.sets("granted", flag(true)));
        vec![decide]
    }

    fn tell(&self) -> Telling {
        let title = if self.granted { "同意恢复生产或使用" } else { "不同意恢复" };
        Telling::of(title).words(&self.reason).photos(&self.photos)
    }
}

/// A supervisor of the department who took no part in the visit, on a request that waits.
fn may_decide<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = open(case, notice, hazard, unmet)?;
    unmet.require(hazard.pending_resumption().is_some(), Code::NothingToDecide);
    unmet.require(!hazard.inspected_by().contains(&context.author.id), Code::SamePerson);
    Some(hazard)
}
