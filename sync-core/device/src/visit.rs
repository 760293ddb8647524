//! One inspection on this device: edits, decisions, seal.

use sync_core::act::visit::ParallelDecision;
use sync_core::act::visit::may_write_draft;
use sync_core::act::{Capture, Statement};
use sync_core::case::Case;
use sync_core::domain::evidence::Photo;
use sync_core::domain::inspection::BindingField;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::draft::{Draft, Edit, EditSession};
use sync_core::id::{FactId, InspectionId, ItemCode};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal, cbor, limits, text};

use crate::store::drafts::{self, DraftSize};
use crate::{Changed, Device, Parallel};

/// From this many bytes of a draft on, each edit is checked against the room of the record. A smaller draft hardly
/// ever exceeds it; if it does, sealing says so.
const CHECKED_FROM: usize = limits::RECORD_BYTES / 8;

impl Device {
    /// Saves an edit. When this returns the edit is on disk.
    ///
    /// # Errors
    /// What the edit lacks in form; [`Code::DraftFull`] when the draft would grow over its bounds: nothing of
    /// it is lost then, and it can be read, withdrawn from and sealed.
    pub fn edit(&mut self, inspection: InspectionId, edit: Edit) -> Result<(), Refusal> {
        // What is typed or pasted is kept in one form.
        let edit: Edit = cbor::from_slice(&cbor::with_texts(&cbor::to_vec(&edit), text::tidy)?)?;
        edit.validate()?;
        let case = self.case(&StreamId::inspection(inspection))?;
        // What the sealed record does not hold can still be completed for its supplement.
        let supplements = match edit.changes_hazard() {
            Some(hazard) => self.is_open_outside(&case, inspection, hazard)?,
            None => false,
        };
        if !supplements {
            may_write_draft(self.person()?, &case)?;
        }
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
        let catalogue = self.pinned_catalogue(inspection)?;
        let mut items = catalogue.checklists.iter().flat_map(|list| &list.items);
        if items.any(|listed| listed.code == *item) {
            return Ok(());
        }
        Err(Refusal::new(Code::NotFound).field("item"))
    }

    fn require_room(&mut self, inspection: InspectionId, edit: &Edit) -> Result<(), Refusal> {
        let cost = edit.cost()?;
        let reserve = if edit.settles() { 0 } else { limits::DRAFT_RESERVE_BYTES };
        let stored = self.store.draft_size(inspection)?;
        if !edit.settles() && stored.bytes + cost > CHECKED_FROM {
            self.require_record_room(inspection, edit)?;
        }
        let fits = |size: DraftSize| {
            size.bytes + cost <= limits::DRAFT_BYTES.saturating_sub(reserve)
                && size.changes < limits::DRAFT_CHANGES
        };
        if fits(stored) {
            return Ok(());
        }
        // The journal counts for more than it needs until it is a change.
        self.commit_journal(inspection)?;
        if fits(self.store.draft_size(inspection)?) {
            return Ok(());
        }
        Err(Refusal::new(Code::DraftFull))
    }

    /// Refuses what would make the record too large to be sealed.
    fn require_record_room(&self, inspection: InspectionId, edit: &Edit) -> Result<(), Refusal> {
        let by = self.person()?.id;
        let (mut edits, _) = self.store.journal(inspection)?;
        let draft = self.draft(inspection)?;
        let before = draft.preview(by, &edits)?.room();
        edits.push(edit.clone());
        let after = draft.preview(by, &edits)?.room();
        if after.filled() > 100 && after.exceeds(&before) {
            return Err(Refusal::new(Code::DraftFull));
        }
        Ok(())
    }

    /// The draft as it is on disk, without journalled edits.
    pub(crate) fn draft(&self, inspection: InspectionId) -> Result<Draft, Refusal> {
        if self.case(&StreamId::inspection(inspection))?.seal().is_some() {
            let changes = self.store.all_changes(inspection)?;
            let changes = changes.iter().map(|change| (change.as_slice(), None));
            return Draft::gather(inspection, changes);
        }
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
        let (person, device) = (self.person()?.id, self.id()?);
        let session = EditSession::new(person, device, self.nonce);
        let changes = draft.commit(session, &edits)?;
        self.store.write(|tx| {
            for change in &changes {
                drafts::insert_change(tx, inspection, change, true)?;
            }
            drafts::clear_journal(tx, inspection, last)
        })?;
        Ok(draft)
    }

    /// Differing values that wait for a decision.
    ///
    /// # Errors
    /// The code of a store that cannot be read or written, or [`Code::NotSignedIn`] when edits wait for their
    /// author.
    pub fn parallels(&mut self, inspection: InspectionId) -> Result<Vec<Parallel>, Refusal> {
        let parallels = self.commit_journal(inspection)?.parallels().into_iter();
        Ok(parallels.map(Parallel::from).collect())
    }

    /// Decides between differing values: states the decision with all of them, then writes the
    /// chosen one.
    ///
    /// # Errors
    /// [`Code::NothingToDecide`] without such a difference, [`Code::FieldMalformed`] for a value that is none
    /// of them, and what [`Device::state`] refuses.
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
}

/// The photos that were taken in a case.
pub(crate) fn photos(case: &Case) -> impl Iterator<Item = &Photo> {
    case.every::<Capture>().map(|capture| &capture.body.photo)
}
