//! What a colleague's phone carries comes early: what quarantine keeps of it does not outlive that it was taken over.

use server::store::streams::StreamKey;
use server::usecase::decide_quarantine;
use sync_core::act::Fact;
use sync_core::draft::Draft;
use sync_core::id::Digest;
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{QuarantineDecision, QuarantineQuery, QuarantineState};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{MORNING, NOWHERE, Zone, arrival, inspection, plan};
use super::{Cast, accepted, change, code};
use crate::database::tamper;
const HOUR: i64 = 3_600_000;

async fn list(zone: &Zone, cast: &Cast, judged: bool) -> Vec<(Digest, QuarantineState)> {
    let query = QuarantineQuery { judged: Some(judged), ..QuarantineQuery::default() };
    let page =
        decide_quarantine::list(&zone.shared, &cast.supervisor.person, &query).await.unwrap();
    page.rows.iter().map(|row| (row.item, row.state)).collect()
}

async fn judge(
    zone: &Zone,
    cast: &Cast,
    fact: &Fact,
    accept: bool,
    at: Timestamp,
) -> Result<(), Code> {
    let decision = QuarantineDecision { accept, reason: "核对过".into() };
    let by = (&cast.supervisor.person, NOWHERE);
    let judged = decide_quarantine::decide(&zone.shared, by, fact.id, &decision, at).await;
    judged.map(drop).map_err(|refusal| refusal.code)
}

/// The verdicts of quarantine that an author is told of.
fn told(items: &[Item]) -> Vec<bool> {
    let judged = |item: &Item| match item {
        Item::Judged { accepted, .. } => Some(*accepted),
        _ => None,
    };
    items.iter().filter_map(judged).collect()
}

/// A colleague brings an arrival while its clock is still ahead of the server's; it waits in quarantine.
async fn carried_early() -> (Zone, Cast, Fact) {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let arrived = cast.two.state(arrival(1), MORNING.plus_millis(HOUR));
    let outcomes = zone.push(&mut cast.one, std::slice::from_ref(&arrived), MORNING).await;
    assert!(matches!(outcomes[0], Outcome::Quarantined(_)), "{outcomes:?}");
    assert_eq!(code(&outcomes[0]), Code::ClockAhead);
    assert_eq!(list(&zone, &cast, false).await, [(arrived.id, QuarantineState::Waiting)]);
    (zone, cast, arrived)
}

#[tokio::test]
async fn what_waits_of_an_item_is_settled_once_its_author_brought_it_and_it_was_taken_over() {
    let (zone, mut cast, arrived) = carried_early().await;
    let later = MORNING.plus_millis(2 * HOUR);
    accepted(&zone.push(&mut cast.two, std::slice::from_ref(&arrived), later).await);
    zone.clerk(later).await;
    assert_eq!(list(&zone, &cast, false).await, []);
    assert_eq!(list(&zone, &cast, true).await, [(arrived.id, QuarantineState::Accepted)]);
    assert_eq!(judge(&zone, &cast, &arrived, false, later).await, Err(Code::AlreadyDecided));
    // Nobody hears that it was returned.
    assert!(!told(&zone.pull(&mut cast.two, later).await).contains(&false));
}

#[tokio::test]
async fn nobody_returns_what_stands_in_the_case_also_before_the_clerk_has_looked() {
    let (zone, mut cast, arrived) = carried_early().await;
    let later = MORNING.plus_millis(2 * HOUR);
    accepted(&zone.push(&mut cast.two, std::slice::from_ref(&arrived), later).await);
    for accept in [false, true] {
        let judged = judge(&zone, &cast, &arrived, accept, later).await;
        assert_eq!(judged, Err(Code::AlreadyDecided), "{accept}");
    }
    assert!(told(&zone.pull(&mut cast.two, later).await).is_empty());
}

#[tokio::test]
async fn a_draft_change_that_waits_is_settled_like_a_statement() {
    let (zone, mut cast, arrived) = carried_early().await;
    let later = MORNING.plus_millis(2 * HOUR);
    let mut draft = Draft::new(inspection(1)).unwrap();
    let changes = change(&mut draft, 7, &cast.two, "GM-01");
    let key = StreamKey::inspection(inspection(1));
    accepted(&zone.push(&mut cast.two, std::slice::from_ref(&arrived), later).await);
    let request = cast.two.request(&[], vec![cast.two.sign_draft(inspection(1), &changes)]);
    let response = zone.send(&cast.two, &request, later).await;
    assert!(response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted), "{response:?}");
    let text = "INSERT INTO quarantine (item, form, stream, author, device, code, received_at, bytes, \
         signature, state) SELECT id, 1, stream, author, device, 208, received_at, bytes, signature, 0 \
         FROM changes WHERE stream = $1";
    assert_eq!(tamper(&zone.shared.pool, text, &[key.as_bytes().to_vec()]).await, 1);
    let arrived = cast.one.state(arrival(1), later);
    accepted(&zone.push(&mut cast.one, &[arrived], later).await);
    zone.clerk(later).await;
    assert_eq!(list(&zone, &cast, false).await, []);
}
