//! One inspection on this device: edits, decisions, seal.

use sync_core::act::visit::ParallelDecision;
use sync_core::act::visit::{Arrival, may_write_draft};
use sync_core::act::{Capture, Statement};
use sync_core::case::Case;
use sync_core::domain::evidence::Photo;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::{Draft, Edit};
use sync_core::id::{FactId, InspectionId, ItemCode};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal, limits};

use crate::store::drafts::{self, DraftSize};
use crate::{Changed, Device, Parallel};

impl Device {
    /// Saves an edit. When this returns the edit is on disk.
    ///
    /// # Errors
    /// What the edit lacks in form; [`Code::DraftFull`] when the draft would grow over its bounds: nothing of
    /// it is lost then, and it can be read, withdrawn from and sealed.
    pub fn edit(&mut self, inspection: InspectionId, edit: Edit) -> Result<(), Refusal> {
        edit.validate()?;
        let case = self.case(&StreamId::inspection(inspection))?;
        may_write_draft(self.person()?, &case)?;
        if let Edit::Answer { item, .. } = &edit {
            self.listed(inspection, item)?;
        }
        self.require_room(inspection, &edit)?;
        self.store.journal_edit(inspection, &edit)?;
        self.note(&[Changed::Outbox, Changed::Tasks]);
        Ok(())
    }

    /// Refuses an item that no checklist has.
    fn listed(&self, inspection: InspectionId, item: &ItemCode) -> Result<(), Refusal> {
        let catalogue = self.catalogue_of(inspection)?;
        let mut items = catalogue.checklists.iter().flat_map(|list| &list.items);
        if items.any(|listed| listed.code == *item) {
            return Ok(());
        }
        Err(Refusal::new(Code::NotFound).field("item"))
    }

    fn require_room(&mut self, inspection: InspectionId, edit: &Edit) -> Result<(), Refusal> {
        let cost = edit.cost()?;
        let reserve = if edit.settles() { 0 } else { limits::DRAFT_RESERVE_BYTES };
        let fits = |size: DraftSize| {
            size.bytes + cost <= limits::DRAFT_BYTES.saturating_sub(reserve)
                && size.changes < limits::DRAFT_CHANGES
        };
        if fits(self.store.draft_size(inspection)?) {
            return Ok(());
        }
        // The journal counts for more than it needs until it is a change.
        self.commit_journal(inspection)?;
        if fits(self.store.draft_size(inspection)?) {
            return Ok(());
        }
        Err(Refusal::new(Code::DraftFull))
    }

    /// The draft as it is on disk, without journalled edits.
    pub(crate) fn draft(&self, inspection: InspectionId) -> Result<Draft, Refusal> {
        let changes = self.store.changes(inspection)?;
        Draft::open(inspection, changes.iter().map(Vec::as_slice))
    }

    /// Makes the journal of a draft part of it: one change, or a few for a long journal.
    pub(crate) fn commit_journal(&mut self, inspection: InspectionId) -> Result<Draft, Refusal> {
        let mut draft = self.draft(inspection)?;
        let (edits, last) = self.store.journal(inspection)?;
        if edits.is_empty() {
            return Ok(draft);
        }
        let changes = draft.commit(self.session, self.person()?.id, &edits)?;
        self.store.write(|tx| {
            for change in &changes {
                drafts::insert_change(tx, inspection, change, true)?;
            }
            drafts::clear_journal(tx, inspection, last)
        })?;
        Ok(draft)
    }

    /// Differing values that wait for a decision.
    pub fn parallels(&mut self, inspection: InspectionId) -> Result<Vec<Parallel>, Refusal> {
        let parallels = self.commit_journal(inspection)?.parallels().into_iter();
        Ok(parallels.map(Parallel::from).collect())
    }

    /// Decides between differing values: states the decision with all of them, then writes the
    /// chosen one.
    pub fn decide(
        &mut self,
        inspection: InspectionId,
        subject: &ParallelSubject,
        field: BindingField,
        chosen: &str,
        reason: &str,
    ) -> Result<FactId, Refusal> {
        let parallels = self.parallels(inspection)?;
        let Parallel { values, .. } = parallels
            .into_iter()
            .find(|it| it.subject == *subject && it.field == field)
            .ok_or(Refusal::new(Code::NothingToDecide))?;
        let index = values
            .iter()
            .position(|value| value.value == chosen)
            .and_then(|index| u32::try_from(index).ok())
            .ok_or(Refusal::new(Code::FieldMalformed).field("chosen"))?;
        let fact = self.state(Statement::ParallelDecided(ParallelDecision {
            inspection,
            subject: subject.clone(),
            field,
            values,
            chosen: index,
            reason: reason.to_owned(),
        }))?;
        let (subject, value) = (subject.clone(), chosen.to_owned());
        self.edit(inspection, Edit::Resolve { subject, field, value })?;
        Ok(fact)
    }

    /// Seals the record. Refused while binding fields hold differing values; afterwards the draft
    /// takes no more edits.
    pub fn seal(&mut self, inspection: InspectionId) -> Result<FactId, Refusal> {
        let draft = self.commit_journal(inspection)?;
        let case = self.case(&StreamId::inspection(inspection))?;
        let draft = draft.with_captures(photos(&case));
        let arrived = case
            .every::<Arrival>()
            .map(|arrival| arrival.clock.wall)
            .min()
            .ok_or(Refusal::new(Code::NotArrived))?;
        let finished = self.host.clock.read().wall.max(arrived);
        let version = self.catalogue_of(inspection)?.version.clone();
        let record = draft.record(arrived, finished, version)?;
        self.state(Statement::Sealed(record))
    }
}

/// The photos that were taken in a case.
pub(crate) fn photos(case: &Case) -> impl Iterator<Item = &Photo> {
    case.every::<Capture>().map(|capture| &capture.body.photo)
}
