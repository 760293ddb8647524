//! Signatures of whole runs, and receipts before anything else.

use sync_core::domain::inspection::Part;

use super::*;

/// A push of one officer's visit: arrival, draft, and a record that names the draft or does not.
fn visit(cast: &mut Cast, named: bool) -> sync_core::wire::exchange::Request {
    let mut draft = Draft::new(inspection(1)).unwrap();
    let changes = change(&mut draft, 1, &cast.one, "A-1");
    let mut push = cast.one.sign_draft(inspection(1), &changes);
    push.signature = vec![7; 64].into();
    let mut record = draft.record(MORNING, MORNING, "2026-11-23".into()).unwrap();
    assert_eq!(record.draft, [sync_core::id::Digest::of(changes.last().unwrap())]);
    record.parts = vec![Part::without(cast.two.person.id, "由封存人统一记录")];
    if !named {
        record.draft.clear();
    }
    let facts =
        [cast.one.state(arrival(1), MORNING), cast.one.state(Statement::Sealed(record), MORNING)];
    cast.one.request(&facts, vec![push])
}

async fn planned() -> (Cast, Zone) {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    (cast, zone)
}

#[tokio::test]
async fn the_signature_of_a_record_holds_for_the_draft_that_it_names() {
    let (mut cast, zone) = planned().await;
    let request = visit(&mut cast, true);
    let response = zone.send(&cast.one, &request, MORNING).await;
    assert!(response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted), "{response:?}");
}

#[tokio::test]
async fn a_draft_that_no_record_names_is_held_to_its_own_signature() {
    let (mut cast, zone) = planned().await;
    let request = visit(&mut cast, false);
    let response = zone.send(&cast.one, &request, MORNING).await;
    let codes: Vec<Option<Code>> = response
        .verdicts
        .iter()
        .map(|it| (it.outcome != Outcome::Accepted).then(|| code(&it.outcome)))
        .collect();
    assert_eq!(codes, [None, None, Some(Code::SignatureInvalid)]);
}

#[tokio::test]
async fn a_fact_whose_successor_names_other_bytes_is_held_to_its_own_signature() {
    let (mut cast, zone) = planned().await;
    let mut stranger = Hand::new(9, Role::Inspector);
    // The stranger writes in the officer's name; the officer's next fact names something else.
    stranger.person.id = cast.one.person.id;
    stranger.device = cast.one.device;
    let forged = stranger.state(arrival(1), MORNING);
    let honest = cast.one.state(arrival(1), MORNING.plus_millis(1));
    let next = cast.one.state(seal(1, 0, cast.one.person.id, MORNING), MORNING.plus_millis(2));
    let request = cast.one.request(&[forged, next.clone()], Vec::new());
    let response = zone.send(&cast.one, &request, MORNING.plus_millis(3)).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::SignatureInvalid);
    let outcomes = zone.push(&mut cast.one, &[honest, next], MORNING.plus_millis(3)).await;
    accepted(&outcomes);
}

#[tokio::test]
async fn whoever_brings_many_items_hears_receipts_first_and_everything_else_next() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let plans = |cast: &mut Cast, numbers: std::ops::Range<u32>| -> Vec<Fact> {
        numbers
            .map(|number| cast.supervisor.state(plan(number, &[&cast.one, &cast.two]), MORNING))
            .collect()
    };
    let first = plans(&mut cast, 0..20);
    accepted(&zone.push(&mut cast.supervisor, &first, MORNING).await);
    let arrivals: Vec<Fact> =
        (0..20).map(|number| cast.one.state(arrival(number), MORNING)).collect();
    let request = cast.one.request(&arrivals, Vec::new());
    let response = zone.send(&cast.one, &request, MORNING).await;
    assert_eq!(world::receipts(&response).len(), 20);
    assert!(facts_of(&response.items).is_empty());
    assert!(response.more);
    assert_eq!(facts_of(&zone.pull(&mut cast.one, MORNING).await).len(), 40);
}
