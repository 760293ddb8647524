//! What a set of facts amounts to: everything that was stated about one matter, in the order in which it counts.
//!
//! A case knows no kind of statement. [`act`] says what every kind brings along, [`fold`] how facts become a case,
//! [`offer`] what a person is shown before stating something, [`telling`] what is shown of it afterwards. What
//! follows from a case (states, duties, permissions) is asked of [`crate::act`] and [`crate::rules`].

pub mod act;
pub mod fold;
pub mod offer;
pub mod telling;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::id::{DeviceId, FactId, HazardId, PersonId};
use crate::ledger::stream::StreamId;
use crate::time::Timestamp;
use act::{Act, Kind};

/// What a statement is about: a stream as a whole, or one hazard in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct About {
    /// The stream in which it is stated.
    pub stream: StreamId,
    /// The hazard, where it is about one alone.
    pub hazard: Option<HazardId>,
}

impl About {
    /// The stream as a whole.
    #[must_use]
    pub const fn stream(stream: StreamId) -> Self {
        Self { stream, hazard: None }
    }

    /// One hazard of a stream.
    #[must_use]
    pub const fn hazard(stream: StreamId, hazard: HazardId) -> Self {
        Self { stream, hazard: Some(hazard) }
    }
}

/// A statement with who made it and when it counts.
#[derive(Clone)]
pub struct Stated {
    /// Its kind.
    pub kind: &'static Kind,
    /// What it is about.
    pub about: About,
    /// The fact.
    pub fact: FactId,
    /// Who stated it.
    pub by: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// The clock on the device's wall, a claim.
    pub wall: Timestamp,
    /// Place in the device's chain; 0 where the reader may not know it.
    pub seq: u64,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    body: Arc<dyn Any + Send + Sync>,
}

impl Stated {
    /// The statement as one of its kind; none if it is of another kind.
    #[must_use]
    pub fn as_act<A: Act>(&self) -> Option<Of<'_, A>> {
        let body = self.body.downcast_ref::<A>()?;
        Some(Of {
            about: self.about,
            fact: self.fact,
            by: self.by,
            device: self.device,
            wall: self.wall,
            seq: self.seq,
            at: self.at,
            place: self.place,
            body,
        })
    }

    /// What is shown of it.
    #[must_use]
    pub fn tell(&self) -> telling::Telling {
        self.kind.tell(self.body.as_ref())
    }

    fn repeats(&self, earlier: &Self) -> bool {
        self.kind.repeats(self.body.as_ref(), earlier.body.as_ref())
    }
}

/// Two are the same when they are one fact that counts at one place: a fact is named by what it states.
impl PartialEq for Stated {
    fn eq(&self, other: &Self) -> bool {
        (self.fact, self.at, self.place) == (other.fact, other.at, other.place)
    }
}

impl Eq for Stated {}

impl fmt::Debug for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} by {} at {:?}", self.kind.name, self.about, self.by, self.at)
    }
}

/// A statement of a known kind, borrowed from its case.
pub struct Of<'c, A> {
    /// What it is about.
    pub about: About,
    /// The fact.
    pub fact: FactId,
    /// Who stated it.
    pub by: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// The clock on the device's wall, a claim.
    pub wall: Timestamp,
    /// Place in the device's chain; 0 where the reader may not know it.
    pub seq: u64,
    /// When it counts: the receipt's time, or the device's own before there is one.
    pub at: Timestamp,
    /// Place within its stream; none while only this device knows it.
    pub place: Option<u64>,
    /// What was stated.
    pub body: &'c A,
}

impl<A> Clone for Of<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Of<'_, A> {}

impl<A: fmt::Debug> fmt::Debug for Of<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} by {} at {:?}", self.body, self.by, self.at)
    }
}

/// Everything known of one matter: of a visit, its notices and what belongs to them.
///
/// An enterprise's device holds the notice's side alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    all: Vec<Stated>,
    places: BTreeMap<u16, BTreeMap<About, Vec<usize>>>,
    unknown: Vec<FactId>,
    damaged: bool,
}

impl Case {
    /// All statements of a kind about one thing, in the order in which they count.
    pub fn all<A: Act>(&self, about: About) -> impl DoubleEndedIterator<Item = Of<'_, A>> {
        let places = self.places.get(&A::KIND).and_then(|of_kind| of_kind.get(&about));
        let places = places.map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.all.get(*place)?.as_act())
    }

    /// The first statement of a kind about one thing.
    #[must_use]
    pub fn first<A: Act>(&self, about: About) -> Option<Of<'_, A>> {
        self.all(about).next()
    }

    /// The last statement of a kind about one thing.
    #[must_use]
    pub fn last<A: Act>(&self, about: About) -> Option<Of<'_, A>> {
        self.all(about).next_back()
    }

    /// All statements of a kind about anything, by what they are about, then in the order in which they count.
    pub fn every<A: Act>(&self) -> impl Iterator<Item = Of<'_, A>> {
        let places = self.places.get(&A::KIND).into_iter().flat_map(BTreeMap::values);
        places.flatten().filter_map(|place| self.all.get(*place)?.as_act())
    }

    /// Everything that was stated, in the order in which it counts.
    #[must_use]
    pub fn stated(&self) -> &[Stated] {
        &self.all
    }

    /// Critical facts of kinds that this build does not know: no status is given then.
    #[must_use]
    pub fn unknown_critical(&self) -> &[FactId] {
        &self.unknown
    }

    /// Whether a fact of it is known to be missing: no status is given then.
    #[must_use]
    pub const fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Notes that a fact of it was stored and cannot be relied on any more.
    pub const fn note_damaged(&mut self) {
        self.damaged = true;
    }

    /// Adds a statement at the end, unless its kind says that an earlier one stands for it.
    fn push(&mut self, stated: Stated) {
        let places = self.places.entry(stated.kind.number).or_default();
        let places = places.entry(stated.about).or_default();
        let known = places.iter().filter_map(|place| self.all.get(*place));
        if !known.into_iter().any(|earlier| stated.repeats(earlier)) {
            places.push(self.all.len());
            self.all.push(stated);
        }
    }
}
