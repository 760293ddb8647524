//! The third look: each operation puts one well-formed text under one well-formed key of one of the
//! four maps, over exactly what its author could see there.

use std::collections::BTreeSet;

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{ActorId, Change, ObjId, ReadDoc as _, ScalarValue};

use super::super::keys::{self, Map, Writing};
use super::super::{Draft, EditSession, GENESIS_ACTOR};
use super::refuse;
use crate::limits;
use crate::refusal::Refusal;

/// Counter of the first map in the genesis change; the others follow in order.
const FIRST_MAP: u64 = 3;

/// Whose a change says that its actor is.
pub(super) fn said(change: &Change) -> Option<EditSession> {
    let own = keys::session(change.actor_id());
    change.decode().operations.iter().find_map(|operation| {
        let Key::Map(key) = &operation.key else { return None };
        let OpType::Put(ScalarValue::Str(value)) = &operation.action else { return None };
        let says = map_of(&operation.obj) == Ok(Map::Sessions) && **key == own;
        says.then(|| keys::session_of(value).ok()).flatten()
    })
}

pub(super) fn judge(draft: &Draft, change: &Change, session: EditSession) -> Result<(), Refusal> {
    let by = Writing { actor: change.actor_id(), session };
    let decoded = change.decode();
    let current = draft.doc.get_heads() == change.deps();
    let mut written: BTreeSet<(Map, &str)> = BTreeSet::new();
    let mut named: BTreeSet<ActorId> = BTreeSet::new();
    for operation in &decoded.operations {
        let map = map_of(&operation.obj)?;
        named.insert(ActorId::from(&GENESIS_ACTOR[..]));
        let Key::Map(key) = &operation.key else { return Err(refuse("key")) };
        if operation.insert {
            return Err(refuse("insert"));
        }
        let OpType::Put(ScalarValue::Str(value)) = &operation.action else {
            return Err(refuse("action"));
        };
        if value.len() > limits::TEXT_CHARS * 4 {
            return Err(refuse("value too long"));
        }
        keys::check(map, key, keys::plain(value)?, Some(&by))?;
        if !written.insert((map, key.as_str())) {
            return Err(refuse("key twice"));
        }
        let over: BTreeSet<(u64, ActorId)> =
            operation.pred.iter().map(|id| (id.counter(), id.actor().clone())).collect();
        if over.len() != operation.pred.len() || over != visible(draft, change, map, key, current)?
        {
            return Err(refuse("predecessors"));
        }
        named.extend(over.into_iter().map(|(_, actor)| actor));
    }
    // Automerge rebuilds a change from its operations, so the list of actors must be theirs alone.
    named.remove(change.actor_id());
    if named.iter().eq(change.other_actor_ids()) { Ok(()) } else { Err(refuse("actors")) }
}

fn map_of(object: &ObjectId) -> Result<Map, Refusal> {
    let ObjectId::Id(id) = object else { return Err(refuse("root")) };
    let place = id.counter().checked_sub(FIRST_MAP).and_then(|n| usize::try_from(n).ok());
    place
        .filter(|_| id.actor().to_bytes() == GENESIS_ACTOR)
        .and_then(|place| Map::ALL.get(place).copied())
        .ok_or_else(|| refuse("object"))
}

/// The values under a key that someone saw who knew the change's dependencies.
fn visible(
    draft: &Draft,
    change: &Change,
    map: Map,
    key: &str,
    current: bool,
) -> Result<BTreeSet<(u64, ActorId)>, Refusal> {
    let object = draft.maps.get(&map).ok_or_else(|| refuse("object"))?;
    let now = draft.doc.get_all(object, key).map_err(|_| refuse("read"))?;
    let values = if current || now.is_empty() {
        now
    } else {
        draft.doc.get_all_at(object, key, change.deps()).map_err(|_| refuse("read"))?
    };
    Ok(values
        .into_iter()
        .filter_map(|(_, id)| match id {
            ObjId::Id(counter, actor, _) => Some((counter, actor)),
            ObjId::Root => None,
        })
        .collect())
}
