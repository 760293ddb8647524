//! What is stored is checked when it is read; a restore that nobody announced is noticed; and only what was proved is
//! believed.

use server::auth::keys::Keys;
use server::store::streams::StreamKey;
use server::usecase::show_case;
use sync_core::act::{Fact, Statement};
use sync_core::domain::hazard::Grade;
use sync_core::id::Digest;
use sync_core::ledger::fact::Stamp;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::time::{Beacon, SignedClock, Timestamp};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{self, Hand, MORNING, Zone, arrival, facts_of, inspection, plan};
use super::{Cast, accepted, code};
use crate::database::tamper;

fn key(number: u32) -> Vec<u8> {
    StreamKey::inspection(inspection(number)).as_bytes().to_vec()
}

/// What the folder's owner may do to a stored record of the first visit.
const DAMAGES: &[&str] = &["bytes", "bytes and name", "places", "time", "no seal", "row gone"];

async fn damage(zone: &Zone, sealed: &Fact, how: &str) {
    let execute = async |text: &'static str, bytes: Vec<u8>| {
        assert!(tamper(&zone.shared.pool, text, &[bytes, key(1)]).await > 0, "{how}");
    };
    // Another grade in the place of the one that was sealed.
    let other = regraded(sealed);
    match how {
        "bytes" => {
            execute("UPDATE facts SET bytes = $1 WHERE stream = $2 AND place = 3", other.0).await;
        }
        "bytes and name" => {
            execute("UPDATE facts SET bytes = $1 WHERE stream = $2 AND place = 3", other.0).await;
            let name = other.1.as_bytes().to_vec();
            execute("UPDATE facts SET id = $1 WHERE stream = $2 AND place = 3", name).await;
        }
        "places" => {
            let text = "UPDATE facts SET place = CASE place WHEN 2 THEN 103 WHEN 3 THEN 102 \
                 ELSE place END WHERE $1 <> stream AND stream = $2";
            execute(text, Vec::new()).await;
            let text = "UPDATE facts SET place = place - 100 \
                 WHERE place > 100 AND $1 <> stream AND stream = $2";
            execute(text, Vec::new()).await;
        }
        "time" => {
            let text = "UPDATE facts SET received_at = received_at - 86400000 \
                 WHERE $1 <> stream AND stream = $2 AND place = 3";
            execute(text, Vec::new()).await;
        }
        "no seal" => {
            let text =
                "UPDATE facts SET seal = NULL WHERE $1 <> stream AND stream = $2 AND place = 3";
            execute(text, Vec::new()).await;
        }
        _ => {
            let text = "DELETE FROM facts WHERE $1 <> stream AND stream = $2 AND place = 3";
            execute(text, Vec::new()).await;
        }
    }
}

/// The bytes of a record in which every grade is another one, signed by nobody who may, and its name.
fn regraded(sealed: &Fact) -> (Vec<u8>, Digest) {
    let Statement::Sealed(mut record) = sealed.statement.clone() else { panic!("a record") };
    for hazard in &mut record.hazards {
        hazard.grade = Grade::Major;
        hazard.criterion = Some(hazard.basis.clone());
    }
    let stamp = Stamp {
        author: sealed.body.author,
        device: sealed.body.device,
        seq: sealed.seq(),
        prev: sealed.trace.as_ref().unwrap().prev,
        clock: sealed.clock(),
        salt: [4; 16],
    };
    let forged = Hand::new(99, sync_core::domain::account::Role::Inspector);
    let fact = Fact::state(Statement::Sealed(record), stamp, &forged.signer).unwrap();
    (fact.bytes().to_vec(), fact.id)
}

#[tokio::test]
async fn a_stored_record_that_is_not_what_was_taken_over_is_given_to_nobody_and_hurts_no_neighbour()
{
    for how in DAMAGES {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        cast.visit(&zone, 1, 1).await;
        cast.visit(&zone, 2, 1).await;
        let stream = StreamId::inspection(inspection(1));
        cast.supervisor.cursor.clear();
        let facts = facts_of(&zone.pull(&mut cast.supervisor, MORNING).await);
        let sealed = facts
            .iter()
            .find(|it| it.body.stream == stream && matches!(it.statement, Statement::Sealed(_)));
        let sealed = sealed.unwrap().clone();
        damage(&zone, &sealed, how).await;
        assert_eq!(zone.shared.integrity.damaged(), 0);

        // A fresh reader gets none of it as if it were whole, and everything of the neighbour.
        cast.supervisor.cursor.clear();
        let items = zone.pull(&mut cast.supervisor, MORNING).await;
        let got = facts_of(&items);
        let record = |fact: &&Fact| matches!(fact.statement, Statement::Sealed(_));
        assert_eq!(got.iter().filter(record).count(), 1, "{how}");
        let damaged = items
            .iter()
            .filter(|item| matches!(item, Item::Damaged { stream: it, .. } if *it == stream));
        assert_eq!(damaged.count() > 0, *how != "row gone", "{how}");
        // Nobody is told a state of it, and the neighbour's stands.
        for (number, known) in [(1, false), (2, true)] {
            let stream = StreamId::inspection(inspection(number));
            let reader = &cast.supervisor.person;
            let shown = show_case::show(&zone.shared, reader, stream, MORNING).await.unwrap();
            assert_eq!(shown.state.is_some(), known, "{how}");
        }
        // What is said in it waits, what is said in the neighbour's goes on.
        let late = cast.colleague.state(arrival(1), MORNING);
        let outcomes = zone.push(&mut cast.colleague, &[late], MORNING).await;
        assert!(
            matches!(&outcomes[0], Outcome::Retry(it) if it.code == Code::RecordDamaged),
            "{how} {outcomes:?}"
        );
        zone.clerk(MORNING).await;
        assert!(zone.shared.integrity.damaged() > 0, "{how}");
        let notices = super::notices(&zone.pull(&mut cast.enterprise, MORNING).await);
        assert_eq!(notices.len(), 1, "{how}");
    }
}

#[tokio::test]
async fn nobody_is_told_to_remove_a_file_since_a_record_of_it_is_damaged() {
    for place in 1..=4 {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        cast.visit(&zone, 1, 1).await;
        for hand in [&mut cast.supervisor, &mut cast.one, &mut cast.colleague, &mut cast.office] {
            zone.pull(hand, MORNING).await;
        }
        let text = format!("UPDATE facts SET seal = NULL WHERE stream = $1 AND place = {place}");
        assert_eq!(tamper(&zone.shared.pool, text.leak(), &[key(1)]).await, 1);
        zone.clerk(MORNING).await;
        for hand in [&mut cast.supervisor, &mut cast.one, &mut cast.colleague, &mut cast.office] {
            let items = zone.pull(hand, MORNING).await;
            let gone = items.iter().any(|item| matches!(item, Item::Gone { .. }));
            assert!(!gone, "place {place}, {:?}", hand.person.role);
        }
    }
}

/// Takes the last row of every feed and what came with it away, as a backup from before it would.
async fn restore(zone: &Zone, number: u32) {
    let pool = &zone.shared.pool;
    tamper(pool, "DELETE FROM facts WHERE stream = $1", &[key(number)]).await;
    tamper(pool, "DELETE FROM streams WHERE stream = $1", &[key(number)]).await;
    let last = "DELETE FROM feed WHERE position = (SELECT position FROM audiences \
         WHERE audiences.audience = feed.audience)";
    tamper(pool, last, &[]).await;
    tamper(pool, "UPDATE audiences SET position = position - 1", &[]).await;
    // The chains of devices are one fact shorter, too.
    tamper(pool, "UPDATE streams SET facts = facts - 1 WHERE stream >= $1", &[vec![2]]).await;
}

#[tokio::test]
async fn a_restore_that_nobody_announced_is_noticed_whoever_comes_first() {
    for new_work_first in [false, true] {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let one = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, std::slice::from_ref(&one), MORNING).await);
        let two = cast.supervisor.state(plan(2, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, std::slice::from_ref(&two), MORNING).await);
        zone.pull(&mut cast.supervisor, MORNING).await;
        assert_eq!(facts_of(&zone.pull(&mut cast.one, MORNING).await).len(), 2);
        restore(&zone, 2).await;
        if new_work_first {
            // Its rows stand where the lost ones stood.
            let mut other = Hand::new(1, sync_core::domain::account::Role::Supervisor);
            (other.seq, other.prev) = (cast.supervisor.seq, cast.supervisor.prev);
            let three = other.state(plan(3, &[&cast.one, &cast.two]), MORNING);
            accepted(&zone.push(&mut other, &[three], MORNING).await);
        }
        // Whatever is sent out of order now is not judged, so nothing good is refused for good.
        let early = cast.one.state(arrival(2), MORNING);
        let request = cast.one.request(std::slice::from_ref(&early), Vec::new());
        let response = zone.send(&cast.one, &request, MORNING).await;
        assert!(response.restart && response.verdicts.is_empty(), "{new_work_first}");
        assert_eq!(zone.shared.integrity.restores(), 1);
        cast.one.cursor = response.cursor.to_vec();
        // Everybody begins again, once.
        let request = cast.supervisor.request(&[], Vec::new());
        let response = zone.send(&cast.supervisor, &request, MORNING).await;
        assert!(response.restart);
        cast.supervisor.cursor = response.cursor.to_vec();
        accepted(&zone.push(&mut cast.supervisor, &[one, two], MORNING).await);
        accepted(&zone.push(&mut cast.one, &[early], MORNING).await);
        let plans = facts_of(&zone.pull(&mut cast.two, MORNING).await);
        let plans = plans.iter().filter(|it| matches!(it.statement, Statement::Planned(_)));
        assert_eq!(plans.count(), if new_work_first { 3 } else { 2 });
        assert_eq!(zone.shared.integrity.restores(), 1);
    }
}

fn at(hand: &mut Hand, statement: Statement, wall: Timestamp, beacon: Option<Beacon>) -> Fact {
    hand.seq += 1;
    let stamp = Stamp {
        author: hand.person.id,
        device: hand.device,
        seq: hand.seq,
        prev: hand.prev,
        clock: SignedClock { wall, monotonic_ms: hand.seq, boot: [1; 8], beacon },
        salt: [3; 16],
    };
    let fact = Fact::state(statement, stamp, &hand.signer).unwrap();
    hand.prev = Some(fact.link());
    fact
}

#[tokio::test]
async fn only_a_beacon_that_this_server_gave_to_this_device_is_believed() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let keys = Keys::derive(&[7; 32]).unwrap();
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let genuine = keys.beacon(cast.one.device, MORNING);
    let of_another = keys.beacon(cast.two.device, MORNING);
    let moved = Beacon { at: MORNING.plus_millis(1), ..genuine };
    let forged = Beacon { tag: [0x11; 8], ..genuine };
    let ahead = MORNING.plus_millis(3 * 24 * 3600 * 1000);
    for beacon in [None, Some(forged), Some(moved), Some(of_another)] {
        let fact = at(&mut cast.one, arrival(1), ahead, beacon);
        let outcome = zone.push(&mut cast.one, &[fact], MORNING).await;
        assert_eq!(code(&outcome[0]), Code::ClockAhead, "{beacon:?}");
    }
    let fact = at(&mut cast.one, arrival(1), ahead, Some(genuine));
    accepted(&zone.push(&mut cast.one, &[fact], MORNING).await);
}

#[tokio::test]
async fn what_is_known_of_a_revoked_author_is_proved_by_genuine_beacons_alone() {
    let mut cast = Cast::new();
    cast.one.person.revoked_at = Some(MORNING);
    let zone = Zone::new(&cast.all()).await;
    let keys = Keys::derive(&[7; 32]).unwrap();
    let later = MORNING.plus_millis(1_000);
    let genuine = keys.beacon(cast.one.device, later);
    let forged = Beacon { tag: [0x11; 8], ..genuine };
    let before = MORNING.plus_millis(-1_000);
    for (beacon, known) in [(genuine, "after"), (forged, "before")] {
        let fact = at(&mut cast.one, arrival(1), before, Some(beacon));
        let outcome = zone.push(&mut cast.one, &[fact], later.plus_millis(1)).await;
        let Outcome::Quarantined(refusal) = &outcome[0] else { panic!("{outcome:?}") };
        assert_eq!((refusal.code, refusal.detail.as_deref()), (Code::AuthorRevoked, Some(known)));
    }
}

#[tokio::test]
async fn a_known_fact_is_acknowledged_to_its_author_with_its_signature_alone() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, std::slice::from_ref(&planned), MORNING).await);
    let mut broken = cast.supervisor.request(std::slice::from_ref(&planned), Vec::new());
    let mut bytes = planned.bytes().to_vec();
    // The last byte of the signature; its low half stays low.
    bytes[planned.without_trace().len() - 1] ^= 1;
    broken.facts = vec![bytes.into()];
    let response = zone.send(&cast.supervisor, &broken, MORNING).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::SignatureInvalid);
    assert!(response.receipts.is_none());
    let foreign = cast.two.request(std::slice::from_ref(&planned), Vec::new());
    let response = zone.send(&cast.two, &foreign, MORNING).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::AuthorMismatch);
    assert!(response.receipts.is_none());
    let again = cast.supervisor.request(&[planned], Vec::new());
    let response = zone.send(&cast.supervisor, &again, MORNING).await;
    assert_eq!(response.verdicts[0].outcome, Outcome::Accepted);
    assert_eq!(world::receipts(&response).len(), 1);
}

#[tokio::test]
async fn facts_from_before_there_were_seals_are_sealed_if_their_authors_signed_them() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    cast.visit(&zone, 2, 1).await;
    let pool = &zone.shared.pool;
    tamper(pool, "UPDATE facts SET seal = NULL", &[]).await;
    let text = "UPDATE facts SET device = $1 WHERE stream = $2 AND place = 3";
    tamper(pool, text, &[vec![9; 16], key(1)]).await;
    server::jobs::sealing::seal_older(&zone.shared, MORNING).await.unwrap();
    assert_eq!(zone.shared.integrity.damaged(), 1);
    let records = facts_of(&zone.pull(&mut cast.supervisor, MORNING).await);
    let records = records.iter().filter(|it| matches!(it.statement, Statement::Sealed(_)));
    assert_eq!(records.count(), 1);
}
