//! The working record of one inspection on Automerge, until it is sealed.
//!
//! **Shape.** Four maps that the genesis change creates, each with flat text keys and scalar text
//! values: `answers` (`<item>/<field>`), `hazards` (`<hazard>/<field>`), `photos`
//! (`<hazard>/<digest>` to purpose) and `sessions` (`<actor>` to person, device and nonce). Nothing else is
//! ever created, so no two officers can create the same object without seeing each other, of which one
//! would hide the other. Nothing is deleted: a hazard is withdrawn with a reason.
//!
//! **Trust.** The changes are the truth, the document is built from them. No foreign change reaches
//! Automerge before `guard` has judged its bytes, its context and each of its operations.

mod edit;
mod guard;
pub mod keys;
mod lacks;
mod parallel;
mod part;
mod read;
mod room;
mod sessions;
mod write;

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};

pub use edit::{Edit, HazardDraft, HazardField, MeasureDraft};
pub use lacks::Lack;
pub use part::{Extract, order_of};
pub use read::{AnswerView, DraftView, Field, HazardView};
pub use room::Room;
pub use sessions::Sessions;

use crate::domain::evidence::{Photo, Purpose};
use crate::id::{BlobHash, DeviceId, Digest, HazardId, InspectionId, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};
use keys::Map;

/// Version of the shape, written into the genesis change.
const SCHEMA: i64 = 2;
/// What an actor is the digest of starts with this.
const ACTOR_DOMAIN: &[u8] = b"zhicha draft actor v1\0";
/// Actor of the genesis change, which is the same for everyone.
const GENESIS_ACTOR: [u8; 16] = [0; 16];

/// A writing session: who writes, on which device, since which start of the app.
///
/// Automerge names a writer by 16 bytes, its actor. Here these are the start of a digest over the draft, the person,
/// the device and the nonce, so that nobody can write under the actor of somebody else: whoever brings a change says
/// by whom it is, and it is held to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditSession {
    /// Who writes.
    pub person: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// Fresh entropy after every start and every restore, never kept.
    pub nonce: [u8; 16],
}

impl EditSession {
    /// The session of a person on a device.
    #[must_use]
    pub const fn new(person: PersonId, device: DeviceId, nonce: [u8; 16]) -> Self {
        Self { person, device, nonce }
    }

    /// The actor of this session in a draft.
    fn actor(self, inspection: InspectionId) -> ActorId {
        let parts = [
            ACTOR_DOMAIN,
            inspection.as_bytes(),
            self.person.as_bytes(),
            self.device.as_bytes(),
            &self.nonce,
        ];
        let digest = Digest::of(&parts.concat());
        ActorId::from(digest.as_bytes().get(..16).unwrap_or_default())
    }
}

/// What became of a change that was shown to a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is part of the draft now.
    Applied,
    /// It was part of the draft before.
    Known,
}

/// The working record of one inspection.
#[derive(Clone)]
pub struct Draft {
    inspection: InspectionId,
    doc: Automerge,
    maps: BTreeMap<Map, ObjId>,
    index: guard::Index,
    changes: Vec<Vec<u8>>,
    bytes: usize,
    /// Photos that were taken for a hazard of this draft, whether or not the draft names them.
    captures: Vec<(HazardId, BlobHash, Purpose)>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("inspection", &self.inspection)
            .field("changes", &self.changes.len())
            .finish_non_exhaustive()
    }
}

/// Something that cannot happen unless Automerge behaves otherwise than it was measured to.
fn broken(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::ChangeRefused).detail(format!("automerge: {error}"))
}

/// Checks the bytes of a change alone: one plain change within all bounds, with its checksum. It is
/// not judged against a draft, so it must not be merged yet.
///
/// # Errors
/// `Code::ChangeTooLarge`, or [`Code::ChangeRefused`] for what is not one plain change.
pub fn check_bounds(change: &[u8]) -> Result<(), Refusal> {
    guard::check_bounds(change)
}

impl Draft {
    /// An empty draft. Its genesis change is the same wherever it is made, and names the inspection
    /// so that a change of one draft fits no other.
    ///
    /// # Errors
    /// [`Code::ChangeRefused`] if Automerge fails, which nobody can cause.
    pub fn new(inspection: InspectionId) -> Result<Self, Refusal> {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from(&GENESIS_ACTOR[..]));
        let mut transaction = doc.transaction();
        transaction.put(ROOT, "schema", SCHEMA).map_err(broken)?;
        let name = ScalarValue::Bytes(inspection.as_bytes().to_vec());
        transaction.put(ROOT, "inspection", name).map_err(broken)?;
        let mut maps = BTreeMap::new();
        for map in Map::ALL {
            let object = transaction.put_object(ROOT, map.name(), ObjType::Map).map_err(broken)?;
            maps.insert(*map, object);
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        let mut index = guard::Index::default();
        for change in doc.get_changes(&[]) {
            index.add(&change);
        }
        Ok(Self {
            inspection,
            doc,
            maps,
            index,
            changes: Vec::new(),
            bytes: 0,
            captures: Vec::new(),
        })
    }

    /// A draft from changes that were admitted before, in an order in which each follows what it
    /// depends on. It can be read, however much it is.
    ///
    /// # Errors
    /// What the guard refuses of a change, as [`Draft::admit`] does, except [`Code::DraftFull`].
    pub fn open<'a>(
        inspection: InspectionId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, Refusal> {
        let mut draft = Self::new(inspection)?;
        for change in changes {
            draft.take(change, usize::MAX)?;
        }
        Ok(draft)
    }

    /// A draft from whatever of these changes fits, in whatever order they come: what quarantine holds may lack
    /// a part that it follows. With the person who brought it, where that is kept, one that speaks for somebody else is left
    /// out: it takes no place from what he wrote himself. A device may have lost its key since it wrote.
    ///
    /// # Errors
    /// Those of an empty draft.
    pub fn gather<'a>(
        inspection: InspectionId,
        changes: impl IntoIterator<Item = (&'a [u8], Option<PersonId>)>,
    ) -> Result<Self, Refusal> {
        let mut draft = Self::new(inspection)?;
        let readable = changes.into_iter().filter_map(|it| Some((order_of(it.0).ok()?, it)));
        let mut readable: Vec<(u64, (&[u8], Option<_>))> = readable.collect();
        readable.sort_by_key(|(order, _)| *order);
        for (_, (change, by)) in readable {
            let said = draft.session_of(change);
            if said.is_ok_and(|it| by.is_none_or(|by| it.person == by)) {
                // What does not fit is left out; it stays where it is kept.
                let _ = draft.take(change, usize::MAX);
            }
        }
        Ok(draft)
    }

    /// The draft with the photos of its case: what was signed at the shutter for a hazard belongs to it,
    /// also when the app was stopped before anything else was written.
    #[must_use]
    pub fn with_captures<'a>(mut self, photos: impl IntoIterator<Item = &'a Photo>) -> Self {
        let of_a_draft =
            |photo: &&Photo| matches!(photo.purpose, Purpose::Found | Purpose::FixedOnSpot);
        let captures = photos.into_iter().filter(of_a_draft);
        self.captures = captures.filter_map(|it| Some((it.hazard?, it.blob, it.purpose))).collect();
        self
    }

    /// Whose record it is.
    #[must_use]
    pub const fn inspection(&self) -> InspectionId {
        self.inspection
    }

    /// Judges a foreign change and takes it over. A refusal leaves the draft as it was.
    ///
    /// # Errors
    /// `Code::ChangeTooLarge`, [`Code::ChangeRefused`], `Code::PathNotAllowed`, `Code::ChangeWaiting` before
    /// what it follows, [`Code::DraftFull`].
    pub fn admit(&mut self, bytes: &[u8]) -> Result<Admission, Refusal> {
        let full = self.changes.len() >= limits::DRAFT_CHANGES;
        let room = limits::DRAFT_BYTES.saturating_sub(self.bytes);
        self.take(bytes, if full { 0 } else { room })
    }

    /// Takes a change over if it has no more bytes than `room`.
    fn take(&mut self, bytes: &[u8], room: usize) -> Result<Admission, Refusal> {
        let change = guard::parse(bytes)?;
        if self.index.knows(&change.hash()) {
            return Ok(Admission::Known);
        }
        if bytes.len() > room {
            return Err(Refusal::new(Code::DraftFull));
        }
        guard::judge(self, &change)?;
        self.doc = guard::apply(&self.doc, &change)?;
        self.index.add(&change);
        self.bytes += bytes.len();
        self.changes.push(bytes.to_vec());
        Ok(Admission::Applied)
    }

    /// Whether a key holds exactly one value and it is this one.
    fn already(&self, map: Map, key: &str, value: &str) -> bool {
        let values = self.values(map, key);
        matches!(values.as_slice(), [(only, _)] if only == value)
    }

    /// The draft as it would be with edits that are not committed yet; never kept.
    ///
    /// # Errors
    /// What [`Draft::commit`] refuses.
    pub fn preview(&self, by: PersonId, edits: &[Edit]) -> Result<Self, Refusal> {
        let mut copy = self.clone();
        // The copy is thrown away, so its session needs no entropy; it only must not be in use.
        let session = EditSession::new(by, DeviceId::from_bytes([0; 16]), [0; 16]);
        copy.commit(session, edits)?;
        Ok(copy)
    }

    /// By whom and on which device a change says that it was written: as its own first words say, or as its actor
    /// said in a change before.
    ///
    /// # Errors
    /// `Code::ChangeTooLarge`, [`Code::ChangeRefused`] for what says it nowhere.
    pub fn session_of(&self, change: &[u8]) -> Result<EditSession, Refusal> {
        guard::session_of(self, &guard::parse(change)?)
    }

    /// Every change that was admitted, in order.
    #[must_use]
    pub fn changes(&self) -> &[Vec<u8>] {
        &self.changes
    }

    /// Names of the newest changes: two drafts with the same heads are the same.
    #[must_use]
    pub fn heads(&self) -> Vec<[u8; 32]> {
        let mut heads: Vec<[u8; 32]> =
            self.doc.get_heads().into_iter().map(|head| head.0).collect();
        heads.sort_unstable();
        heads
    }

    /// Digests of the newest changes, ascending; of a crowd that nobody has joined, as many as a record
    /// may name.
    pub(crate) fn last_changes(&self) -> Vec<Digest> {
        let heads = self.doc.get_heads();
        let changes = heads.iter().filter_map(|hash| self.doc.get_change_by_hash(hash));
        let mut digests: Vec<Digest> =
            changes.map(|change| Digest::of(change.raw_bytes())).collect();
        digests.sort_unstable();
        digests.truncate(limits::DRAFT_HEADS);
        digests
    }

    /// The document in Automerge's own form. It is built anew with the changes in a fixed order, so
    /// that two drafts with the same changes give the same bytes, in whatever order they came.
    ///
    /// # Errors
    /// [`Code::ChangeRefused`] if Automerge fails, which nobody can cause.
    pub fn snapshot(&self) -> Result<Vec<u8>, Refusal> {
        let mut changes = self.doc.get_changes(&[]);
        // A change starts counting above everything it depends on.
        changes.sort_by_key(|change| (change.start_op(), change.hash()));
        let mut rebuilt = Automerge::new();
        rebuilt.apply_changes(changes).map_err(broken)?;
        Ok(rebuilt.save())
    }

    /// All values of a key with who wrote each, the shown one first.
    fn values(&self, map: Map, key: &str) -> Vec<(String, Option<ActorId>)> {
        let plain = |text: &str| keys::plain(text).unwrap_or(text).to_owned();
        self.raw(map, key).into_iter().map(|(text, actor)| (plain(&text), actor)).collect()
    }

    /// All values of a key as they are written.
    fn raw(&self, map: Map, key: &str) -> Vec<(String, Option<ActorId>)> {
        self.maps.get(&map).map(|object| raw(&self.doc, object, key)).unwrap_or_default()
    }
}

/// All values of a key as they are written, the shown one first.
fn raw(doc: &impl ReadDoc, object: &ObjId, key: &str) -> Vec<(String, Option<ActorId>)> {
    let Ok(all) = doc.get_all(object, key) else { return Vec::new() };
    let mut values: Vec<_> = all
        .into_iter()
        .filter_map(|(value, id)| {
            let text = value.into_string().ok()?;
            let actor = match id {
                ObjId::Id(_, actor, _) => Some(actor),
                ObjId::Root => None,
            };
            Some((text, actor))
        })
        .collect();
    // Automerge lists the winner last.
    values.reverse();
    values
}
