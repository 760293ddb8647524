//! 挂牌督办: a supervisor puts an open major hazard on the list of supervision, until a date.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::conditions::{open, supervisor};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, ProofPhotos, Unmet};
use crate::case::offer::{Choice, Form, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::Grade;
use crate::domain::papers::PaperKind;
use crate::id::{BlobHash, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::CivilDate;

/// An open major hazard is listed for supervision.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct SupervisionListed {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The last day on which it may still be open.
    #[n(2)]
    pub until: CivilDate,
    /// Why.
    #[n(3)]
    pub reason: String,
    /// The photos that were looked at.
    #[n(4)]
    pub photos: Vec<BlobHash>,
}

impl Act for SupervisionListed {
    const KIND: u16 = 32;
    const NAME: &'static str = "supervision.listed";
    const TITLE: &'static str = "挂牌督办";
    const PAPERS: &'static [PaperKind] = &[PaperKind::ListedSupervision];

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        if self.photos.is_empty() {
            return Err(Refusal::new(Code::PhotoNeeded).field("photos"));
        }
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        reason(&self.reason)
    }

    /// A hazard is listed once; later statements change nothing.
    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn rests_on(&self) -> Option<ProofPhotos<'_>> {
        Some(ProofPhotos::named(&self.photos))
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let Some(hazard) = may_list(case, self.notice, self.hazard, context, unmet) else { return };
        let shown = hazard.photos();
        unmet.require(self.photos.iter().all(|it| shown.contains(it)), Code::PhotoUnknown);
        let served = hazard.service().map(|it| it.at.date());
        if served.is_some_and(|served| self.until <= served) {
            unmet.add(Refusal::new(Code::FieldMalformed).field("until"));
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        if !is_open(context, |unmet| may_list(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let Some(hazard) = case.hazard(id) else { return Vec::new() };
        let tomorrow = context.now.date().plus_days(1);
        let ordered = state::running(&hazard).map(|it| it.date);
        let until = ordered.filter(|due| *due >= tomorrow);
        let hint = until.map_or("", |_| "按整改期限填入，可以修改");
        let date = Form::Date { value: until, from: Some(tomorrow), to: None };
        let look = Form::Look { photos: hazard.photos().into_iter().collect() };
        let list = offer("list_supervision", "supervision_listed", Self::TITLE, about)
            .input(Input {
                name: "photos", label: "隐患照片", hint: "逐张点开查看", form: look
            })
            .input(Input { name: "until", label: "督办期限", hint, form: date })
            .input(Input::text("reason", "理由", "为什么挂牌督办（必填）", limits::TEXT_CHARS));
        let needs = ["photos", "until", "reason"];
        vec![list.choice(Choice::new("挂牌督办", Tone::Primary, &needs))]
    }

    fn tell(&self) -> Telling {
        let title = format!("挂牌督办，期限 {}", self.until);
        Telling::of(title).words(&self.reason).photos(&self.photos)
    }
}

/// A supervisor of the department lists an open hazard that counts as major, once.
fn may_list<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = open(case, notice, hazard, unmet)?;
    unmet.require(state::grade(&hazard) == Some(Grade::Major), Code::NotMajor);
    unmet.require(hazard.first::<SupervisionListed>().is_none(), Code::AlreadyDecided);
    Some(hazard)
}
