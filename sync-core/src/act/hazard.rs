//! One hazard of a case: as it was found, as it was ordered, and all that was stated about it since.

use std::collections::BTreeSet;

use crate::case::act::Act;
use crate::case::{About, Case, Of};
use crate::domain::hazard::{Grade, Hazard};
use crate::domain::inspection::Record;
use crate::domain::notice::{Notice, NoticeItem, Service};
use crate::id::{BlobHash, FactId, HazardId, NoticeId, PersonId};
use crate::time::Timestamp;

use super::notice::{Countersigned, Recheck, Reply};
use super::visit::Cosign;

/// One hazard of a case.
#[derive(Clone, Copy, Debug)]
pub struct HazardCase<'c> {
    case: &'c Case,
    /// Which.
    pub id: HazardId,
    /// The record or supplement that holds it; not known to the enterprise.
    pub sealed: Option<Sealed>,
    /// As sealed.
    pub record: Option<&'c Hazard>,
    /// The notice that orders it; none if it was fixed on the spot or no notice is issued.
    pub notice: Option<Of<'c, Notice>>,
    /// As ordered.
    pub item: Option<&'c NoticeItem>,
}

/// The record or supplement that holds a hazard.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    /// The fact.
    pub fact: FactId,
    /// Who sealed or supplemented.
    pub by: PersonId,
    /// From when it counts.
    pub at: Timestamp,
}

impl Case {
    /// The hazards of its records and supplements, as they were found.
    fn recorded(&self) -> impl Iterator<Item = (Sealed, &Hazard)> {
        let records = self.every::<Record>().flat_map(|it| {
            let sealed = Sealed { fact: it.fact, by: it.by, at: it.at };
            it.body.hazards.iter().map(move |hazard| (sealed, hazard))
        });
        let supplements = self.supplements().flat_map(|it| {
            let sealed = Sealed { fact: it.fact, by: it.by, at: it.at };
            it.body.hazards.iter().map(move |hazard| (sealed, hazard))
        });
        records.chain(supplements)
    }

    /// The hazards of its records, supplements and notices.
    #[must_use]
    pub fn hazards(&self) -> BTreeSet<HazardId> {
        let recorded = self.recorded().map(|(_, hazard)| hazard.id);
        let ordered = self.notices().flat_map(|it| &it.body.items).map(|it| it.hazard);
        recorded.chain(ordered).collect()
    }

    /// By what the notice that counts is chosen where several order one hazard: the one that was served first, until then
    /// the one that was issued first.
    fn counts_from(&self, notice: Of<'_, Notice>) -> (Timestamp, Timestamp, FactId) {
        let served = self.service(notice.body.id).map(|it| it.at);
        let issued = self.issued_at(notice);
        (served.unwrap_or(Timestamp::from_millis(i64::MAX)), issued, notice.fact)
    }

    /// One of its hazards.
    #[must_use]
    pub fn hazard(&self, id: HazardId) -> Option<HazardCase<'_>> {
        let sealed = self.recorded().find(|(_, hazard)| hazard.id == id);
        let mut ordering = self.notices().filter_map(|it| {
            let items = &it.body.items;
            items.iter().find(|item| item.hazard == id).map(|item| (it, item))
        });
        let ordered = match (ordering.next(), ordering.next()) {
            (Some(one), Some(other)) => {
                [one, other].into_iter().chain(ordering).min_by_key(|(it, _)| self.counts_from(*it))
            }
            (one, _) => one,
        };
        if sealed.is_none() && ordered.is_none() {
            return None;
        }
        let ((sealed, record), (notice, item)) = (sealed.unzip(), ordered.unzip());
        Some(HazardCase { case: self, id, sealed, record, notice, item })
    }
}

impl<'c> HazardCase<'c> {
    /// All statements of a kind about it, in the order in which they count.
    pub fn all<A: Act>(&self) -> impl DoubleEndedIterator<Item = Of<'c, A>> + use<'c, A> {
        let about = self.notice.map(|notice| About::hazard(notice.about.stream, self.id));
        let case = self.case;
        about.into_iter().flat_map(move |about| case.all::<A>(about))
    }

    /// The first statement of a kind about it.
    #[must_use]
    pub fn first<A: Act>(&self) -> Option<Of<'c, A>> {
        self.all().next()
    }

    /// The last statement of a kind about it.
    #[must_use]
    pub fn last<A: Act>(&self) -> Option<Of<'c, A>> {
        self.all().next_back()
    }

    /// Whether a notice orders it.
    #[must_use]
    pub fn is_ordered_by(&self, notice: NoticeId) -> bool {
        self.notice.is_some_and(|it| it.body.id == notice)
    }

    /// All statements about it of a kind that the enterprise does not read: they stand in the stream of the visit. Before
    /// that was so, they stood with the notice.
    pub fn internal<A: Act>(&self) -> impl DoubleEndedIterator<Item = Of<'c, A>> + use<'c, A> {
        let visit = self.case.plan().map(|plan| About::hazard(plan.about.stream, self.id));
        let case = self.case;
        self.all::<A>().chain(visit.into_iter().flat_map(move |about| case.all::<A>(about)))
    }

    /// The rechecks that count: both officers have signed, where two are named.
    pub fn rechecks(&self) -> impl DoubleEndedIterator<Item = Of<'c, Recheck>> + use<'c> {
        let case = self.case;
        self.all::<Recheck>().filter(move |it| {
            it.body.second.is_none_or(|second| case.is_countersigned(it.about, it.fact, second))
        })
    }

    /// The service of its notice.
    #[must_use]
    pub fn service(&self) -> Option<Of<'c, Service>> {
        self.case.service(self.notice?.body.id)
    }

    /// Whether its notice says major, whatever was decided since.
    #[must_use]
    pub fn is_ordered_as_major(&self) -> bool {
        self.item.is_some_and(|item| item.grade == Grade::Major)
    }

    /// What is wrong and where, as ordered or else as recorded.
    #[must_use]
    pub fn name(&self) -> String {
        let ordered = self.item.map(|it| (&it.description, &it.place));
        let recorded = self.record.map(|it| (&it.description, &it.place));
        match ordered.or(recorded) {
            Some((description, place)) if place.is_empty() => description.clone(),
            Some((description, place)) => format!("{description}　{place}"),
            None => String::new(),
        }
    }

    /// The photos that were shown of it: as found, with replies and with rechecks.
    #[must_use]
    pub fn photos(&self) -> BTreeSet<BlobHash> {
        let found = self.item.into_iter().flat_map(|item| &item.photos);
        let replied = self.all::<Reply>().flat_map(|reply| &reply.body.photos);
        let rechecked = self.all::<Recheck>().flat_map(|recheck| &recheck.body.photos);
        found.chain(replied).chain(rechecked).copied().collect()
    }

    /// Everyone who inspected, graded or signed: whoever was on the team could write the draft.
    #[must_use]
    pub fn inspected_by(&self) -> BTreeSet<PersonId> {
        let officers = self.notice.into_iter().flat_map(|notice| &notice.body.officers);
        let case = self.case;
        officers
            .map(|officer| officer.id)
            .chain(case.plan().into_iter().flat_map(|plan| plan.body.team.iter().copied()))
            .chain(self.sealed.map(|sealed| sealed.by))
            .chain(case.every::<Cosign>().map(|cosign| cosign.by))
            .chain(self.record.map(|record| record.found_by))
            .collect()
    }

    /// Everyone who inspected, rectified or rechecked.
    #[must_use]
    pub fn involved(&self) -> BTreeSet<PersonId> {
        let mut people = self.inspected_by();
        people.extend(self.all::<Reply>().map(|reply| reply.by));
        people.extend(self.all::<Recheck>().map(|recheck| recheck.by));
        people.extend(self.all::<Countersigned>().map(|signed| signed.by));
        people
    }
}
