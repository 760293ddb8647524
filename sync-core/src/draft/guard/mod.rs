//! The check in front of Automerge. A foreign change is applied only after its bytes were bounded
//! ([`bytes`]), its place in the history is known ([`Index`]) and each operation is one that an
//! honest app writes ([`operations`]); last, Automerge must rebuild the very same bytes from what it
//! stored, since anything else makes the saved document unreadable.
//!
//! The same check runs when the phone writes, so an honest app never produces a refusal.

mod bytes;
mod operations;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge, Change, ChangeHash, ReadDoc as _};

use super::{Draft, EditSession};
use crate::refusal::{Code, Refusal};

/// Heads that one change may follow.
pub(super) const HEADS: usize = bytes::DEPS;

fn refuse(detail: &'static str) -> Refusal {
    Refusal::new(Code::ChangeRefused).detail(detail)
}

/// Reads bytes as one change, bounded before Automerge sees them.
pub(super) fn parse(raw: &[u8]) -> Result<Change, Refusal> {
    let counted = bytes::check(raw)?;
    let change = catch_unwind(|| Change::try_from(raw))
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| refuse("not a change"))?;
    if change.len() == counted { Ok(change) } else { Err(refuse("operation count")) }
}

/// The first look alone.
pub(super) fn check_bounds(raw: &[u8]) -> Result<(), Refusal> {
    bytes::check(raw).map(drop)
}

/// What the guard keeps of the history: for each change its highest counter and what its author
/// had seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    seen: BTreeMap<ChangeHash, Seen>,
    last_seq: BTreeMap<ActorId, u64>,
}

#[derive(Clone, Debug)]
struct Seen {
    highest_counter: u64,
    by_actor: BTreeMap<ActorId, u64>,
}

impl Index {
    pub(super) fn knows(&self, hash: &ChangeHash) -> bool {
        self.seen.contains_key(hash)
    }

    /// Notes a change whose dependencies were noted before.
    pub(super) fn add(&mut self, change: &Change) {
        let mut seen = self.before(change.deps()).unwrap_or_else(Seen::nothing);
        seen.highest_counter = seen.highest_counter.max(change.max_op());
        seen.by_actor.insert(change.actor_id().clone(), change.seq());
        self.last_seq.insert(change.actor_id().clone(), change.seq());
        self.seen.insert(change.hash(), seen);
    }

    /// As many of these heads as one change may follow. The one that holds what the actor wrote last
    /// is among them, since an actor's changes follow each other.
    pub(super) fn some(&self, mut heads: Vec<ChangeHash>, actor: &ActorId) -> Vec<ChangeHash> {
        let last = self.last_seq.get(actor);
        let holds_last = |head: &ChangeHash| {
            let seen = self.seen.get(head).and_then(|seen| seen.by_actor.get(actor));
            last.is_some() && seen == last
        };
        heads.sort_by_key(|head| (!holds_last(head), *head));
        heads.truncate(HEADS);
        heads
    }

    /// What someone had seen who knew these changes; none if one of them is not known here.
    fn before(&self, deps: &[ChangeHash]) -> Option<Seen> {
        let mut joined = Seen::nothing();
        for dep in deps {
            let seen = self.seen.get(dep)?;
            joined.highest_counter = joined.highest_counter.max(seen.highest_counter);
            for (actor, seq) in &seen.by_actor {
                let known = joined.by_actor.entry(actor.clone()).or_default();
                *known = (*known).max(*seq);
            }
        }
        Some(joined)
    }
}

impl Seen {
    const fn nothing() -> Self {
        Self { highest_counter: 0, by_actor: BTreeMap::new() }
    }
}

/// Judges context and operations of a change.
pub(super) fn judge(draft: &Draft, change: &Change) -> Result<(), Refusal> {
    let deps = change.deps();
    if deps.is_empty() {
        return Err(refuse("another beginning"));
    }
    let distinct: std::collections::BTreeSet<_> = deps.iter().collect();
    if distinct.len() != deps.len() {
        return Err(refuse("dependency twice"));
    }
    let index = &draft.index;
    let seen = index.before(deps).ok_or(Refusal::new(Code::ChangeWaiting))?;
    let actor = change.actor_id();
    if actor.to_bytes() == super::GENESIS_ACTOR {
        return Err(refuse("actor of the beginning"));
    }
    let own = seen.by_actor.get(actor).copied().unwrap_or(0);
    let latest = index.last_seq.get(actor).copied().unwrap_or(0);
    if change.seq() != own + 1 || change.seq() != latest + 1 {
        return Err(refuse("sequence"));
    }
    if change.start_op().get() != seen.highest_counter + 1 {
        return Err(refuse("first counter"));
    }
    let session = session_of(draft, change)?;
    catch_unwind(AssertUnwindSafe(|| operations::judge(draft, change, session)))
        .unwrap_or_else(|_| Err(refuse("panic")))
}

/// Whose a change is: its actor says it in this change, if it is the first one, or has said it.
pub(super) fn session_of(draft: &Draft, change: &Change) -> Result<EditSession, Refusal> {
    let actor = change.actor_id();
    let session = match draft.session(actor) {
        Some(session) => session,
        None => said(change).ok_or_else(|| refuse("no session"))?,
    };
    if session.actor(draft.inspection) == *actor { Ok(session) } else { Err(refuse("session")) }
}

/// What a change says of its actor, if it does.
pub(super) fn said(change: &Change) -> Option<EditSession> {
    catch_unwind(AssertUnwindSafe(|| operations::said(change))).unwrap_or_default()
}

/// Applies a judged change to a copy and demands that the copy rebuilds its bytes.
pub(super) fn apply(doc: &Automerge, change: &Change) -> Result<Automerge, Refusal> {
    let mut copy = doc.clone();
    let change = change.clone();
    catch_unwind(AssertUnwindSafe(move || {
        let hash = change.hash();
        let raw = change.raw_bytes().to_vec();
        copy.apply_changes([change]).ok()?;
        let rebuilt = copy.get_change_by_hash(&hash)?;
        let same = rebuilt.raw_bytes() == raw && copy.get_heads().contains(&hash);
        same.then_some(copy)
    }))
    .ok()
    .flatten()
    .ok_or_else(|| refuse("not rebuilt"))
}
