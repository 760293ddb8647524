//! The report of a week is the same asked on Monday, a year later, after a restore, and from another database: over a
//! thousand random histories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use server::directory::Directory;
use server::jobs::freeze;
use server::projection;
use server::report::{self, cases, week::Week};
use server::store::frozen;
use server::store::ledger::StoredFact;
use server::store::streams::{StreamKey, StreamRow};
use server::store::writer::{WriteJob, Written};
use sync_core::act::Admitted;
use sync_core::domain::catalogue::{Catalogue, Street};
use sync_core::domain::enterprise::{Enterprise, RiskClass};
use sync_core::id::{InspectionId, NoticeId};
use sync_core::ledger::stream::StreamKind;
use sync_core::testing::cast::{ENTERPRISE, departments};
use sync_core::testing::histories::{Dice, history, taken_at};
use sync_core::testing::stages::{Stage, world_at};
use sync_core::time::Timestamp;
use sync_core::wire::report::Sheet;

use super::reports::figures;
use super::world::{Zone, id, open};

fn directory() -> Directory {
    let street: sync_core::id::StreetCode = "370402001".parse().unwrap();
    let staff = Catalogue {
        departments: departments(),
        streets: vec![Street { code: street.clone(), name: "光明街道".into() }],
        enterprises: vec![Enterprise {
            id: ENTERPRISE,
            name: "山东测试机械有限公司".into(),
            credit_code: None,
            street,
            sectors: Vec::new(),
            address: String::new(),
            principal: String::new(),
            risk_class: RiskClass::C,
            position: None,
        }],
        ..Catalogue::default()
    };
    Directory::new([], [], &staff, &Catalogue::default())
}

/// A thousand histories, each what a server took over of one case, with its facts at one place after the other.
fn histories() -> Vec<Vec<Admitted>> {
    let beginnings: Vec<_> = Stage::ALL.iter().map(|stage| world_at(*stage)).collect();
    let one = |seed: u64| {
        let mut dice = Dice::new(seed);
        let beginning = beginnings[dice.below(beginnings.len())].clone();
        let mut places = BTreeSet::new();
        let mut facts = history(&mut dice, beginning);
        facts.retain(|it| places.insert((it.fact.body.stream, it.receipt.unwrap().place)));
        let mut last = BTreeMap::new();
        for it in &mut facts {
            let place = last.entry(it.fact.body.stream).or_insert(0);
            *place += 1;
            it.receipt.as_mut().unwrap().place = *place;
        }
        facts
    };
    (1..=1_000).map(one).collect()
}

fn weeks(histories: &[Vec<Admitted>]) -> Vec<Week> {
    let taken = || histories.iter().flatten().map(taken_at);
    let (mut week, last) = (Week::of(taken().min().unwrap().date()), taken().max().unwrap());
    let mut weeks = Vec::new();
    while week.start() <= last {
        weeks.push(week);
        week = week.next();
    }
    weeks
}

fn asked(week: Week, directory: &Arc<Directory>) -> report::Asked {
    report::named("weekly").unwrap().of_week(week, directory).unwrap()
}

fn counted<'a>(
    cases: impl IntoIterator<Item = &'a [Admitted]>,
    week: Week,
    directory: &Arc<Directory>,
) -> Sheet {
    cases::of_facts(cases, directory, asked(week, directory)).unwrap()
}

#[test]
fn whatever_comes_later_in_whatever_order_a_week_says_what_it_said_on_monday() {
    let directory = Arc::new(directory());
    let (mut said, mut later) = (BTreeSet::new(), 0);
    for (seed, facts) in histories().iter().enumerate() {
        let mut order = facts.clone();
        Dice::new(1 + seed as u64).shuffle(&mut order);
        for week in weeks(std::slice::from_ref(facts)) {
            let monday: Vec<Admitted> =
                facts.iter().filter(|it| taken_at(it) < week.end()).cloned().collect();
            let on_monday = counted([monday.as_slice()], week, &directory);
            let a_year_later = counted([order.as_slice()], week, &directory);
            assert_eq!(on_monday, a_year_later, "history {seed}, {week:?}");
            later += usize::from(monday.len() < facts.len());
            said.extend(
                figures(&on_monday)
                    .split(", ")
                    .filter_map(|it| it.split_once(' ').map(|(name, _)| name.to_owned())),
            );
        }
    }
    // The histories say something: every figure was above nothing somewhere, and most weeks went on.
    assert_eq!(said.len(), 7, "{said:?}");
    assert!(later > 1_000, "only {later} weeks went on");
}

/// The dossier of each history in a store of its own streams.
struct Dossiers<'h> {
    histories: &'h [Vec<Admitted>],
    written: BTreeMap<StreamKey, (i64, u64)>,
}

impl Dossiers<'_> {
    /// Writes what was taken over from an instant until another.
    async fn take_over(&mut self, zone: &Zone, from: Timestamp, until: Timestamp) {
        for (number, facts) in (0..).zip(self.histories) {
            let visit = StreamKey::inspection(InspectionId::from_entropy(id(4, number)));
            let notice = StreamKey::notice(NoticeId::from_entropy(id(6, number)));
            let key = |kind| if kind == StreamKind::Inspection { visit } else { notice };
            let new = facts.iter().filter(|it| from <= taken_at(it) && taken_at(it) < until);
            let stored: Vec<StoredFact> = new
                .map(|it| {
                    let (body, receipt) = (&it.fact.body, it.receipt.unwrap());
                    StoredFact {
                        stream: key(body.stream.kind),
                        place: receipt.place,
                        id: it.fact.id,
                        at: receipt.at,
                        device: body.device,
                        seq: it.fact.seq(),
                        bytes: it.fact.bytes().to_vec(),
                        whole: true,
                    }
                })
                .collect();
            if stored.is_empty() {
                continue;
            }
            let mut job = WriteJob::default();
            for (own, other) in [(visit, notice), (notice, visit)] {
                let (version, last) = self.written.entry(own).or_default();
                let places = stored.iter().filter(|it| it.stream == own).map(|it| it.place);
                *last = places.max().unwrap_or_default().max(*last);
                job.expected.insert(own, *version);
                let row = StreamRow { facts: *last, ..StreamRow::absent(own) };
                job.streams.push(StreamRow { links: BTreeSet::from([other]), ..row });
                *version += 1;
            }
            job.facts = stored;
            assert_eq!(zone.shared.writer.write(job).await.unwrap(), Written::Durable);
        }
        projection::rebuild(&zone.shared, until).await.unwrap();
    }
}

async fn zone() -> Zone {
    let folder = tempfile::tempdir().unwrap();
    Zone { shared: open(folder.path(), directory()).await, folder }
}

/// Nothing of a sheet but when it was frozen.
fn unfrozen(sheet: Sheet) -> Sheet {
    Sheet { frozen_at: None, ..sheet }
}

async fn stored(zone: &Zone, week: Week) -> Sheet {
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let body = frozen::get(&mut db, "weekly", week.first_day()).await.unwrap();
    unfrozen(serde_json::from_str(&body.unwrap()).unwrap())
}

#[tokio::test]
async fn a_store_says_the_same_on_monday_a_year_later_and_after_a_restore() {
    let histories = histories();
    let weeks = weeks(&histories);
    let all = || histories.iter().map(Vec::as_slice);
    let zone_ = zone().await;
    let known = zone_.shared.directory.snapshot();
    let mut dossiers = Dossiers { histories: &histories, written: BTreeMap::new() };
    // Facts come, the clerk freezes what is over; now and then it was stopped for some weeks.
    let mut from = Timestamp::default();
    for (number, week) in weeks.iter().enumerate() {
        let last = number + 1 == weeks.len();
        if number % 5 == 0 || last {
            dossiers.take_over(&zone_, from, week.end()).await;
            from = week.end();
            let now = week.end().plus_millis(freeze::SETTLING_MS);
            assert!(freeze::weeks(&zone_.shared, now).await.unwrap() > 0);
        }
    }
    // A backup holds the facts; everything that follows from them is made anew.
    let restored = zone().await;
    let mut again = Dossiers { histories: &histories, written: BTreeMap::new() };
    again.take_over(&restored, Timestamp::default(), from).await;
    let now = from.plus_millis(freeze::SETTLING_MS);
    assert_eq!(freeze::weeks(&restored.shared, now).await, Ok(weeks.len()));
    for week in &weeks {
        let on_monday = stored(&zone_, *week).await;
        assert_eq!(on_monday, counted(all(), *week, &known), "{week:?}");
        let asked = asked(*week, &known);
        let computed = cases::answer(&zone_.shared, &known, asked).await.unwrap();
        assert_eq!(on_monday, computed, "{week:?} a year later");
        assert_eq!(on_monday, stored(&restored, *week).await, "{week:?} after a restore");
    }
    let mut found = 0;
    for week in &weeks {
        found += usize::from(figures(&stored(&zone_, *week).await).contains("found"));
    }
    assert!(
        found > 5 && weeks.len() > 10,
        "something was found in {found} of {} weeks",
        weeks.len()
    );
}
