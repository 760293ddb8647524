//! 提高隐患等级: a supervisor finds that a hazard which was ordered as general is major.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{hazard_of, is_open, offer};
use crate::act::conditions::{ordered, supervisor, unsettled};
use crate::act::form::reason;
use crate::act::hazard::HazardCase;
use crate::act::visit::Arrival;
use crate::act::{since, state};
use crate::case::act::{Act, Context, Unmet, Zone};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::{Clause, Grade};
use crate::id::{HazardId, NoticeId, SectorCode};
use crate::law;
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A hazard counts as major from here on. The notice keeps what it ordered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct GradeRaised {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The criterion by which it is major.
    #[n(2)]
    pub criterion: Clause,
    /// The facts that meet it.
    #[n(3)]
    pub reason: String,
}

impl Act for GradeRaised {
    const KIND: u16 = 36;
    const NAME: &'static str = "grade.raised";
    const TITLE: &'static str = "提高隐患等级";

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.criterion.validate()?;
        if !crate::text::is_visible(&self.criterion.clause) {
            return Err(Refusal::new(Code::CriterionNeeded).field("criterion"));
        }
        reason(&self.reason)
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let hazard = may_raise(case, self.notice, self.hazard, context, unmet);
        let known = hazard.and_then(|hazard| criteria(case, &hazard, context));
        if known.is_some_and(|known| !known.contains(&self.criterion)) {
            unmet.add(Refusal::new(Code::CriterionNeeded).field("criterion"));
        }
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some((notice, id)) = hazard_of(about) else { return Vec::new() };
        let Some(hazard) = case.hazard(id) else { return Vec::new() };
        if !is_open(context, |unmet| may_raise(case, notice, id, context, unmet)) {
            return Vec::new();
        }
        // Where nothing was entered nobody can choose, and where a sector has no criteria nothing is major.
        let clauses = criteria(case, &hazard, context).unwrap_or_default();
        if clauses.is_empty() {
            return Vec::new();
        }
        let hint = "哪些事实符合判定标准（必填）";
        let raise = offer("raise_grade", "grade_raised", Self::TITLE, about)
            .input(Input::clause("criterion", "判定标准", clauses))
            .input(Input::text("reason", "理由", hint, limits::TEXT_CHARS));
        vec![raise.choice(Choice::new("定为重大隐患", Tone::Danger, &["criterion", "reason"]))]
    }

    fn tell(&self) -> Telling {
        let clause = format!("判定标准：{}{}", self.criterion.document, self.criterion.clause);
        Telling::of("提高为重大隐患").words(clause).words(&self.reason)
    }
}

/// A supervisor of the department who took no part in the visit, while the hazard is open and does not count as major.
fn may_raise<'c>(
    case: &'c Case,
    notice: NoticeId,
    hazard: HazardId,
    context: &Context<'_>,
    unmet: &mut Unmet,
) -> Option<HazardCase<'c>> {
    supervisor(context, case.notice(notice).map(|it| &it.body.department), unmet);
    let hazard = ordered(case, notice, hazard, unmet)?;
    unsettled(&hazard, unmet);
    unmet.require(state::grade(&hazard) != Some(Grade::Major), Code::AlreadyMajor);
    unmet.require(!hazard.inspected_by().contains(&context.author.id), Code::SamePerson);
    Some(hazard)
}

/// The criteria by which a hazard can be major: those of the sector of its check item, or of the sectors of the visit, that
/// are in force on the day of the visit. None where no criteria were entered at all.
fn criteria(case: &Case, hazard: &HazardCase<'_>, context: &Context<'_>) -> Option<Vec<Clause>> {
    let Zone { criteria, laws, .. } = context.zone;
    if criteria.is_empty() {
        return None;
    }
    let day = case.every::<Arrival>().map(|arrival| since::done_at(case, arrival)).min();
    let day = day.unwrap_or(context.stated).date();
    let item = hazard.record.and_then(|it| it.item.as_ref());
    let of_item = item.and_then(|it| it.as_str().split_once('-')).map(|(sector, _)| sector);
    let of_visit = || case.plan().into_iter().flat_map(|plan| &plan.body.sectors);
    let sectors: Vec<&str> = match of_item {
        Some(sector) => vec![sector],
        None => of_visit().map(SectorCode::as_str).collect(),
    };
    let mut known: Vec<Clause> = Vec::new();
    for clause in sectors.iter().flat_map(|it| law::criteria_in_force(criteria, laws, it, day)) {
        if !known.contains(clause) {
            known.push(clause.clone());
        }
    }
    Some(known)
}
