//! What acceptance from quarantine passes over where two things stand against one item, or where one has come up since.

use std::collections::BTreeSet;
use std::slice::from_ref;

use server::directory::Directory;
use server::store::quarantine;
use server::usecase::decide_quarantine;
use sync_core::draft::Draft;
use sync_core::id::Digest;
use sync_core::limits;
use sync_core::refusal::Code;
use sync_core::wire::api_office::QuarantineDecision;
use sync_core::wire::exchange::Outcome;

use super::quarantine_table::fork;
use super::staged::insist;
use super::world::{self, Hand, MORNING, NOWHERE, Zone, arrival, inspection, plan};
use super::{Cast, accepted, change, code};

/// What leads to quarantine whatever is stated.
const CAME: [Code; 5] = [
    Code::DeviceUnknown,
    Code::AuthorRevoked,
    Code::DeviceRevoked,
    Code::ClockAhead,
    Code::ChainBroken,
];

/// What can come up after an item came, dated back before it.
const SINCE: [Code; 3] = [Code::AuthorRevoked, Code::DeviceRevoked, Code::ChainBroken];

/// The visit; another one holds what a chain is forked with.
const VISIT: u32 = 5;

/// People and devices as they are known where this stands against one of them.
fn known(cast: &Cast, against: &[Code]) -> Directory {
    let mut directory = world::directory(&cast.all());
    let (person, device) = (cast.one.person.id, cast.one.device);
    if against.contains(&Code::AuthorRevoked) {
        directory.persons.get_mut(&person).unwrap().revoked_at = Some(MORNING);
    }
    if against.contains(&Code::DeviceRevoked) {
        directory.devices.get_mut(&device).unwrap().device.revoked_at = Some(MORNING);
    }
    if against.contains(&Code::DeviceUnknown) {
        directory.devices.remove(&device);
    }
    directory
}

async fn planned() -> (Cast, Zone) {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(VISIT, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    (cast, zone)
}

/// Takes over another fact with the number that the next one has.
async fn take_number(zone: &Zone, hand: &mut Hand) {
    (hand.seq, hand.prev) = (0, None);
    fork(zone, std::slice::from_mut(hand), MORNING).await;
    (hand.seq, hand.prev) = (0, None);
}

async fn accept(zone: &Zone, cast: &Cast, item: Digest) -> Result<(), Code> {
    let decision = QuarantineDecision { accept: true, reason: "情况属实".into() };
    let (by, now) = (&cast.supervisor.person, MORNING.plus_millis(60_000));
    let decided = decide_quarantine::decide(&zone.shared, (by, NOWHERE), item, &decision, now);
    decided.await.map(drop).map_err(|refusal| refusal.code)
}

/// An arrival comes while these stand against it; accepted once another one does, too.
async fn judged(came: &[Code], since: Option<Code>) -> Result<(), Code> {
    let (mut cast, zone) = planned().await;
    if came.contains(&Code::ChainBroken) {
        take_number(&zone, &mut cast.one).await;
    }
    let ahead = if came.contains(&Code::ClockAhead) { limits::CLOCK_AHEAD_MS + 60_000 } else { 0 };
    let fact = insist(&mut cast.one, arrival(VISIT), MORNING.plus_millis(ahead));
    zone.shared.directory.replace(known(&cast, came));
    let outcome = zone.push(&mut cast.one, from_ref(&fact), MORNING).await.remove(0);
    assert!(matches!(outcome, Outcome::Quarantined(_)), "{came:?}: {outcome:?}");
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let row = quarantine::find(&mut db, &[fact.id]).await.unwrap().items.remove(0);
    drop(db);
    let noted: BTreeSet<_> = row.codes.into_iter().collect();
    let all: BTreeSet<_> = came.iter().copied().collect();
    assert_eq!(noted, all, "each condition is named");
    // Whoever judges it knows the device by now.
    let against = came.iter().copied().filter(|it| *it != Code::DeviceUnknown).chain(since);
    zone.shared.directory.replace(known(&cast, &against.collect::<Vec<_>>()));
    if since == Some(Code::ChainBroken) {
        take_number(&zone, &mut cast.one).await;
    }
    accept(&zone, &cast, fact.id).await
}

#[tokio::test]
async fn each_thing_that_stands_against_an_item_is_named_and_all_that_was_named_is_passed_over() {
    for (nth, one) in CAME.iter().enumerate() {
        assert_eq!(judged(&[*one], None).await, Ok(()), "{one}");
        for other in &CAME[nth + 1..] {
            // A device that nobody knows cannot be revoked.
            if (*one, *other) != (Code::DeviceUnknown, Code::DeviceRevoked) {
                assert_eq!(judged(&[*one, *other], None).await, Ok(()), "{one} and {other}");
            }
        }
    }
}

#[tokio::test]
async fn what_came_up_since_is_not_passed_over_with_what_an_item_came_with() {
    for came in CAME {
        for since in SINCE.into_iter().filter(|since| *since != came) {
            assert_eq!(judged(&[came], Some(since)).await, Err(since), "{came}, then {since}");
        }
    }
}

#[tokio::test]
async fn a_change_is_held_to_its_device_also_where_its_author_is_passed_over() {
    let (mut cast, zone) = planned().await;
    let arrived = cast.one.state(arrival(VISIT), MORNING);
    accepted(&zone.push(&mut cast.one, &[arrived], MORNING).await);
    let mut draft = Draft::new(inspection(VISIT)).unwrap();
    let changes = change(&mut draft, 1, &cast.one, "A-1");
    zone.shared.directory.replace(known(&cast, &[Code::AuthorRevoked]));
    let push = cast.one.sign_draft(inspection(VISIT), &changes);
    let response = zone.send(&cast.one, &cast.one.request(&[], vec![push]), MORNING).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::AuthorRevoked);
    let item = Digest::of(&changes[0]);
    zone.shared.directory.replace(known(&cast, &[Code::AuthorRevoked, Code::DeviceRevoked]));
    assert_eq!(accept(&zone, &cast, item).await, Err(Code::DeviceRevoked));
    zone.shared.directory.replace(known(&cast, &[Code::AuthorRevoked]));
    assert_eq!(accept(&zone, &cast, item).await, Ok(()));
}
