//! 复查: an officer looks again.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{flag, hazard_of, is_open, offer};
use crate::act::capture::{captured, fresh};
use crate::act::conditions::{officer_of_notice, open};
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::term::Term;
use crate::id::{BlobHash, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// 复查意见 for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Recheck {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Whether it is fixed.
    #[n(2)]
    pub passed: bool,
    /// The opinion in words.
    #[n(3)]
    pub opinion: String,
    /// Photos of the recheck.
    #[n(4)]
    pub photos: Vec<BlobHash>,
    /// The new term when it is not fixed.
    #[n(5)]
    pub new_term: Option<Term>,
}

impl Act for Recheck {
    const KIND: u16 = 26;
    const NAME: &'static str = "hazard.rechecked";
    const TITLE: &'static str = "复查";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::text("opinion", &self.opinion, limits::TEXT_CHARS)?;
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        match (self.passed, &self.new_term) {
            (false, Some(term)) => term.validate(),
            (true, None) => Ok(()),
            (false, None) | (true, Some(_)) => {
                Err(Refusal::new(Code::TermInvalid).field("new_term"))
            }
        }
    }

    /// An officer of the department looks again, after the reply or once the deadline has passed.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_recheck(case, self.notice, self.hazard, context, unmet);
        unmet.require(!self.passed || !self.photos.is_empty(), Code::PhotoNeeded);
        if let Some(hazard) = hazard {
            fresh(&hazard, &self.photos, unmet);
            captured(case, &self.photos, Purpose::Recheck, self.hazard, unmet);
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let open = hazard_of(about).is_some_and(|(notice, hazard)| {
            is_open(context, |unmet| may_recheck(case, notice, hazard, context, unmet))
        });
        if !open {
            return Vec::new();
        }
        let label = "不合格时的新期限";
        let failed = Choice::new("不合格", Tone::Danger, &["new_term"])
            .sets("passed", flag(false))
            .takes("photos")
            .fills("opinion", "未按要求整改");
        let passed = Choice::new("合格", Tone::Primary, &["photos"])
            .sets("passed", flag(true))
            .fills("opinion", "已按要求整改");
        let recheck = offer("recheck", "rechecked", Self::TITLE, about)
            .input(Input::photos("photos", "拍复查照片", Purpose::Recheck))
            .input(Input::text("opinion", "意见", "可不填", limits::TEXT_CHARS))
            .input(Input::term("new_term", label, Term::working(5), limits::TERM_DAYS))
            .choice(failed)
            .choice(passed);
        vec![recheck]
    }

    fn tell(&self) -> Telling {
        let title = if self.passed { "复查合格" } else { "复查不合格" };
        let term = self.new_term.map(|term| format!("再限 {term} 内整改"));
        Telling::of(title).words(&self.opinion).words(term.unwrap_or_default()).photos(&self.photos)
    }
}

fn may_recheck<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    officer_of_notice(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = open(case, notice, hazard, unmet)?;
    let due = state::is_overdue(&hazard, context.now) || state::open_reply(&hazard).is_some();
    unmet.require(due, Code::NotReplied);
    unmet.require(state::passed_recheck(&hazard).is_none(), Code::AlreadyExists);
    Some(hazard)
}
