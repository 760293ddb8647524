//! The parts of a team's record: finished, taken in when it is sealed, supplemented when they came too late.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sync_core::act::Statement;
use sync_core::act::outside::outside;
use sync_core::act::visit::{Arrival, PartFinished, Supplement};
use sync_core::case::Case;
use sync_core::domain::inspection::{Answer, Part, Verdict};
use sync_core::draft::{Draft, DraftView, Extract, Field, HazardView};
use sync_core::id::{FactId, HazardId, InspectionId, ItemCode, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

use crate::Device;
use crate::visit::photos;

/// Whose part a record is sealed without, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Without {
    /// Who.
    pub officer: PersonId,
    /// Why, in words.
    pub reason: String,
}

/// The part of one member of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PartView {
    /// Whose part.
    pub officer: PersonId,
    /// Whether the arrival is known here.
    pub arrived: bool,
    /// When the part was finished, as far as it is known here.
    pub finished: Option<Timestamp>,
    /// Whether everything that was finished is in the draft here, or in the record once it is sealed.
    pub taken_in: bool,
    /// Why the record was sealed without it; empty where it was not.
    pub reason: String,
    /// Whether the case shows work of this person that neither the record nor a supplement holds.
    pub outside: bool,
}

/// What was added to a record after it was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SupplementView {
    /// The fact that signatures name.
    pub fact: FactId,
    /// Who supplemented.
    pub by: PersonId,
    /// When it counts.
    pub at: Timestamp,
    /// Officers who signed it.
    pub cosigned_by: Vec<PersonId>,
    /// What it says.
    pub supplement: Supplement,
}

impl Device {
    /// States that this person's part of the record is done. Stating it again without having written anything since
    /// gives the same fact.
    ///
    /// # Errors
    /// What the gate refuses, such as [`Code::NotArrived`].
    pub fn finish_part(&mut self, inspection: InspectionId) -> Result<FactId, Refusal> {
        let draft = self.commit_journal(inspection)?;
        let by = self.person()?.id;
        let heads = draft.heads_of(by);
        let case = self.case(&StreamId::inspection(inspection))?;
        if let Some(same) = case.last_part(by).filter(|last| last.body.heads == heads) {
            return Ok(same.fact);
        }
        self.state(Statement::PartFinished(PartFinished { inspection, heads }))
    }

    /// Seals the record with the parts of the team that are here, and a reason for each one that is not.
    ///
    /// # Errors
    /// [`Code::DecisionNeeded`] while binding fields hold differing values, what hazards lack,
    /// [`Code::PartMissing`] for a member of the team whose part is neither here nor named in `without`.
    pub fn seal(
        &mut self,
        inspection: InspectionId,
        without: &[Without],
    ) -> Result<FactId, Refusal> {
        let draft = self.commit_journal(inspection)?;
        let case = self.case(&StreamId::inspection(inspection))?;
        let draft = draft.with_captures(photos(&case));
        let arrived = case
            .every::<Arrival>()
            .map(|arrival| arrival.wall)
            .min()
            .ok_or(Refusal::new(Code::NotArrived))?;
        let finished = self.host.clock.read().wall.max(arrived);
        let version = self.pinned_catalogue(inspection)?.version.clone();
        let mut record = draft.record(arrived, finished, version)?;
        record.parts = parts(&case, &draft, self.person()?.id, without)?;
        self.state(Statement::Sealed(record))
    }

    /// Adds to the sealed record what this person recorded and it does not hold. Another officer signs it.
    ///
    /// # Errors
    /// [`Code::NotSealed`], what the hazards lack, [`Code::FieldMissing`] where nothing is outside.
    pub fn supplement(&mut self, inspection: InspectionId) -> Result<FactId, Refusal> {
        let draft = self.commit_journal(inspection)?;
        let case = self.case(&StreamId::inspection(inspection))?;
        let seal = case.seal().ok_or(Refusal::new(Code::NotSealed))?.fact;
        let draft = draft.with_captures(photos(&case));
        let by = self.person()?.id;
        let view = draft.view();
        let hazards: BTreeSet<HazardId> = loose(&case, &view)
            .filter(|(_, it)| finder(it).is_some_and(|finder| answers_for(&case, by, finder)))
            .map(|(id, _)| *id)
            .collect();
        let mut items: BTreeSet<ItemCode> = differing_answers(&case, &draft, &view, by);
        let of_hazards = hazards.iter().filter_map(|id| view.hazards.get(id)?.item.as_ref());
        items.extend(of_hazards.filter_map(|item| item.shown().cloned().flatten()));
        let Extract { answers, hazards, manifest, draft } = draft.extract(&hazards, &items)?;
        let catalogue = self.pinned_catalogue(inspection)?.version.clone();
        self.state(Statement::Supplemented(Supplement {
            inspection,
            seal,
            answers,
            hazards,
            manifest,
            catalogue,
            draft,
        }))
    }

    /// Hazards of this person that neither the sealed record nor a supplement holds, as they stand here.
    pub(crate) fn outside(&self, inspection: InspectionId) -> Result<Vec<HazardId>, Refusal> {
        let mark = self.store.draft_mark(inspection)?;
        let mut known = self.outside.borrow_mut();
        if let Some((_, hazards)) = known.get(&inspection).filter(|(at, _)| *at == mark) {
            return Ok(hazards.clone());
        }
        let case = self.case(&StreamId::inspection(inspection))?;
        let hazards = match case.seal() {
            None => Vec::new(),
            Some(_) => self.own_outside(&case, &self.shown_draft(inspection)?.view()),
        };
        known.insert(inspection, (mark, hazards.clone()));
        Ok(hazards)
    }

    /// How many hazards of this person are outside, of all visits.
    pub(crate) fn all_outside(&self) -> Result<u64, Refusal> {
        let mut all = 0;
        for inspection in self.store.written()? {
            // Nothing was outside when it was noted, and nothing is recorded there any more.
            if self.store.was_settled(&StreamId::inspection(inspection))? {
                continue;
            }
            all += self.outside(inspection)?.len() as u64;
        }
        Ok(all)
    }

    pub(crate) fn own_outside(&self, case: &Case, view: &DraftView) -> Vec<HazardId> {
        let Ok(person) = self.person() else { return Vec::new() };
        let own = loose(case, view).filter(|(_, it)| finder(it) == Some(person.id));
        own.map(|(id, _)| *id).collect()
    }

    /// The draft with journalled edits.
    pub(crate) fn shown_draft(&self, inspection: InspectionId) -> Result<Draft, Refusal> {
        let (edits, _) = self.store.journal(inspection)?;
        let draft = self.draft(inspection)?;
        if edits.is_empty() { Ok(draft) } else { draft.preview(self.person()?.id, &edits) }
    }

    /// Whether the record is sealed without a hazard that the draft here holds.
    pub(crate) fn is_open_outside(
        &self,
        case: &Case,
        inspection: InspectionId,
        hazard: HazardId,
    ) -> Result<bool, Refusal> {
        let team = case.plan().is_some_and(|plan| {
            self.person().is_ok_and(|person| plan.body.team.contains(&person.id))
        });
        if !team || case.seal().is_none() || case.hazard(hazard).is_some() {
            return Ok(false);
        }
        Ok(self.shown_draft(inspection)?.view().hazards.contains_key(&hazard))
    }
}

/// How the parts of the team stand.
pub(crate) fn views(case: &Case, draft: &Draft) -> Vec<PartView> {
    let seal = case.seal();
    let outside: BTreeSet<PersonId> = outside(case).iter().map(|it| it.officer).collect();
    let view = |officer: PersonId| {
        let last = case.last_part(officer);
        let said = seal.and_then(|seal| seal.body.part_of(officer));
        let taken_in = match (seal, last) {
            (Some(seal), _) if seal.by == officer => true,
            (Some(_), last) => said.is_some_and(|it| {
                it.part.is_some_and(|part| last.is_none_or(|last| last.fact == part))
            }),
            (None, last) => last.is_some_and(|last| draft.holds(&last.body.heads)),
        };
        PartView {
            officer,
            arrived: case.has_arrived(officer),
            finished: last.map(|last| last.at),
            taken_in,
            reason: said.map(|it| it.reason.clone()).unwrap_or_default(),
            outside: outside.contains(&officer),
        }
    };
    case.plan().into_iter().flat_map(|plan| plan.body.team.iter().copied()).map(view).collect()
}

/// What the record says of the part of each other member of the team.
fn parts(
    case: &Case,
    draft: &Draft,
    by: PersonId,
    without: &[Without],
) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    let team = case.plan().into_iter().flat_map(|plan| plan.body.team.iter().copied());
    for officer in team.filter(|officer| *officer != by) {
        let finished = case.last_part(officer).filter(|it| draft.holds(&it.body.heads));
        let reason = without.iter().find(|it| it.officer == officer);
        parts.push(match (finished, reason) {
            (Some(part), _) => Part::taken_in(officer, part.fact),
            (None, Some(Without { reason, .. })) => Part::without(officer, reason),
            (None, None) => {
                let missing = Refusal::new(Code::PartMissing).field("parts");
                return Err(missing.detail(officer.to_string()));
            }
        });
    }
    parts.sort_by_key(|part| part.officer);
    Ok(parts)
}

/// Hazards that were not taken back and that nothing holds.
fn loose<'v>(
    case: &Case,
    view: &'v DraftView,
) -> impl Iterator<Item = (&'v HazardId, &'v HazardView)> {
    let held = case.hazards();
    let loose = view.hazards.iter().filter(|(_, it)| it.withdrawn.is_none());
    loose.filter(move |(id, _)| !held.contains(id))
}

fn finder(hazard: &HazardView) -> Option<PersonId> {
    hazard.found_by.as_ref().and_then(Field::shown).copied()
}

/// Whose hazards a person supplements: the own ones, and those of whoever cannot, such as an expert, without whom the
/// record was sealed. What another officer found may have been taken back without its word having come here.
fn answers_for(case: &Case, by: PersonId, finder: PersonId) -> bool {
    let said = case.seal().and_then(|seal| seal.body.part_of(finder));
    by == finder || (said.is_some_and(|it| it.part.is_none()) && !case.has_arrived(finder))
}

/// Items that a person answered otherwise than the record, unless the record took that person's part in.
fn differing_answers(
    case: &Case,
    draft: &Draft,
    view: &DraftView,
    by: PersonId,
) -> BTreeSet<ItemCode> {
    let Some(seal) = case.seal() else { return BTreeSet::new() };
    let last = case.last_part(by).map(|last| last.fact);
    let taken_in = seal.body.part_of(by).and_then(|said| said.part);
    if seal.by == by || (taken_in.is_some() && taken_in == last) {
        return BTreeSet::new();
    }
    let supplemented = case.supplements().flat_map(|it| &it.body.answers);
    let held: BTreeMap<&ItemCode, Verdict> =
        seal.body.answers.iter().chain(supplemented).map(of_answer).collect();
    let differs = |item: &ItemCode| {
        let own = view.answers.get(item).and_then(|it| it.verdict.as_ref()?.shown());
        own != held.get(item)
    };
    let own = draft.answered_by().into_iter().filter(|(_, who)| *who == by);
    own.map(|(item, _)| item).filter(differs).collect()
}

const fn of_answer(answer: &Answer) -> (&ItemCode, Verdict) {
    (&answer.item, answer.verdict)
}
