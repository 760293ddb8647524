//! 提交整改报告: the enterprise says what it did about one hazard.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::capture::{captured, fresh};
use crate::act::conditions::{of_enterprise, open};
use crate::act::hazard::HazardCase;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::id::{BlobHash, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// 整改报告 for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Reply {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// What was done.
    #[n(2)]
    pub measures: String,
    /// Who was responsible.
    #[n(3)]
    pub responsible: String,
    /// When it was finished.
    #[n(4)]
    pub finished_on: CivilDate,
    /// Photos of the state after.
    #[n(5)]
    pub photos: Vec<BlobHash>,
}

impl Act for Reply {
    const KIND: u16 = 23;
    const NAME: &'static str = "hazard.replied";
    const TITLE: &'static str = "提交整改报告";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::text("measures", &self.measures, limits::TEXT_CHARS)?;
        limits::text("responsible", &self.responsible, limits::NAME_CHARS)?;
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        if self.photos.is_empty() {
            return Err(Refusal::new(Code::PhotoNeeded).field("photos"));
        }
        Ok(())
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        if let Some(hazard) = may_act(case, self.notice, self.hazard, context, unmet) {
            fresh(&hazard, &self.photos, unmet);
            captured(case, &self.photos, Purpose::Rectified, self.hazard, unmet);
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_act(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let needs = ["photos", "measures", "responsible", "finished_on"];
        let today = context.now.date();
        let date = Form::Date { value: None, from: None, to: Some(today) };
        let reply = offer("reply", "replied", Self::TITLE, about)
            .input(Input::photos("photos", "拍整改后", Purpose::Rectified))
            .input(Input::text("measures", "整改措施", "采取了哪些措施", limits::TEXT_CHARS))
            .input(Input::text("responsible", "责任人", "姓名", limits::NAME_CHARS))
            .input(Input { name: "finished_on", label: "完成日期", hint: "", form: date });
        vec![reply.choice(Choice::new("提交", Tone::Primary, &needs))]
    }

    fn tell(&self) -> Telling {
        let words = format!("{}（{}，{} 完成）", self.measures, self.responsible, self.finished_on);
        Telling::of(Self::TITLE).words(words).photos(&self.photos)
    }
}

/// The enterprise may act on an open hazard of its own notice.
pub(super) fn may_act<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    of_enterprise(context, case.notice(notice).map(|it| it.body.enterprise), unmet);
    open(case, notice, hazard, unmet)
}
