//! The reference data for staff in parts, and what is new of them for a device.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sync_core::domain::catalogue::Catalogue;
use sync_core::id::{Digest, StreetCode};
use sync_core::wire::catalogue::{self as parts, COLLEAGUES, HeldParts, Manifest, Part, Parts};
use sync_core::wire::exchange::Item;
use sync_core::wire::pieces::{self, Prefix};
use sync_core::{cbor, limits};

/// A catalogue as it travels, with its digest.
pub type PackedCatalogue = (Digest, Arc<[u8]>);

pub(crate) fn packed(catalogue: &Catalogue) -> PackedCatalogue {
    let bytes = cbor::to_vec(catalogue);
    (Digest::of(&bytes), Arc::from(bytes))
}

/// What a device says of the reference data that it holds, and how much it wants of what is new.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Digest of the version.
    pub digest: Option<Digest>,
    /// The same in two.
    pub parts: Option<HeldParts>,
    /// What came in pieces of the next one.
    pub coming: Vec<Prefix>,
    /// What its build [reads](sync_core::wire::exchange::READS): before 5 a catalogue as a whole only, before 6 no pieces.
    pub reads: u32,
    /// Most bytes wanted.
    pub room: usize,
}

/// What is new of the reference data.
#[derive(Debug, Default)]
pub struct News {
    /// What is sent of it now.
    pub item: Option<Item>,
    /// How many bytes of the room that takes.
    pub bytes: usize,
    /// Whether more of it waits for the next answer.
    pub more: bool,
}

impl News {
    /// What is sent at once, whatever the room.
    #[must_use]
    pub fn whole(item: Option<Item>) -> Self {
        Self { item, ..Self::default() }
    }
}

/// The catalogue for staff: its parts, and the versions before it that devices may hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staff {
    parts: Parts,
    manifest: Manifest,
    before: Vec<Manifest>,
    /// What was the part with the colleagues before, the newest first: whoever got some of one gets the rest of it.
    colleagues: Vec<Arc<[u8]>>,
    /// For builds that read no parts, put together when one asks.
    whole: OnceLock<PackedCatalogue>,
    /// The names of versions as they are held by whoever works in some streets.
    names: Arc<Mutex<Names>>,
}

/// By streets, and by which name of theirs: the manifest of each version known.
type Names = HashMap<(BTreeSet<StreetCode>, Named), Arc<HashMap<Digest, Manifest>>>;

/// By what a device names the version that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Named {
    /// By all of it, with the colleagues of now.
    Whole,
    /// By everything but the colleagues.
    Rest,
}

/// Parts with colleagues of before that are kept at most, and their bytes.
const COLLEAGUES_BEFORE: usize = 64;
const COLLEAGUES_BYTES: usize = 8 * 1024 * 1024;

impl Staff {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let parts = parts::split(catalogue);
        Self { manifest: Manifest::of(&parts), parts, ..Self::default() }
    }

    /// The same, knowing versions of before. Colleagues are those of the accounts now, whatever version the rest of it is.
    pub(crate) fn knowing(mut self, mut versions: Vec<Manifest>) -> Self {
        let colleagues = self.manifest.0.get(COLLEAGUES).copied();
        for version in &mut versions {
            version.0.extend(colleagues.map(|digest| (COLLEAGUES.to_owned(), digest)));
        }
        self.before = versions;
        self
    }

    /// The same, knowing what the part with the colleagues was until now.
    pub(crate) fn following(mut self, before: &Self) -> Self {
        let newest = self.parts.get(COLLEAGUES).map(Vec::as_slice);
        let last = before.parts.get(COLLEAGUES).map(|bytes| Arc::from(bytes.as_slice()));
        let mut bytes = 0;
        self.colleagues = last
            .into_iter()
            .chain(before.colleagues.iter().cloned())
            .filter(|part: &Arc<[u8]>| Some(&**part) != newest)
            .take(COLLEAGUES_BEFORE)
            .take_while(|part| {
                bytes += part.len();
                bytes <= COLLEAGUES_BYTES
            })
            .collect();
        self.colleagues.dedup();
        self
    }

    fn joined(&self) -> Catalogue {
        let parts = self.parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        parts::join(parts).unwrap_or_default()
    }

    /// What is new for whoever works in these streets, and in others before.
    pub(crate) fn news(
        &self,
        held: &Held,
        streets: &BTreeSet<StreetCode>,
        earlier: &[BTreeSet<StreetCode>],
    ) -> News {
        if held.reads < 5 {
            let (digest, bytes) = self.whole.get_or_init(|| packed(&self.joined()));
            let item = || Item::Catalogue { bytes: bytes.to_vec().into() };
            return News::whole((held.digest != Some(*digest)).then(item));
        }
        let mut newest = self.manifest.within(streets);
        let to = newest.digest();
        if held.digest == Some(to) {
            return News::default();
        }
        let everywhere = BTreeSet::new();
        let mut worked = std::iter::once(streets).chain(earlier).chain([&everywhere]);
        let known = worked.find_map(|streets| self.version_held(held, streets));
        let (from, before) = known.unwrap_or_default();
        let part = |name: &str| {
            let bytes = self.parts.get(name)?.clone();
            Some(Part { name: name.to_owned(), bytes: bytes.into() })
        };
        let mut parts: Vec<Part> = newest.new_since(&before).into_iter().filter_map(part).collect();
        let gone: Vec<String> =
            before.0.keys().filter(|name| !newest.0.contains_key(*name)).cloned().collect();
        if held.reads < 6 {
            return News::whole(Some(Item::Parts { from, to, parts, gone }));
        }
        if let Some(begun) = self.begun(held, &parts, &gone) {
            newest.0.insert(COLLEAGUES.to_owned(), Digest::of(&begun));
            parts.retain(|part| part.name != COLLEAGUES);
            parts.push(Part { name: COLLEAGUES.to_owned(), bytes: begun.to_vec().into() });
            return fitting(held, (from, newest.digest()), parts, gone);
        }
        fitting(held, (from, to), parts, gone)
    }

    /// An older part with the colleagues, of which a device has got some already: it comes to its end first, or whoever
    /// is hired before each answer would keep all of them from it.
    fn begun(&self, held: &Held, parts: &[Part], gone: &[String]) -> Option<Arc<[u8]>> {
        let newest = parts.iter().find(|part| part.name == COLLEAGUES)?;
        if held.coming.is_empty() || self.colleagues.is_empty() {
            return None;
        }
        let others: Vec<Part> =
            parts.iter().filter(|part| part.name != COLLEAGUES).cloned().collect();
        let run = |bytes: &[u8]| {
            let part = Part { name: COLLEAGUES.to_owned(), bytes: bytes.to_vec().into() };
            pieces::run_of(&[part], &[])
        };
        let rests = std::iter::once(&*newest.bytes as &[u8]);
        let rests = rests.chain(self.colleagues.iter().map(|part| &**part)).map(run);
        let shared = pieces::run_of(&others, gone);
        let at = pieces::furthest(&shared, rests, &held.coming)?;
        self.colleagues.get(at.checked_sub(1)?).cloned()
    }

    /// The version that a device holds, where it is known here.
    fn version_held(
        &self,
        held: &Held,
        streets: &BTreeSet<StreetCode>,
    ) -> Option<(Option<Digest>, Manifest)> {
        let digest = held.digest?;
        let Some(HeldParts { rest, colleagues }) = held.parts else {
            let version = self.versions(streets, Named::Whole).get(&digest)?.clone();
            return Some((Some(digest), version));
        };
        let mut version = self.versions(streets, Named::Rest).get(&rest)?.clone();
        version.0.insert(COLLEAGUES.to_owned(), colleagues);
        Some((Some(digest), version))
    }

    fn versions(
        &self,
        streets: &BTreeSet<StreetCode>,
        named: Named,
    ) -> Arc<HashMap<Digest, Manifest>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (streets.clone(), named);
        if let Some(known) = names.get(&key) {
            return Arc::clone(known);
        }
        let name = |version: &Manifest| match named {
            Named::Whole => version.digest(),
            Named::Rest => version.rest(),
        };
        let within = self.before.iter().map(|it| it.within(streets));
        let known: Arc<HashMap<_, _>> = Arc::new(within.map(|it| (name(&it), it)).collect());
        names.insert(key, Arc::clone(&known));
        known
    }
}

/// All of it where there is room, or the next piece of it.
fn fitting(
    held: &Held,
    (from, to): (Option<Digest>, Digest),
    parts: Vec<Part>,
    gone: Vec<String>,
) -> News {
    let run = pieces::run_of(&parts, &gone);
    let room = held.room.min(limits::PAGE_BYTES);
    let after = pieces::held_of(&run, &held.coming);
    if after == 0 && run.len() <= room {
        let bytes = run.len();
        return News { item: Some(Item::Parts { from, to, parts, gone }), bytes, more: false };
    }
    if room == 0 {
        return News { item: None, bytes: 0, more: true };
    }
    let left = run.get(after..).unwrap_or_default();
    let piece = left.get(..room).unwrap_or(left);
    let more = piece.len() < left.len();
    let (bytes, after) = (piece.to_vec().into(), after as u64);
    let item = Item::Piece { from, to, after, bytes, more };
    News { item: Some(item), bytes: piece.len(), more }
}
