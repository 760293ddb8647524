//! Parts of a draft: what one person wrote, what another draft holds of it, what a supplement takes out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::lacks::Lack;
use super::read::{DraftView, Field, sealed};
use super::{Draft, guard};
use crate::domain::hazard::Hazard;
use crate::domain::inspection::{Answer, photos};
use crate::domain::parallel::ParallelSubject;
use crate::id::{BlobHash, Digest, HazardId, ItemCode, PersonId};
use crate::limits;
use crate::refusal::Refusal;

/// Answers and hazards of a draft in the form in which a record or its supplement holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extract {
    /// Answers, ascending by item.
    pub answers: Vec<Answer>,
    /// Hazards that were not taken back, ascending by id.
    pub hazards: Vec<Hazard>,
    /// Every photo of the hazards.
    pub manifest: Vec<BlobHash>,
    /// Digests of the last changes of the draft, ascending.
    pub draft: Vec<Digest>,
}

impl Draft {
    /// Digests of the last changes that a person wrote here, in whatever sessions, ascending, at most
    /// [`limits::DRAFT_HEADS`]: a draft that holds these holds everything of that person.
    #[must_use]
    pub fn heads_of(&self, person: PersonId) -> Vec<Digest> {
        let mut followed = BTreeSet::new();
        let mut heads = Vec::new();
        let changes = self.doc.get_changes(&[]);
        // What comes after a change is looked at before it.
        for change in changes.iter().rev() {
            let own = self.writer(Some(change.actor_id().clone())) == Some(person);
            let is_followed = followed.contains(&change.hash());
            if own && !is_followed {
                heads.push(Digest::of(change.raw_bytes()));
            }
            if own || is_followed {
                followed.extend(change.deps().iter().copied());
            }
        }
        heads.sort_unstable();
        heads.truncate(limits::DRAFT_HEADS);
        heads
    }

    /// Whether all these changes are part of the draft.
    #[must_use]
    pub fn holds(&self, changes: &[Digest]) -> bool {
        let known: BTreeSet<Digest> = self.changes.iter().map(|it| Digest::of(it)).collect();
        changes.iter().all(|change| known.contains(change))
    }

    /// Who wrote the shown verdict of each item.
    #[must_use]
    pub fn answered_by(&self) -> BTreeMap<ItemCode, PersonId> {
        let answers = self.view().answers.into_iter();
        let by = answers.filter_map(|(item, it)| Some((item, it.verdict?.values.first()?.1?)));
        by.collect()
    }

    /// Some answers and hazards of the draft.
    ///
    /// # Errors
    /// What [`Draft::lacks`] says of them first.
    pub fn extract(
        &self,
        hazards: &BTreeSet<HazardId>,
        items: &BTreeSet<ItemCode>,
    ) -> Result<Extract, Refusal> {
        let about = |lack: &Lack| match &lack.subject {
            ParallelSubject::Hazard(id) => hazards.contains(id),
            ParallelSubject::Item(item) => items.contains(item),
        };
        if let Some(first) = self.missing().into_iter().find(about) {
            return Err(first.refusal);
        }
        let mut view = self.view();
        view.hazards.retain(|id, _| hazards.contains(id));
        view.answers.retain(|item, _| items.contains(item));
        self.taken_out(view)
    }

    /// What a view shows, in the form of a record.
    pub(super) fn taken_out(&self, view: DraftView) -> Result<Extract, Refusal> {
        let answers = view.answers.into_iter().filter_map(|(item, answer)| {
            let verdict = *answer.verdict.as_ref()?.shown()?;
            let note = answer.note.as_ref().and_then(Field::shown).cloned().unwrap_or_default();
            Some(Answer { item, verdict, note })
        });
        let hazards = view.hazards.into_iter().filter(|(_, hazard)| hazard.withdrawn.is_none());
        let hazards: Vec<Hazard> =
            hazards.map(|(id, hazard)| sealed(id, hazard)).collect::<Result<_, _>>()?;
        let named: BTreeSet<BlobHash> = hazards.iter().flat_map(photos).copied().collect();
        Ok(Extract {
            answers: answers.collect(),
            hazards,
            manifest: named.into_iter().collect(),
            draft: self.last_changes(),
        })
    }
}

/// Where a change stands among those of its draft: each comes after everything that it depends on.
///
/// # Errors
/// Those of a change that cannot be read.
pub fn order_of(change: &[u8]) -> Result<u64, Refusal> {
    guard::parse(change).map(|change| change.start_op().get())
}
