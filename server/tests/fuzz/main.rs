//! Hostile accounts with a changed client against the server: any fact, change and push with one to three mutations.
//!
//! Nothing changes that the rules forbid: what lies in the streams is held against a fold of its own that asks the gates
//! of the core. Whatever honest people do beside it is taken over; no account is answered with words that were planted
//! where it may not read; memory stays within bounds.
//!
//! Worlds follow from their seeds, which are the same on every run. `ZHICHA_FUZZ_SEED` plays one alone,
//! `ZHICHA_FUZZ_SECONDS` goes on with further ones for so long.

mod cast;
mod damage;
mod everyday;
#[path = "../platform/fitting.rs"]
mod fitting;
mod forge;
mod honest;
mod hostile;
mod model;
mod orders;
mod rectified;
mod requests;
mod routes;
mod statements;
#[path = "../database/stored.rs"]
mod stored;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use honest::Visit;
use requests::ROWS;
use server::http::route::Route;
use world::World;

/// Steps of all worlds of the usual run together.
const STEPS: usize = 100_000;
/// Steps of one world.
const STEPS_OF_WORLD: usize = 5_000;
/// Bytes by which the memory of the process may grow while world follows world.
const GROWTH: u64 = 150 * 1024 * 1024;
/// Visits that are carried out at the same time.
const VISITS: usize = 4;

/// What all worlds came to.
#[derive(Default)]
struct Sum {
    steps: usize,
    closed: usize,
    taken_over: usize,
    pardoned: usize,
    outcomes: BTreeMap<String, usize>,
    routes: BTreeMap<String, (usize, usize)>,
}

/// One world from its seed to its end.
async fn play(seed: u64, lane: usize) -> World {
    let mut world = World::new(seed, lane).await;
    let (mut number, mut everyday) = (0, false);
    while world.steps < STEPS_OF_WORLD {
        let open = world.visits.iter().filter(|it| !it.done).count();
        if open < VISITS {
            world.visits.push(Visit::new(number, number % 3 > 0));
            number += 1;
        }
        if world.dice.below(2) == 0 {
            let open: Vec<usize> =
                (0..world.visits.len()).filter(|it| !world.visits[*it].done).collect();
            let index = world.dice.one(&open);
            honest::step(&mut world, index).await;
        } else {
            hostile::attack(&mut world).await;
        }
        if world.dice.below(16) == 0 {
            world.clerk().await;
        }
        if !everyday && world.steps > STEPS_OF_WORLD / 2 && everyday::is_time(&world) {
            everyday::ask_everything(&mut world).await;
            everyday = true;
        }
    }
    assert!(everyday, "no visit came to its notice");
    world.feeds_are_whole().await;
    routes::honest_sign_in(&mut world).await;
    world
}

/// Bytes of the process that are in memory, where the system says so.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Says which world it was if it fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the world of ZHICHA_FUZZ_SEED={} failed", self.0);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_that_a_changed_client_sends_changes_what_the_rules_forbid_or_stops_honest_work() {
    let (began, alone) = (Instant::now(), number("ZHICHA_FUZZ_SEED"));
    let long = number("ZHICHA_FUZZ_SECONDS").map(Duration::from_secs);
    let (next, done) = (AtomicU64::new(alone.unwrap_or(1)), AtomicUsize::new(0));
    let (sum, settled) = (Mutex::new(Sum::default()), AtomicU64::new(0));
    let goes_on = || match (alone, long) {
        (Some(_), _) => done.load(Ordering::SeqCst) == 0,
        (None, Some(long)) => began.elapsed() < long,
        (None, None) => done.load(Ordering::SeqCst) < STEPS / STEPS_OF_WORLD,
    };
    let lane = |lane: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        while goes_on() && (alone.is_none() || lane == 0) {
            done.fetch_add(1, Ordering::SeqCst);
            let seed = next.fetch_add(1, Ordering::SeqCst);
            let named = Named(seed);
            let world = runtime.block_on(play(seed, lane));
            drop(named);
            let mut sum = sum.lock().unwrap();
            sum.steps += world.steps;
            sum.closed += world.closed;
            sum.taken_over += world.taken_over;
            sum.pardoned += world.model.pardoned;
            for (outcome, times) in &world.outcomes {
                *sum.outcomes.entry(outcome.clone()).or_default() += times;
            }
            for (route, (times, given)) in &world.routes {
                let sum = sum.routes.entry(route.clone()).or_default();
                *sum = (sum.0 + times, sum.1 + given);
            }
            drop(world);
            let used = memory().unwrap_or_default();
            // The first worlds fill pools and caches.
            if seed <= 4 {
                settled.fetch_max(used, Ordering::SeqCst);
            } else if alone.is_none() {
                let before = settled.load(Ordering::SeqCst);
                assert!(used <= before + GROWTH, "memory grew from {before} to {used} bytes");
            }
        }
    };
    std::thread::scope(|scope| {
        let lanes = [0, 1].map(|it| scope.spawn(move || lane(it)));
        for lane in lanes {
            if let Err(panic) = lane.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let sum = sum.into_inner().unwrap();
    println!(
        "{} steps in {:?}: {} loops closed, {} of hostile accounts taken over, {} by pardon",
        sum.steps,
        began.elapsed(),
        sum.closed,
        sum.taken_over,
        sum.pardoned
    );
    for (outcome, times) in &sum.outcomes {
        println!("{times:>8} {outcome}");
    }
    for (route, (times, given)) in &sum.routes {
        println!("{times:>8} {given:>8} {route}");
    }
    if alone.is_none() {
        // What the attack did not reach it did not try.
        assert!(sum.closed > 20 && sum.taken_over > 100 && sum.pardoned > 10);
        assert!(sum.outcomes.len() > 30, "{:?}", sum.outcomes.len());
        let given = |row: &Route| {
            sum.routes.get(&format!("{} {}", row.method, row.path)).is_some_and(|it| it.1 > 0)
        };
        let never: Vec<&Route> = ROWS.iter().map(|it| &it.0).filter(|row| !given(row)).collect();
        assert!(never.is_empty(), "given to nobody: {never:?}");
    }
}
