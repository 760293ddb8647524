//! Issuing, retrying and dying in any order: each notice, each number and each deadline is stated once, and nothing that was
//! acknowledged is lost.
//!
//! The rules are the real ones; the store is a small model of the server's: a write lays its facts over the versions of
//! the streams that it looked at, all of it or nothing, and what it may take once it claims. Two clerks with calendars of
//! their own and the phones of everybody work on it at once. Each of them dies at any moment, and answers are lost.
//! `ZHICHA_ORDERS` says how many orders are played (`make orders`: a million).
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "an order that cannot be played has to stop"
)]

mod actors;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use actors::{Clerk, Phone};
use store::{Holds, Store};
use sync_core::act::Statement;
use sync_core::act::notice::{DeadlineAssigned, DeadlineRecounted};
use sync_core::act::visit::{Cosign, PartySign};
use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Measure;
use sync_core::domain::term::Term;
use sync_core::id::FactId;
use sync_core::rules::due::{Owed, due};
use sync_core::testing::builders::{
    INSPECTION, VISIT_STREAM, calendars, date, hazard, hazard_id, record, refused,
};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::histories::Dice;
use sync_core::testing::stages::{Stage, seal_of, world_at};
use sync_core::time::Timestamp;

/// Orders that every test run plays.
const ORDERS: u64 = 20_000;

/// The case of a signed record with two hazards: one with a term that ends in a year without a calendar.
fn signed() -> (Case, Timestamp) {
    let mut world = world_at(Stage::Arrived);
    let mut over_new_year = hazard(1, &["found-1"]);
    over_new_year.measure = Measure::Rectify { term: Term::working(46) };
    let second = hazard(2, &["found-2"]);
    let sealed = Statement::Sealed(record(vec![over_new_year, second]));
    world.state(Who::Lead, sealed).expect("a record");
    let seal = seal_of(&world);
    let cosigned = Statement::Cosigned(Cosign { inspection: INSPECTION, seal });
    world.state(Who::Second, cosigned).expect("a signature");
    let answered = PartySign { inspection: INSPECTION, seal, outcome: refused() };
    world.state(Who::Lead, Statement::PartySigned(answered)).expect("an answer");
    (world.case, world.now)
}

/// The calendars with that of 2027.
fn published() -> Calendars {
    let next = WorkCalendar {
        year: 2027,
        version: "1".to_owned(),
        holidays: ["2027-01-01", "2027-01-02", "2027-01-03"].map(date).to_vec(),
        workdays: Vec::new(),
    };
    let known = calendars().year(2026).cloned();
    Calendars::new(known.into_iter().chain([next]))
}

/// What never changes between two orders.
struct Given {
    signed: (Case, Timestamp),
    zone: Catalogue,
    before: Calendars,
    published: Calendars,
}

/// What an order came to.
#[derive(Default)]
struct Reached {
    deadlines: usize,
    recounts: usize,
    stale: usize,
    deaths: usize,
    lost_answers: usize,
    twice: usize,
}

const STEPS: usize = 60;

/// Plays one order: steps of anybody at random, then everybody comes to an end undisturbed.
fn play(seed: u64, given: &Given, holds: Holds) -> Reached {
    let mut dice = Dice::new(seed);
    let (case, now) = given.signed.clone();
    let mut store = Store {
        holds,
        now,
        case,
        versions: BTreeMap::new(),
        places: BTreeMap::from([(VISIT_STREAM, 1_000)]),
        known: BTreeSet::new(),
        claims: BTreeSet::new(),
        last_number: 0,
        pending: true,
    };
    let clerk =
        |id| Clerk { calendars: given.before.clone(), marked: false, job: None, stated: 0, id };
    let mut clerks = [clerk(1), clerk(2)];
    let mut phones = [Who::Safety, Who::Supervisor, Who::Colleague, Who::Second].map(Phone::new);
    let imported_from = dice.below(STEPS);
    let mut reached = Reached::default();
    for step in 0..STEPS {
        let imported = (step >= imported_from).then_some(&given.published);
        let who = dice.below(8);
        if let Some(clerk) = clerks.get_mut(who) {
            match (clerk.job.take(), dice.below(8)) {
                (_, 0) => {
                    reached.deaths += 1;
                    clerk.die(imported);
                }
                (None, _) => clerk.read(&mut store),
                // Written; and perhaps nobody hears of it, so that it is read again.
                (Some(job), _) => reached.stale += usize::from(!store.write(&job)),
            }
            continue;
        }
        let Some(phone) = phones.get_mut((who - 2) % 4) else { continue };
        match dice.below(8) {
            // The server or the phone dies before it is written: it is sent again.
            0 => {
                reached.deaths += 1;
                phone.judged = None;
            }
            1 if store.now.date() < date("2026-12-20") => {
                store.now = store.now.plus_millis(dice.one(&[1, 9, 20]) * 24 * 3_600_000);
            }
            _ if phone.outbox.is_none() => phone.state(&mut dice, &store, &given.zone),
            _ if phone.judged.is_none() => phone.push(&store, &given.zone),
            odds => {
                reached.lost_answers += usize::from(odds == 2);
                phone.written(&mut store, odds == 2);
            }
        }
    }
    for phone in &mut phones {
        phone.judged = None;
        while phone.outbox.is_some() {
            phone.push(&store, &given.zone);
            phone.written(&mut store, false);
        }
    }
    let mut left = 100;
    for clerk in &mut clerks {
        clerk.die(Some(&given.published));
    }
    loop {
        let mut idle = true;
        for clerk in &mut clerks {
            clerk.read(&mut store);
            if let Some(job) = clerk.job.take() {
                idle &= job.facts.is_empty();
                store.write(&job);
            }
        }
        left -= 1;
        if idle || left == 0 {
            break;
        }
    }
    assert!(left > 0, "order {seed} comes to no end");
    judge(seed, &store, &phones, given, &mut reached);
    reached
}

/// What has to be true whatever the order was. Faults are counted where the store is weakened.
fn judge(seed: u64, store: &Store, phones: &[Phone], given: &Given, reached: &mut Reached) {
    let case = &store.case;
    // Statements that repeat others are no part of a case, so what was written is counted by its facts.
    let mut twice = 0;
    for id in [1, 2].map(hazard_id) {
        let Some(known) = case.hazard(id) else { continue };
        let assigned: Vec<_> = known.all::<DeadlineAssigned>().map(|it| it.body.cause).collect();
        reached.deadlines += assigned.len();
        reached.recounts += known.all::<DeadlineRecounted>().count();
        let causes: BTreeSet<FactId> = assigned.iter().copied().collect();
        twice += assigned.len() - causes.len();
    }
    let stated = u64::try_from(store.known.len()).expect("few");
    let in_case = case.stated().len() - given.signed.0.stated().len();
    twice += usize::try_from(stated).expect("few") - in_case;
    let notices: Vec<u32> = case.notices().map(|it| it.body.number.serial).collect();
    twice += notices.len().saturating_sub(1);
    reached.twice += usize::from(twice > 0);
    if store.holds != Holds::Everything {
        return;
    }
    assert_eq!(twice, 0, "order {seed}: something is stated twice");
    assert_eq!(notices, [1], "order {seed}: one notice with the first number");
    let mut owed = due(case, &given.published, store.now).owed;
    owed.retain(|it| !matches!(it, Owed::Papers(..)));
    assert!(owed.is_empty(), "order {seed}: still owed: {owed:?}");
    for id in [1, 2].map(hazard_id) {
        let known = case.hazard(id).expect("ordered");
        let served = known.service().is_some();
        let assigned = known.all::<DeadlineAssigned>().count();
        assert_eq!(assigned > 0, served, "order {seed}: a deadline once it is served");
        if let Some(deadline) = known.deadline() {
            assert!(!deadline.provisional, "order {seed}: {deadline:?}");
        }
    }
    for phone in phones {
        let lost = phone.acknowledged.iter().find(|it| !store.known.contains(it));
        assert_eq!(lost, None, "order {seed}: acknowledged and lost");
    }
}

fn given() -> Given {
    Given { signed: signed(), zone: zone(), before: calendars(), published: published() }
}

/// Plays orders on every core.
fn all(orders: u64, holds: Holds) -> Reached {
    let threads = std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let given = &given();
    let sum = |mut sum: Reached, one: Reached| {
        sum.deadlines += one.deadlines;
        sum.recounts += one.recounts;
        sum.stale += one.stale;
        sum.deaths += one.deaths;
        sum.lost_answers += one.lost_answers;
        sum.twice += one.twice;
        sum
    };
    std::thread::scope(|scope| {
        let part = |first: u64| {
            let seeds = (first..=orders).step_by(usize::try_from(threads).unwrap_or(1));
            seeds.map(|seed| play(seed, given, holds)).fold(Reached::default(), sum)
        };
        let parts: Vec<_> = (1..=threads).map(|first| scope.spawn(move || part(first))).collect();
        let parts = parts.into_iter().map(|it| it.join().expect("an order failed"));
        parts.fold(Reached::default(), sum)
    })
}

#[test]
fn in_every_order_of_issuing_retrying_and_dying_each_deadline_is_stated_once() {
    let asked = std::env::var("ZHICHA_ORDERS").ok().and_then(|it| it.parse().ok());
    let orders: u64 = asked.unwrap_or(ORDERS);
    let reached = all(orders, Holds::Everything);
    let Reached { deadlines, recounts, stale, deaths, lost_answers, .. } = reached;
    println!(
        "{orders} orders: {deadlines} deadlines, {recounts} counted again, {stale} stale writes, \
         {deaths} deaths, {lost_answers} lost answers"
    );
    // Each of what is to be withstood has happened often.
    let often = usize::try_from(orders).expect("few") / 4;
    for (what, count) in [
        ("deadlines", deadlines),
        ("recounts", recounts),
        ("stale writes", stale),
        ("deaths", deaths),
        ("lost answers", lost_answers),
    ] {
        assert!(count > often, "{what}: {count}");
    }
}

#[test]
fn a_store_that_does_not_hold_versions_is_caught() {
    let reached = all(2_000, Holds::NoVersions);
    assert!(reached.twice > 100, "only {} of 2000 orders show it", reached.twice);
}
