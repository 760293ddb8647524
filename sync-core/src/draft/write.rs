//! From edits to changes.

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, ObjId, ReadDoc};

use super::keys::{self, Map};
use super::{Draft, Edit, EditSession, broken, edit, guard, raw};
use crate::id::InspectionId;
use crate::refusal::Refusal;

/// Operations that go into one change when a journal is committed.
const COMMIT_OPS: usize = 700;
/// Bytes of values that go into one change when a journal is committed.
const COMMIT_BYTES: usize = 40 * 1024;
/// About what a change needs to name a value that it puts its own over, with its writer.
const OVER_BYTES: usize = 22;

impl Draft {
    /// The bytes of the genesis change, which nobody sends since everyone makes the same.
    ///
    /// # Errors
    /// `Code::ChangeRefused` if Automerge fails, which nobody can cause.
    pub fn genesis(inspection: InspectionId) -> Result<Vec<u8>, Refusal> {
        let changes = Self::new(inspection)?.doc.get_changes(&[]);
        let genesis = changes.first().ok_or_else(|| broken("no genesis"))?;
        Ok(genesis.raw_bytes().to_vec())
    }

    /// Writes edits as one change, or several when they exceed the bounds of one. A later edit of the
    /// same field wins. What changes nothing writes nothing.
    ///
    /// # Errors
    /// What [`Edit::validate`] refuses of the form of an edit, and what the guard refuses of the change that
    /// is made.
    pub fn commit(
        &mut self,
        session: EditSession,
        edits: &[Edit],
    ) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut puts = edit::puts(edits)?;
        puts.retain(|(map, key), value| !self.already(*map, key, value));
        if puts.is_empty() {
            return Ok(Vec::new());
        }
        let actor = session.actor(self.inspection);
        let mut written = Vec::new();
        let mut part: Vec<(Map, String, String)> = Vec::new();
        let mut size = 0;
        // The first change of an actor says whose it is.
        if self.session(&actor).is_none() {
            let said = (Map::Sessions, keys::session(&actor), keys::session_text(session));
            size += said.1.len() + said.2.len();
            part.push(said);
        }
        for ((map, key), value) in puts {
            let over = OVER_BYTES * self.raw(map, &key).len();
            let bytes = key.len() + value.len() + over;
            if part.len() >= COMMIT_OPS || (size + bytes > COMMIT_BYTES && !part.is_empty()) {
                written.extend(self.write(&actor, &part)?);
                part.clear();
                size = 0;
            }
            size += bytes;
            part.push((map, key, value));
        }
        written.extend(self.write(&actor, &part)?);
        Ok(written)
    }

    /// Writes one change over everything that is known. When more changes stand side by side than
    /// one may follow, the same is written over some of them first, until one can follow all that is
    /// left.
    fn write(
        &mut self,
        actor: &ActorId,
        puts: &[(Map, String, String)],
    ) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut written = Vec::new();
        loop {
            let heads = self.doc.get_heads();
            let all = heads.len() <= guard::HEADS;
            let mut scratch = if all {
                self.doc.clone()
            } else {
                self.doc.fork_at(&self.index.some(heads, actor)).map_err(broken)?
            };
            scratch.set_actor(actor.clone());
            let mut transaction = scratch.transaction();
            for (map, key, value) in puts {
                let object = self.maps.get(map).ok_or_else(|| broken("map"))?;
                let value = distinct(&transaction, object, key, value);
                transaction.put(object, key.as_str(), value.as_str()).map_err(broken)?;
            }
            transaction.commit_with(CommitOptions::default().with_time(0));
            let change = scratch.get_last_local_change().ok_or_else(|| broken("no change"))?;
            let bytes = change.raw_bytes().to_vec();
            // A journalled edit is always written: its size was bounded when it was typed.
            self.take(&bytes, usize::MAX)?;
            written.push(bytes);
            if all {
                return Ok(written);
            }
        }
    }
}

/// The value as it is written: counted if it stands there already.
fn distinct(doc: &impl ReadDoc, object: &ObjId, key: &str, value: &str) -> String {
    let there: Vec<String> = raw(doc, object, key).into_iter().map(|(text, _)| text).collect();
    let mut written = value.to_owned();
    let mut count = 0;
    while there.contains(&written) {
        count += 1;
        written = keys::counted(value, count);
    }
    written
}
