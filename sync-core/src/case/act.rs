//! What every kind of statement says about itself, and how it is judged.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;

use super::offer::Offer;
use super::telling::Telling;
use super::{About, Case};
use crate::domain::account::Person;
use crate::domain::catalogue::{Catalogue, Colleague, Department};
use crate::domain::competence::Competence;
use crate::domain::law::{LawDocument, SectorCriteria};
use crate::domain::numbers::Lease;
use crate::domain::papers::PaperKind;
use crate::domain::procedure::Procedure;
use crate::id::{BlobHash, DepartmentId, FactId, PersonId, SectorCode};
use crate::refusal::{Code, Refusal};
use crate::time::{CivilDate, Timestamp};

/// One kind of statement. Everything that is true of the kind stands in the file of its body.
pub trait Act: Any + fmt::Debug + Send + Sync + Sized {
    /// The stable number, as it stands in signed bytes.
    const KIND: u16;
    /// The stable name, such as `notice.served`.
    const NAME: &'static str;
    /// What a timeline calls it.
    const TITLE: &'static str;
    /// Whether only the server may state it.
    const BY_SERVER: bool = false;

    /// The papers that rest on it; see [`crate::act::paper::names`].
    const PAPERS: &'static [PaperKind] = &[];

    /// What it is about; gives its stream and its place in the case.
    fn about(&self) -> About;

    /// Checks form and bounds. Order of steps and permissions are asked of [`Act::check`].
    ///
    /// # Errors
    /// The code of the first field that does not fit, with the field.
    fn form(&self) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether an earlier statement about the same stands for this one, which then changes nothing.
    fn repeats(&self, _earlier: &Self) -> bool {
        false
    }

    /// The same with what its device adds from the case as it knows it, before it is signed.
    #[must_use]
    fn knowing(self, _case: &Case) -> Self {
        self
    }

    /// The facts that it names: it cannot have been stated before they were.
    fn follows(&self) -> Vec<FactId> {
        Vec::new()
    }

    /// The photos that it rests on, for a decision: it waits until all of them are at the server and could be looked at.
    /// Whoever loads a case and whoever asks a gate read it here, so a kind asks for its photos nowhere else.
    fn rests_on(&self) -> Option<ProofPhotos<'_>> {
        None
    }

    /// Names every condition that does not hold for the author to state this now.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet);

    /// What of this kind the author may state about something now, as a screen offers it.
    fn offers(_case: &Case, _about: About, _context: &Context<'_>) -> Vec<Offer> {
        Vec::new()
    }

    /// What is shown of it in timelines.
    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE)
    }
}

/// The photos that a decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct ProofPhotos<'a> {
    named: &'a [BlobHash],
    of_case: fn(&Case, About) -> BTreeSet<BlobHash>,
}

impl<'a> ProofPhotos<'a> {
    /// Those that it names, and those of its case on which it rests whatever it names.
    #[must_use]
    pub const fn new(
        named: &'a [BlobHash],
        of_case: fn(&Case, About) -> BTreeSet<BlobHash>,
    ) -> Self {
        Self { named, of_case }
    }

    /// Those that it names alone.
    #[must_use]
    pub fn named(named: &'a [BlobHash]) -> Self {
        Self::new(named, |_, _| BTreeSet::new())
    }

    /// All of them.
    #[must_use]
    pub fn photos(&self, case: &Case, about: About) -> BTreeSet<BlobHash> {
        let mut photos = (self.of_case)(case, about);
        photos.extend(self.named);
        photos
    }
}

/// A kind of statement as the case handles it.
pub struct Kind {
    /// The stable number.
    pub number: u16,
    /// The stable name.
    pub name: &'static str,
    /// What a timeline calls it.
    pub title: &'static str,
    /// The papers that rest on it.
    pub papers: &'static [PaperKind],
    repeats: fn(&dyn Any, &dyn Any) -> bool,
    tell: fn(&dyn Any) -> Option<Telling>,
}

impl Kind {
    /// The kind of a body.
    #[must_use]
    pub const fn of<A: Act>() -> Self {
        Self {
            number: A::KIND,
            name: A::NAME,
            title: A::TITLE,
            papers: A::PAPERS,
            repeats: repeats::<A>,
            tell: |body| body.downcast_ref::<A>().map(A::tell),
        }
    }

    pub(super) fn repeats(&self, one: &dyn Any, earlier: &dyn Any) -> bool {
        (self.repeats)(one, earlier)
    }

    pub(super) fn tell(&self, body: &dyn Any) -> Telling {
        (self.tell)(body).unwrap_or_else(|| Telling::of(self.title))
    }
}

fn repeats<A: Act>(one: &dyn Any, earlier: &dyn Any) -> bool {
    match (one.downcast_ref::<A>(), earlier.downcast_ref::<A>()) {
        (Some(one), Some(earlier)) => one.repeats(earlier),
        _ => false,
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Who asks, when, and what is known besides the case.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who.
    pub author: &'a Person,
    /// When: the server's time on admission, the device's own before.
    pub now: Timestamp,
    /// When it was stated, as its device says and the server can bound it; `now` before it is stated. Gates bound it
    /// once more, by what the statement follows: see [`Context::not_before`].
    pub stated: Timestamp,
    /// What is known of the zone.
    pub zone: Zone<'a>,
    /// Conditions that a named supervisor has passed over for this one statement. Every other one counts.
    pub pardoned: &'a [Code],
    /// What is known of photos.
    pub photos: Photos<'a>,
    /// The blocks of numbers that were leased to the author's device; none where nobody knows.
    pub leases: Option<&'a [Lease]>,
    /// Whether another paper is known to carry the number that is stated.
    pub number_taken: bool,
}

/// What is known of the zone. An empty list says that nothing was entered: what would be asked of it is not asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Zone<'a> {
    /// The departments.
    pub departments: &'a [Department],
    /// Everybody who works for one of them.
    pub colleagues: &'a [Colleague],
    /// Which department may act in a sector.
    pub competence: &'a [Competence],
    /// Bounds of terms.
    pub procedures: &'a [Procedure],
    /// Criteria for major hazards, by sector.
    pub criteria: &'a [SectorCriteria],
    /// Laws and standards, which say from when to when a clause is in force.
    pub laws: &'a [LawDocument],
}

impl<'a> From<&'a Catalogue> for Zone<'a> {
    fn from(catalogue: &'a Catalogue) -> Self {
        Self {
            departments: &catalogue.departments,
            colleagues: &catalogue.colleagues,
            competence: &catalogue.competence,
            procedures: &catalogue.procedures,
            criteria: &catalogue.criteria,
            laws: &catalogue.laws,
        }
    }
}

impl<'a> Zone<'a> {
    /// A department.
    #[must_use]
    pub fn department(&self, id: &DepartmentId) -> Option<&'a Department> {
        self.departments.iter().find(|it| it.id == *id)
    }

    /// An officer with a certificate.
    #[must_use]
    pub fn officer(&self, id: PersonId) -> Option<&'a Colleague> {
        self.colleagues.iter().find(|it| it.id == id && it.certificate.is_some())
    }

    /// The officers of a department who hold a certificate.
    pub fn officers(&self, department: &DepartmentId) -> impl Iterator<Item = &'a Colleague> {
        let of_department = move |it: &&Colleague| it.department == *department;
        self.colleagues.iter().filter(of_department).filter(|it| it.certificate.is_some())
    }

    /// Whether a department may inspect and issue papers in a sector on a day. Of several rows the youngest counts.
    #[must_use]
    pub fn may_issue(
        &self,
        department: &DepartmentId,
        sector: &SectorCode,
        day: CivilDate,
    ) -> bool {
        let of = |it: &&Competence| {
            it.department == *department && it.sector == *sector && it.holds_on(day)
        };
        let row = self.competence.iter().filter(of).max_by_key(|it| it.from);
        self.competence.is_empty() || row.is_some_and(|it| it.may_issue)
    }

    /// The bounds of terms on a day, of several rows the youngest. A day that none of them covers is bound all the same, by the one before it or else
    /// by the earliest one: there are none only where none were entered.
    #[must_use]
    pub fn procedure(&self, day: CivilDate) -> Option<&'a Procedure> {
        let in_force =
            self.procedures.iter().filter(|it| it.holds_on(day)).max_by_key(|it| it.from);
        let before = || self.procedures.iter().filter(|it| it.from <= day).max_by_key(|it| it.from);
        let earliest = || self.procedures.iter().min_by_key(|it| it.from);
        in_force.or_else(before).or_else(earliest)
    }
}

/// What is known of photos besides what the case says of them. A device knows none of it and leaves it to the server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Photos<'a> {
    /// Those of the case that are at the server and were read to their end without a flaw; none where that is not known.
    pub there: Option<&'a BTreeSet<BlobHash>>,
    /// Those of the case that were read and are no whole pictures.
    pub flawed: Option<&'a BTreeSet<BlobHash>>,
    /// Those that were taken for another case which the author may see.
    pub elsewhere: Option<&'a BTreeSet<BlobHash>>,
}

impl Photos<'_> {
    /// Whether this one is at the server, as far as that is known.
    pub(crate) fn is_there(&self, photo: &BlobHash) -> bool {
        self.there.is_none_or(|there| there.contains(photo))
    }

    /// Whether this one is known to be no whole picture.
    pub(crate) fn is_flawed(&self, photo: &BlobHash) -> bool {
        self.flawed.is_some_and(|flawed| flawed.contains(photo))
    }

    /// Whether this one is known to belong to another case.
    pub(crate) fn is_elsewhere(&self, photo: &BlobHash) -> bool {
        self.elsewhere.is_some_and(|elsewhere| elsewhere.contains(photo))
    }
}

impl<'a> Context<'a> {
    /// Everything counts.
    #[must_use]
    pub const fn new(author: &'a Person, now: Timestamp, zone: Zone<'a>) -> Self {
        let photos = Photos { there: None, flawed: None, elsewhere: None };
        let (leases, number_taken) = (None, false);
        Self { author, now, stated: now, zone, pardoned: &[], photos, leases, number_taken }
    }

    /// The same for a statement that was made before it arrives.
    #[must_use]
    pub const fn stated_at(self, stated: Timestamp) -> Self {
        Self { stated, ..self }
    }

    /// The same for a statement that cannot have been made before an instant, whatever clock its device shows.
    #[must_use]
    pub fn not_before(self, earliest: Option<Timestamp>) -> Self {
        Self { stated: earliest.map_or(self.stated, |it| self.stated.max(it)), ..self }
    }

    /// The same with what is known of photos.
    #[must_use]
    pub const fn with_photos(self, photos: Photos<'a>) -> Self {
        Self { photos, ..self }
    }

    /// The same with what is known of numbers: the blocks of the author's device, and whether another paper carries the
    /// one that is stated.
    #[must_use]
    pub const fn with_numbers(self, leases: &'a [Lease], number_taken: bool) -> Self {
        Self { leases: Some(leases), number_taken, ..self }
    }

    /// The same with conditions that are passed over.
    #[must_use]
    pub const fn pardoning(self, pardoned: &'a [Code]) -> Self {
        Self { pardoned, ..self }
    }
}

/// The conditions that do not hold, each once, the one that people are told of first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmet {
    pardoned: Vec<Code>,
    refusals: Vec<Refusal>,
}

impl Unmet {
    /// Nothing is unmet yet; `pardoned` conditions never will be.
    #[must_use]
    pub fn new(pardoned: &[Code]) -> Self {
        Self { pardoned: pardoned.to_vec(), refusals: Vec::new() }
    }

    /// Notes a condition unless it holds.
    pub fn require(&mut self, holds: bool, code: Code) {
        if !holds {
            self.add(Refusal::new(code));
        }
    }

    /// Notes a condition that does not hold.
    pub fn add(&mut self, refusal: Refusal) {
        let passed = self.pardoned.contains(&refusal.code);
        if !passed && self.refusals.iter().all(|known| known.code != refusal.code) {
            self.refusals.push(refusal);
        }
    }

    /// Whether every condition holds so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Every condition that does not hold.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// Their codes.
    pub fn codes(&self) -> impl Iterator<Item = Code> {
        self.refusals.iter().map(|refusal| refusal.code)
    }

    /// The one that people are told of.
    ///
    /// # Errors
    /// The first condition that does not hold.
    pub fn into_result(self) -> Result<(), Refusal> {
        self.refusals.into_iter().next().map_or(Ok(()), Err)
    }
}
