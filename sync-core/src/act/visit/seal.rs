//! 封存检查记录: an officer closes the record.

use super::{PartFinished, arrived, not_sealed, on_team};
use crate::act::capture::captured;
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet, Zone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::hazard::{Clause, Hazard, Measure};
use crate::domain::inspection::{Part, Record};
use crate::domain::law::LawKind;
use crate::domain::papers::PaperKind;
use crate::id::PersonId;
use crate::law;
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

impl Act for Record {
    const KIND: u16 = 5;
    const NAME: &'static str = "inspection.sealed";
    const TITLE: &'static str = "封存检查记录";
    const PAPERS: &'static [PaperKind] = &[PaperKind::InspectionRecord];

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        not_sealed(case, unmet);
        hazards_captured(case, &self.hazards, unmet);
        clauses_cited(&self.hazards, context, unmet);
        self.names_every_part(case, context.author.id, unmet);
    }

    fn tell(&self) -> Telling {
        let counts = format!("检查事项 {} 项，隐患 {} 处", self.answers.len(), self.hazards.len());
        let without = self.parts.iter().filter(|part| part.part.is_none()).count();
        let without =
            if without == 0 { String::new() } else { format!("未纳入 {without} 人的部分") };
        Telling::of(Self::TITLE).words(counts).words(without)
    }
}

impl Record {
    /// Every other member of the team has an entry: the part, or why the record is sealed without it. Whatever has
    /// arrived where, so that the order in which the team's phones synchronise does not matter.
    fn names_every_part(&self, case: &Case, author: PersonId, unmet: &mut Unmet) {
        let team = case.plan().into_iter().flat_map(|plan| &plan.body.team);
        for officer in team.filter(|officer| **officer != author) {
            let named = self.part_of(*officer).is_some_and(|it| it.is_possible(case));
            if !named {
                let missing = Refusal::new(Code::PartMissing).field("parts");
                unmet.add(missing.detail(officer.to_string()));
            }
        }
    }
}

impl Part {
    /// What is known of the part that is named does not contradict it.
    fn is_possible(&self, case: &Case) -> bool {
        let Some(part) = self.part else { return true };
        let mut stated = case.stated().iter().filter(|it| it.fact == part);
        stated.all(|it| it.by == self.officer && it.as_act::<PartFinished>().is_some())
    }
}

/// Every photo of the hazards was taken at this visit, of its hazard and for its purpose.
pub(super) fn hazards_captured(case: &Case, hazards: &[Hazard], unmet: &mut Unmet) {
    for hazard in hazards {
        captured(case, &hazard.photos, Purpose::Found, hazard.id, unmet);
        if let Measure::FixedOnSpot { after } = &hazard.measure {
            captured(case, after, Purpose::FixedOnSpot, hazard.id, unmet);
        }
    }
}

/// Every hazard cites the clause that it breaks, and a major one a published criterion.
pub(super) fn clauses_cited(hazards: &[Hazard], context: &Context<'_>, unmet: &mut Unmet) {
    for hazard in hazards {
        if let Some(refusal) = hazard.without_clause() {
            unmet.add(refusal.detail(hazard.id.to_string()));
        } else if hazard.criterion.as_ref().is_some_and(|it| !is_published(it, &context.zone)) {
            let needed = Refusal::new(Code::CriterionNeeded).field("criterion");
            unmet.add(needed.detail(hazard.id.to_string()));
        }
    }
}

/// Whether a clause stands among the criteria of some sector, or in some edition of a document of criteria: a record pins the
/// editions of its day, which may be older than what the sectors have now, and so may the way in which a clause is written.
/// Nothing is asked where no criteria were entered.
fn is_published(criterion: &Clause, zone: &Zone<'_>) -> bool {
    let form = law::clause::form(&criterion.clause);
    let criterion = Clause {
        document: criterion.document.clone(),
        clause: form.unwrap_or_else(|| criterion.clause.clone()),
    };
    let of_sector = || zone.criteria.iter().any(|it| it.clauses.contains(&criterion));
    let document = law::document(zone.laws, &criterion.document);
    let of_criteria = document.filter(|it| it.kind == LawKind::Criteria);
    let of_edition = of_criteria.is_some_and(|it| {
        it.editions.iter().any(|edition| law::provision(edition, &criterion.clause).is_some())
    });
    zone.criteria.is_empty() || of_edition || of_sector()
}
