//! Drafts that states share: one that holds the same changes is made once, whatever led to it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use sync_core::draft::{Draft, Edit, HazardDraft};
use sync_core::id::{Digest, HazardId};
use sync_core::testing::builders::{INSPECTION, edit_session};
use sync_core::testing::cast::Who;

/// A draft change and who wrote it.
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) by: Who,
    pub(crate) name: Digest,
    bytes: Rc<[u8]>,
}

/// The names of the changes that a draft holds.
type Names = Rc<BTreeSet<Digest>>;
/// A hazard that is written in a draft of these changes.
type Writing = (Names, HazardId);

thread_local! {
    static MADE: RefCell<HashMap<Names, Rc<Draft>>> = RefCell::default();
    static WRITTEN: RefCell<HashMap<Writing, (Shared, Vec<Change>)>> = RefCell::default();
    static WAITING: RefCell<BTreeSet<(Names, Digest)>> = RefCell::default();
}

/// A draft and the names of its changes.
#[derive(Clone)]
pub(crate) struct Shared {
    names: Names,
    draft: Rc<Draft>,
}

impl Shared {
    pub(crate) fn empty() -> Self {
        let draft = Draft::new(INSPECTION).expect("a draft");
        Self { names: Names::default(), draft: Rc::new(draft) }
    }

    pub(crate) fn read(&self) -> &Draft {
        &self.draft
    }

    pub(crate) fn names(&self) -> &BTreeSet<Digest> {
        &self.names
    }

    pub(crate) fn holds(&self, change: &Change) -> bool {
        self.names.contains(&change.name)
    }

    /// The names with some more.
    fn with(&self, changes: &[Change]) -> Names {
        let more = changes.iter().map(|it| it.name);
        Rc::new(self.names.iter().copied().chain(more).collect())
    }

    /// Takes a change in, if it follows what is there.
    pub(crate) fn admit(&mut self, change: &Change) -> bool {
        let waits = (Rc::clone(&self.names), change.name);
        if self.holds(change) || WAITING.with_borrow(|waiting| waiting.contains(&waits)) {
            return self.holds(change);
        }
        let names = self.with(std::slice::from_ref(change));
        if let Some(draft) = MADE.with_borrow(|made| made.get(&names).map(Rc::clone)) {
            *self = Self { names, draft };
            return true;
        }
        let mut draft = Draft::clone(&self.draft);
        if draft.admit(&change.bytes).is_err() {
            WAITING.with_borrow_mut(|waiting| waiting.insert(waits));
            return false;
        }
        let draft = Rc::new(draft);
        MADE.with_borrow_mut(|made| made.insert(Rc::clone(&names), Rc::clone(&draft)));
        *self = Self { names, draft };
        true
    }

    /// Writes a hazard; gives the changes that it needs.
    pub(crate) fn write(&mut self, by: Who, hazard: HazardId, words: HazardDraft) -> Vec<Change> {
        let key = (Rc::clone(&self.names), hazard);
        if let Some((after, changes)) = WRITTEN.with_borrow(|written| written.get(&key).cloned()) {
            *self = after;
            return changes;
        }
        let mut draft = Draft::clone(&self.draft);
        let edit = Edit::AddHazard { hazard, draft: words };
        let written = draft.commit(edit_session(by.id(), 1), &[edit]).expect("a change");
        let change = |bytes: Vec<u8>| Change { by, name: Digest::of(&bytes), bytes: bytes.into() };
        let changes: Vec<Change> = written.into_iter().map(change).collect();
        *self = Self { names: self.with(&changes), draft: Rc::new(draft) };
        let known = (self.clone(), changes.clone());
        WRITTEN.with_borrow_mut(|written| written.insert(key, known));
        changes
    }
}
