//! What was recorded at a visit and is in no record of it, as far as the case alone says.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Capture;
use super::visit::{Arrival, PartFinished, Supplement};
use crate::case::{Case, Stated};
use crate::domain::evidence::Purpose;
use crate::domain::inspection::Record;
use crate::id::{FactId, HazardId, PersonId};

/// Somebody whose work is outside of the record and of its supplements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Outside {
    /// Who.
    pub officer: PersonId,
    /// How it shows.
    pub why: Why,
}

/// How it shows that work is outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind", content = "hazards")]
pub enum Why {
    /// The own part is not the one that the record took in, and no reason is given.
    Part,
    /// Photos were taken of these hazards, which nothing holds.
    Photos(BTreeSet<HazardId>),
}

/// Whose work is outside of the sealed record and of its supplements. Nothing is outside before the seal.
#[must_use]
pub fn outside(case: &Case) -> Vec<Outside> {
    let Some(seal) = case.seal() else { return Vec::new() };
    let order = Order::of(case);
    let mut found = Vec::new();
    for officer in order.people() {
        if order.part_is_outside(officer, seal.by, seal.body) {
            found.push(Outside { officer, why: Why::Part });
        }
        let photographed = order.photographed(officer, seal.by, seal.fact, seal.body);
        let loose: BTreeSet<HazardId> =
            photographed.filter(|hazard| case.hazard(*hazard).is_none()).collect();
        if !loose.is_empty() {
            found.push(Outside { officer, why: Why::Photos(loose) });
        }
    }
    found
}

/// The statements of a case with their places in the order in which they count.
struct Order<'c> {
    stated: &'c [Stated],
    at: BTreeMap<FactId, usize>,
}

impl<'c> Order<'c> {
    fn of(case: &'c Case) -> Self {
        let stated = case.stated();
        let at = stated.iter().enumerate().map(|(at, it)| (it.fact, at)).collect();
        Self { stated, at }
    }

    fn by(&self, officer: PersonId) -> impl DoubleEndedIterator<Item = (usize, &'c Stated)> {
        self.stated.iter().enumerate().filter(move |(_, it)| it.by == officer)
    }

    /// Who arrived or photographed.
    fn people(&self) -> BTreeSet<PersonId> {
        let recorded =
            |it: &&Stated| it.as_act::<Arrival>().is_some() || it.as_act::<Capture>().is_some();
        self.stated.iter().filter(recorded).map(|it| it.by).collect()
    }

    /// Whether the last part of an officer is another one than the record took in, with no reason given and no
    /// supplement of the officer after it.
    fn part_is_outside(&self, officer: PersonId, sealer: PersonId, record: &Record) -> bool {
        let last = self.by(officer).rfind(|(_, it)| it.as_act::<PartFinished>().is_some());
        let Some((at, last)) = last.filter(|_| officer != sealer) else { return false };
        let said = record.part_of(officer);
        let accounted = said.is_some_and(|it| it.part.is_none_or(|part| part == last.fact));
        let mut after = self.by(officer).filter(|(place, _)| *place > at);
        !accounted && !after.any(|(_, it)| it.as_act::<Supplement>().is_some())
    }

    /// The hazards of which an officer took photos that the record cannot have passed over knowingly: whoever sealed,
    /// or took a part in, had seen what was photographed before.
    fn photographed(
        &self,
        officer: PersonId,
        sealer: PersonId,
        seal: FactId,
        record: &Record,
    ) -> impl Iterator<Item = HazardId> {
        let seen_up_to = match record.part_of(officer) {
            _ if officer == sealer => self.at.get(&seal),
            Some(said) => said.part.and_then(|part| self.at.get(&part)),
            // Sealed before parts were stated.
            None => self.at.get(&seal),
        };
        let seen_up_to = seen_up_to.copied();
        let after =
            self.by(officer).filter(move |(at, _)| seen_up_to.is_none_or(|seen| *at > seen));
        after.filter_map(|(_, it)| {
            let photo = &it.as_act::<Capture>()?.body.photo;
            let found = matches!(photo.purpose, Purpose::Found | Purpose::FixedOnSpot);
            photo.hazard.filter(|_| found)
        })
    }
}
