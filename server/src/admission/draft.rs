//! The draft guard on the server: foreign changes against what is stored.

use std::collections::HashSet;

use sync_core::draft::{Draft, EditSession, Sessions};
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
    /// Whose the actors of a draft are that is kept and not merged.
    sessions: Sessions,
    /// Whether what is stored was asked for it.
    asked: bool,
}

impl DraftGuard {
    /// Knows the stored changes of a draft by their names.
    #[must_use]
    pub fn new(inspection: InspectionId, stored: &[StoredChange]) -> Self {
        let known = stored.iter().map(|change| change.id).collect();
        Self { inspection, known, draft: None, sessions: Sessions::new(inspection), asked: false }
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
        written_by(draft.session_of(change)?, (person, device))?;
        draft.admit(change)?;
        self.known.insert(id);
        Ok(())
    }

    /// Looks at a change of a draft that its own push seals: it is kept and never merged. Where its device lost its key
    /// meanwhile, the person brings it under another name.
    ///
    /// # Errors
    /// `Code::ChangeTooLarge`, `Code::ChangeRefused` for what is not one plain change, [`Code::AuthorMismatch`] for one that
    /// was written by somebody else, `Code::ChangeWaiting` for an actor that has not said yet whose it is.
    pub fn keep(
        &mut self,
        change: &[u8],
        person: PersonId,
        stored: &[StoredChange],
    ) -> Result<(), Refusal> {
        sync_core::draft::check_bounds(change)?;
        let mut session = self.sessions.of(change);
        if session.as_ref().is_err_and(|it| it.code == Code::ChangeWaiting) && !self.asked {
            self.asked = true;
            for change in stored {
                // What cannot be read says nothing of anybody.
                let _ = self.sessions.of(&change.bytes);
            }
            session = self.sessions.of(change);
        }
        if session?.person == person {
            return Ok(());
        }
        Err(Refusal::new(Code::AuthorMismatch).detail("session"))
    }
}

/// A change is taken from the person and the device that its actor stands for, and from nobody else.
fn written_by(session: EditSession, (person, device): (PersonId, DeviceId)) -> Result<(), Refusal> {
    if (session.person, session.device) == (person, device) {
        return Ok(());
    }
    Err(Refusal::new(Code::AuthorMismatch).detail("session"))
}
