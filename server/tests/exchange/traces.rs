//! Each fact holds alone, and says to an enterprise no more than its words.

use server::usecase::decide_quarantine;
use sync_core::act::notice::ExtensionRequest;
use sync_core::act::{Fact, Statement};
use sync_core::cbor;
use sync_core::domain::term::Term;
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::refusal::Code;
use sync_core::time::{Beacon, SignedClock};
use sync_core::wire::api_office::QuarantineDecision;
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{Hand, MORNING, NOWHERE, Zone, arrival, facts_of, inspection, plan, serve};
use super::{Cast, accepted, code, notices};

/// What a world lets an enterprise read: of each item its size, its kind and its instants.
async fn read(busy: bool) -> Vec<(u16, usize, i64, Option<(u64, i64)>)> {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 2).await;
    zone.clerk(MORNING).await;
    let notice = notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0];
    if busy {
        for number in 2..300 {
            let planned = cast.supervisor.state(plan(number, &[&cast.one, &cast.two]), MORNING);
            let there = cast.one.state(arrival(number), MORNING);
            accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
            accepted(&zone.push(&mut cast.one, &[there], MORNING).await);
        }
    }
    let served = served(&mut cast.one, notice, busy);
    accepted(&zone.push(&mut cast.one, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    cast.enterprise.cursor.clear();
    let items = zone.pull(&mut cast.enterprise, MORNING).await;
    assert!(facts_of(&items).iter().all(|fact| fact.trace.is_none()));
    assert!(facts_of(&items).len() >= 4);
    let seen = |item: &Item| match item {
        Item::Fact { receipt, bytes } => {
            let fact = Fact::decode(bytes).unwrap();
            let receipt = (receipt.place, receipt.at.as_millis());
            (fact.body.kind, bytes.len(), fact.body.wall.as_millis(), Some(receipt))
        }
        other => (0, cbor::to_vec(other).len(), 0, None),
    };
    items.iter().map(seen).collect()
}

/// Service by a phone that was busy, started anew and heard of the server, or by one that was not.
fn served(hand: &mut Hand, notice: sync_core::id::NoticeId, busy: bool) -> Fact {
    hand.seq += 1;
    let beacon = busy.then_some(Beacon { at: MORNING, tag: [1; 8] });
    let stamp = Stamp {
        author: hand.person.id,
        device: hand.device,
        seq: hand.seq,
        prev: hand.prev,
        clock: SignedClock {
            wall: MORNING,
            monotonic_ms: if busy { 4_000_000_000 } else { 7 },
            boot: if busy { [9; 8] } else { [1; 8] },
            beacon,
        },
        salt: [5; 16],
    };
    let fact = Fact::state(serve(notice), stamp, &hand.signer).unwrap();
    hand.prev = Some(fact.link());
    fact
}

#[tokio::test]
async fn what_an_enterprise_reads_says_nothing_of_what_its_officers_do_elsewhere() {
    assert_eq!(read(false).await, read(true).await);
}

#[tokio::test]
async fn an_authority_reads_how_a_fact_came_about_and_an_author_his_own() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    let seen = facts_of(&zone.pull(&mut cast.colleague, MORNING).await);
    assert!(seen.len() >= 6 && seen.iter().all(|fact| fact.trace.is_some()));
}

#[tokio::test]
async fn an_enterprise_hears_of_no_device_but_its_own_and_nobody_lends_it_another_one() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let page = facts_of(&zone.pull(&mut cast.enterprise, MORNING).await);
    let issued = page.into_iter().find_map(|fact| match fact.statement {
        Statement::NoticeIssued(notice) => Some(notice),
        _ => None,
    });
    let issued = issued.unwrap();
    let served = cast.one.state(serve(issued.id), MORNING);
    accepted(&zone.push(&mut cast.one, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    let request = || ExtensionRequest {
        notice: issued.id,
        hazard: issued.items[0].hazard,
        term: Term::natural(5),
        reason: "配件到货延迟".to_owned(),
    };
    let own = cast.enterprise.device;
    for device in [cast.one.device, DeviceId::from_entropy([77; 16])] {
        cast.enterprise.device = device;
        let asked = cast.enterprise.state(Statement::ExtensionRequested(request()), MORNING);
        let outcomes = zone.push(&mut cast.enterprise, std::slice::from_ref(&asked), MORNING).await;
        assert!(
            matches!(&outcomes[..], [Outcome::Quarantined(it)] if it.code == Code::DeviceUnknown),
            "{outcomes:?}"
        );
        // No signature of that device stands under it: it can be turned down, and nothing else.
        let decided = async |accept| {
            let decision = QuarantineDecision { accept, reason: "核对过".to_owned() };
            let by = (&cast.supervisor.person, NOWHERE);
            let decided =
                decide_quarantine::decide(&zone.shared, by, asked.id, &decision, MORNING).await;
            decided.map(drop).map_err(|it| it.code)
        };
        assert_eq!(decided(true).await, Err(Code::DeviceUnknown));
        assert_eq!(decided(false).await, Ok(()));
    }
    cast.enterprise.device = own;
    let asked = cast.enterprise.state(Statement::ExtensionRequested(request()), MORNING);
    accepted(&zone.push(&mut cast.enterprise, &[asked], MORNING).await);
}

#[tokio::test]
async fn a_fact_is_taken_over_under_its_own_signature_alone() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let forger = Hand::new(99, sync_core::domain::account::Role::Inspector);
    let mut facts = Vec::new();
    for number in 0..5 {
        // Each names the one before it, so the last one, signed by its device, vouches for all.
        let signer = if number == 4 { &cast.supervisor.signer } else { &forger.signer };
        let stamp = Stamp {
            author: cast.supervisor.person.id,
            device: cast.supervisor.device,
            seq: u64::from(number) + 1,
            prev: cast.supervisor.prev,
            clock: SignedClock { wall: MORNING, monotonic_ms: 1, boot: [1; 8], beacon: None },
            salt: [5; 16],
        };
        let planned = plan(number, &[&cast.one, &cast.two]);
        let fact = Fact::state(planned, stamp, signer).unwrap();
        cast.supervisor.prev = Some(fact.link());
        facts.push(fact);
    }
    let outcomes = zone.push(&mut cast.supervisor, &facts, MORNING).await;
    for outcome in &outcomes[..4] {
        assert!(matches!(outcome, Outcome::Refused(it) if it.code == Code::SignatureInvalid));
    }
    assert_eq!(outcomes[4], Outcome::Accepted);
}

#[tokio::test]
async fn a_second_form_of_the_same_words_is_refused() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let fact = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    let Statement::Planned(stated) = &fact.statement else { panic!("a plan") };
    assert_eq!(stated.inspection, inspection(1));
    let signed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut body = fact.body.clone();
        let mut statement = body.statement.to_vec();
        change(&mut statement);
        body.statement = statement.into();
        let trace = fact.trace.clone().unwrap();
        let signer = &cast.supervisor.signer;
        assert_eq!(body.suite, signer.suite());
        Fact::sign(body, trace, fact.statement.clone(), signer).unwrap().bytes().to_vec()
    };
    // One more key, with nothing under it: the map of a plan begins with its length.
    let longer = signed(&|bytes| {
        bytes[0] += 1;
        bytes.extend([0x18, 0xC8, 0xF6]);
    });
    let other_trace = {
        let mut bytes = fact.bytes().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    };
    for (name, bytes) in [("an unknown key", longer), ("another trace", other_trace)] {
        assert_eq!(Fact::decode(&bytes).unwrap_err().code, Code::NotCanonical, "{name}");
        let mut request = cast.supervisor.request(&[], Vec::new());
        request.facts = vec![bytes.into()];
        let response = zone.send(&cast.supervisor, &request, MORNING).await;
        assert_eq!(code(&response.verdicts[0].outcome), Code::NotCanonical, "{name}");
    }
    // Without its trace nobody could say what came before it.
    let mut request = cast.supervisor.request(&[], Vec::new());
    request.facts = vec![fact.without_trace().into()];
    let response = zone.send(&cast.supervisor, &request, MORNING).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::FieldMissing);
    assert_eq!(fact.id, Digest::of(&cbor::to_vec(&fact.body)));
}
