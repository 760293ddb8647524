//! The draft guard on the server: foreign changes against what is stored.

use std::collections::HashSet;

use sync_core::draft::Draft;
use sync_core::id::{DeviceId, Digest, InspectionId, PersonId};
use sync_core::refusal::{Code, Refusal};

use crate::store::drafts::StoredChange;

/// The draft of one inspection while pushed changes are judged. It is built when the first new
/// change has to be judged, from stored changes alone.
#[derive(Debug)]
pub struct DraftGuard {
    inspection: InspectionId,
    known: HashSet<Digest>,
    draft: Option<Draft>,
}

impl DraftGuard {
    /// Knows the stored changes of a draft by their names.
    #[must_use]
    pub fn new(inspection: InspectionId, stored: &[StoredChange]) -> Self {
        let known = stored.iter().map(|change| change.id).collect();
        Self { inspection, known, draft: None }
    }

    /// Whether the change was taken over before.
    #[must_use]
    pub fn knows(&self, id: &Digest) -> bool {
        self.known.contains(id)
    }

    /// Takes a change over, or says why it cannot be.
    ///
    /// # Errors
    /// What [`Draft::admit`] refuses, such as `Code::ChangeRefused` or `Code::ChangeWaiting`;
    /// [`Code::AuthorMismatch`] for a change that was written by somebody else or on another device than it comes from.
    pub fn admit(
        &mut self,
        id: Digest,
        change: &[u8],
        (person, device): (PersonId, DeviceId),
        stored: &[StoredChange],
    ) -> Result<(), Refusal> {
        let draft = if let Some(draft) = &mut self.draft {
            draft
        } else {
            let stored = stored.iter().map(|change| change.bytes.as_slice());
            self.draft.insert(Draft::open(self.inspection, stored)?)
        };
        let session = draft.session_of(change)?;
        if (session.person, session.device) != (person, device) {
            return Err(Refusal::new(Code::AuthorMismatch).detail("session"));
        }
        draft.admit(change)?;
        self.known.insert(id);
        Ok(())
    }
}
