//! 复查: an officer looks again.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{flag, hazard_of, is_open, offer};
use crate::act::capture::{captured, fresh};
use crate::act::conditions::{
    binding, officer_of_notice, open, retries_told, second_officer, two_officers_told,
};
use crate::act::hazard::HazardCase;
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::papers::PaperKind;
use crate::domain::term::Term;
use crate::id::{BlobHash, FactId, HazardId, NoticeId, PersonId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// 复查意见 for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The new term when it is not fixed; none leaves the deadline as it was, and what follows to the supervisor.
    #[n(5)]
    pub new_term: Option<Term>,
    /// The other officer, who signs too before it counts; none in statements from before two were asked for.
    #[n(6)]
    #[serde(default)]
    pub second: Option<PersonId>,
    /// The newest reply that the officer knew: without signal it need not be the newest there is. None without a reply,
    /// and in statements from before it was named.
    #[n(7)]
    #[serde(default)]
    pub reply: Option<FactId>,
}

impl Act for Recheck {
    const KIND: u16 = 26;
    const NAME: &'static str = "hazard.rechecked";
    const TITLE: &'static str = "复查";
    const PAPERS: &'static [PaperKind] = &[PaperKind::RecheckOpinion];

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::text("opinion", &self.opinion, limits::TEXT_CHARS)?;
        limits::count("photos", self.photos.len(), limits::PHOTOS)?;
        match (self.passed, &self.new_term) {
            (false, Some(term)) => term.validate(),
            (_, None) => Ok(()),
            (true, Some(_)) => Err(Refusal::new(Code::TermInvalid).field("new_term")),
        }
    }

    /// The reply that is open as far as the device knows: the officer looked at what it says.
    fn knowing(self, case: &Case) -> Self {
        let hazard = case.hazard(self.hazard);
        let open = || hazard.and_then(|it| state::open_reply(&it)).map(|it| it.fact);
        Self { reply: self.reply.or_else(open), ..self }
    }

    fn follows(&self) -> Vec<FactId> {
        self.reply.into_iter().collect()
    }

    /// An officer of the department looks again, after the reply or once the deadline has passed. A new term has its
    /// bound, and once officers have set as many as they may, the next one is the supervisor's.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_recheck(case, self.notice, self.hazard, context, unmet);
        let department = case.notice(self.notice).map(|it| &it.body.department);
        second_officer(self.second, department, context, unmet);
        unmet.require(!self.passed || !self.photos.is_empty(), Code::PhotoNeeded);
        if let Some(hazard) = hazard {
            let known = self.reply.is_none_or(|it| state::is_reply(&hazard, it));
            unmet.require(known, Code::NotReplied);
            fresh(&hazard, &self.photos, unmet);
            captured(case, &self.photos, Purpose::Recheck, self.hazard, unmet);
            if let Some(term) = self.new_term {
                unmet.require(may_retry(&hazard, context), Code::RetriesUsedUp);
                within_retry(term, "new_term", context, unmet);
            }
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        if !is_open(context, |unmet| may_recheck(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        let Some(issued) = case.notice(notice) else { return Vec::new() };
        let again = case.hazard(id).is_some_and(|hazard| may_retry(&hazard, context));
        let seen = case.hazard(id).and_then(|hazard| state::open_reply(&hazard));
        let needs: &[&str] = if again { &["new_term", "second"] } else { &["second"] };
        let failed = Choice::new("不合格", Tone::Danger, needs)
            .sets("passed", flag(false))
            .takes("photos")
            .fills("opinion", "未按要求整改");
        let passed = Choice::new("合格", Tone::Primary, &["photos", "second"])
            .sets("passed", flag(true))
            .fills("opinion", "已按要求整改");
        let recheck = offer("recheck", "rechecked", Self::TITLE, about);
        let recheck = match seen {
            Some(reply) => recheck.given("reply", reply.fact),
            None => recheck,
        };
        let mut recheck = recheck
            .input(Input::photos("photos", "拍复查照片", Purpose::Recheck))
            .input(Input::text("opinion", "意见", "可不填", limits::TEXT_CHARS))
            .input(Input::officer("second", "另一名执法人员", &issued.body.department, context));
        if again {
            let label = "不合格时的新期限";
            let most = most_retry_days(context);
            recheck = recheck.input(Input::term("new_term", label, proposed(context), most));
        } else {
            recheck = recheck.background("已再次限期过，不合格时由主管决定");
        }
        let recheck = retries_told(two_officers_told(recheck, context), context);
        vec![recheck.choice(failed).choice(passed)]
    }

    fn tell(&self) -> Telling {
        let title = if self.passed { "复查合格" } else { "复查不合格" };
        let term = self.new_term.map(|term| format!("再限 {term} 内整改"));
        Telling::of(title).words(&self.opinion).words(term.unwrap_or_default()).photos(&self.photos)
    }
}

/// Whether an officer may set another term after a failed recheck.
fn may_retry(hazard: &HazardCase<'_>, context: &Context<'_>) -> bool {
    let set = state::failed_rechecks(hazard).filter(|it| it.body.new_term.is_some()).count();
    let bounds = binding(context, |it| &it.retries);
    bounds.is_none_or(|bounds| set < usize::from(bounds.retries))
}

/// Most days of a term after a failed recheck.
pub(super) fn most_retry_days(context: &Context<'_>) -> u16 {
    let bounds = binding(context, |it| &it.retries);
    bounds.map_or(limits::TERM_DAYS, |bounds| bounds.retry_days.min(limits::TERM_DAYS))
}

/// The term that is filled in for one after a failed recheck.
pub(super) fn proposed(context: &Context<'_>) -> Term {
    let bounds = context.zone.procedure(context.stated.date());
    bounds.and_then(|it| it.retry_proposed).unwrap_or(Term::SHORTEST)
}

/// A term after a failed recheck keeps within its bound.
pub(super) fn within_retry(
    term: Term,
    field: &'static str,
    context: &Context<'_>,
    unmet: &mut Unmet,
) {
    if term.calendar_days() > most_retry_days(context) {
        unmet.add(Refusal::new(Code::TermInvalid).field(field));
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
