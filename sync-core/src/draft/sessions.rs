//! Whose changes are, without a draft that they would be merged into.

use std::collections::BTreeMap;

use automerge::ActorId;

use super::{EditSession, guard};
use crate::id::InspectionId;
use crate::refusal::{Code, Refusal};

/// What the actors of one draft have said of themselves. An actor is a digest over whom it stands for, so what one change
/// says of it holds for every other one.
#[derive(Clone, Debug)]
pub struct Sessions {
    inspection: InspectionId,
    known: BTreeMap<ActorId, EditSession>,
}

impl Sessions {
    /// Nobody has said anything yet.
    #[must_use]
    pub const fn new(inspection: InspectionId) -> Self {
        Self { inspection, known: BTreeMap::new() }
    }

    /// By whom and on which device a change was written, as it says itself or as its actor said before.
    ///
    /// # Errors
    /// `Code::ChangeTooLarge`, [`Code::ChangeRefused`] for what is not one plain change or speaks for another actor,
    /// [`Code::ChangeWaiting`] for an actor that has said nothing yet.
    pub fn of(&mut self, change: &[u8]) -> Result<EditSession, Refusal> {
        let change = guard::parse(change)?;
        if let Some(known) = self.known.get(change.actor_id()) {
            return Ok(*known);
        }
        let said = guard::said(&change).ok_or(Refusal::new(Code::ChangeWaiting))?;
        if said.actor(self.inspection) != *change.actor_id() {
            return Err(Refusal::new(Code::ChangeRefused).detail("session"));
        }
        self.known.insert(change.actor_id().clone(), said);
        Ok(said)
    }
}
