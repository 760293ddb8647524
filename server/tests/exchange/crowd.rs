//! How long a hundred devices wait that come back at once. Run with
//! `cargo test --release -p server --test exchange -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::Instant;

use sync_core::domain::account::Role;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit, Session};
use sync_core::wire::codec;
use sync_core::wire::exchange::{Outcome, Response};

use crate::world::{Hand, MORNING, Zone, arrival, id, inspection, party, plan, seal};

const DEVICES: u32 = 100;
const VISITS: u32 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_hundred_devices_come_back_at_once() {
    let mut supervisor = Hand::new(1, Role::Supervisor);
    let partner = Hand::new(2, Role::Inspector);
    let mut hands: Vec<Hand> =
        (0..DEVICES).map(|number| Hand::new(10 + number, Role::Inspector)).collect();
    let mut all: Vec<&Hand> = hands.iter().collect();
    all.extend([&supervisor, &partner]);
    let zone = Zone::new(&all).await;
    for (device, hand) in (0..).zip(&hands) {
        let plans: Vec<_> = (0..VISITS)
            .map(|visit| {
                supervisor.state(plan(device * VISITS + visit, &[hand, &partner]), MORNING)
            })
            .collect();
        zone.push(&mut supervisor, &plans, MORNING).await;
    }
    zone.clerk(MORNING).await;
    for hand in &mut hands {
        hand.catalogue = zone.exchange.registry.picture().staff.as_ref().map(|it| it.0);
        assert_eq!(zone.pull(hand, MORNING).await.len(), VISITS as usize);
    }
    let bodies: Vec<_> = (0..).zip(&mut hands).map(|(device, hand)| body(device, hand)).collect();
    let size: usize = bodies.iter().map(Vec::len).sum();
    let begun = Instant::now();
    let asked: Vec<_> = bodies
        .into_iter()
        .zip(&hands)
        .map(|(body, hand)| {
            let exchange = Arc::clone(&zone.exchange);
            let person = hand.person.clone();
            tokio::spawn(async move { exchange.run(person, body, MORNING).await })
        })
        .collect();
    let mut pulled = 0;
    for answer in asked {
        let packed = answer.await.unwrap().unwrap();
        let response: Response = codec::from_slice(&codec::unpack(&packed).unwrap()).unwrap();
        pulled += response.items.len();
        assert_eq!(response.verdicts.len(), 48);
        assert!(response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted));
    }
    println!(
        "{DEVICES} devices, {} bytes each: {:?} for all, {pulled} items of others",
        size / DEVICES as usize,
        begun.elapsed()
    );
    let begun = Instant::now();
    zone.clerk(MORNING).await;
    println!("clerk: {:?}", begun.elapsed());
}

fn body(device: u32, hand: &mut Hand) -> Vec<u8> {
    let (mut facts, mut drafts) = (Vec::new(), Vec::new());
    for visit in 0..VISITS {
        let number = device * VISITS + visit;
        let edits: Vec<Edit> = (0..110)
            .map(|item| Edit::Answer {
                item: format!("A-{item}").parse().unwrap(),
                verdict: Verdict::Pass,
                note: format!("现场查看{item}"),
            })
            .collect();
        let mut draft = Draft::new(inspection(number)).unwrap();
        let session = Session(id(9, number));
        let changes = draft.commit(session, hand.person.id, &edits).unwrap();
        assert_eq!(changes.len(), 1);
        drafts.push(hand.sign_draft(inspection(number), &changes));
        let sealed = seal(number, 3, hand.person.id, MORNING);
        facts.push(hand.state(arrival(number), MORNING));
        facts.push(hand.state(sealed, MORNING));
        let seal = facts.last().map(|fact| fact.id).unwrap();
        facts.push(hand.state(party(number, seal), MORNING));
    }
    // As a device of the same version sends it.
    codec::pack(&hand.request(&facts, drafts))
}
