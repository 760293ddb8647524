//! One hazard of a case: as it was found, as it was ordered, and all that was stated about it since.

use std::collections::BTreeSet;

use crate::case::act::Act;
use crate::case::{About, Case, Of};
use crate::domain::hazard::{Grade, Hazard};
use crate::domain::inspection::Record;
use crate::domain::notice::{Notice, NoticeItem, Service};
use crate::id::{HazardId, NoticeId, PersonId};

use super::notice::{Recheck, Reply};
use super::visit::Cosign;

/// One hazard of a case.
#[derive(Clone, Copy, Debug)]
pub struct HazardCase<'c> {
    case: &'c Case,
    /// Which.
    pub id: HazardId,
    /// The record in which it was sealed; not known to the enterprise.
    pub sealed: Option<Of<'c, Record>>,
    /// As sealed.
    pub record: Option<&'c Hazard>,
    /// The notice that orders it; none if it was fixed on the spot or no notice is issued.
    pub notice: Option<Of<'c, Notice>>,
    /// As ordered.
    pub item: Option<&'c NoticeItem>,
}

impl Case {
    /// The hazards of its records and notices.
    #[must_use]
    pub fn hazards(&self) -> BTreeSet<HazardId> {
        let recorded = self.every::<Record>().flat_map(|it| &it.body.hazards).map(|it| it.id);
        let ordered = self.every::<Notice>().flat_map(|it| &it.body.items).map(|it| it.hazard);
        recorded.chain(ordered).collect()
    }

    /// One of its hazards.
    #[must_use]
    pub fn hazard(&self, id: HazardId) -> Option<HazardCase<'_>> {
        let sealed = self.every::<Record>().find_map(|it| {
            let hazards = &it.body.hazards;
            hazards.iter().find(|hazard| hazard.id == id).map(|hazard| (it, hazard))
        });
        let ordered = self.every::<Notice>().find_map(|it| {
            let items = &it.body.items;
            items.iter().find(|item| item.hazard == id).map(|item| (it, item))
        });
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

    /// The service of its notice.
    #[must_use]
    pub fn service(&self) -> Option<Of<'c, Service>> {
        self.case.first::<Service>(About::stream(self.notice?.about.stream))
    }

    /// Whether its notice says major, whatever was decided since.
    #[must_use]
    pub fn is_ordered_as_major(&self) -> bool {
        self.item.is_some_and(|item| item.grade == Grade::Major)
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
        people
    }
}
