//! A person who moves to another department forgets what the old one's feed brought, and nothing else.

use std::collections::BTreeSet;

use sync_core::ledger::stream::StreamId;
use sync_core::wire::exchange::Item;

use super::Cast;
use super::world::{self, Hand, MORNING, Zone, facts_of};

fn streams(items: &[Item]) -> BTreeSet<StreamId> {
    facts_of(items).iter().map(|fact| fact.body.stream).collect()
}

fn gone(items: &[Item]) -> Vec<StreamId> {
    let gone = |item: &Item| match item {
        Item::Gone { stream } => Some(*stream),
        _ => None,
    };
    items.iter().filter_map(gone).collect()
}

fn moves(zone: &Zone, cast: &mut Cast, hand: fn(&mut Cast) -> &mut Hand, department: &str) {
    hand(cast).person.department = Some(department.parse().unwrap());
    zone.shared.directory.replace(world::directory(&cast.all()));
}

#[tokio::test]
async fn who_moves_forgets_the_old_department_and_reads_it_again_after_the_way_back() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    for number in 0..300 {
        cast.visit(&zone, number, 1).await;
    }
    while zone.clerk(MORNING).await > 0 {}
    let read = streams(&zone.pull(&mut cast.colleague, MORNING).await);
    assert!(read.len() >= 300, "{}", read.len());

    moves(&zone, &mut cast, |cast| &mut cast.colleague, "xiaofang");
    // A phone that only asks whether there is anything, before it takes a page.
    let mut asked = cast.colleague.request(&[], Vec::new());
    asked.max_bytes = 0;
    let answer = zone.send(&cast.colleague, &asked, MORNING).await;
    assert!(gone(&answer.items).is_empty() && answer.more);
    cast.colleague.cursor = answer.cursor.to_vec();
    let items = zone.pull(&mut cast.colleague, MORNING).await;
    let forgotten = gone(&items);
    assert_eq!(forgotten.iter().copied().collect::<BTreeSet<_>>(), read);
    assert_eq!(facts_of(&items).len(), 0);
    assert_eq!(gone(&zone.pull(&mut cast.colleague, MORNING).await), []);

    moves(&zone, &mut cast, |cast| &mut cast.colleague, "yingji");
    assert_eq!(streams(&zone.pull(&mut cast.colleague, MORNING).await), read);
}

#[tokio::test]
async fn who_moves_keeps_the_visits_of_the_own_team() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    while zone.clerk(MORNING).await > 0 {}
    zone.pull(&mut cast.two, MORNING).await;
    moves(&zone, &mut cast, |cast| &mut cast.two, "xiaofang");
    let forgotten = gone(&zone.pull(&mut cast.two, MORNING).await);
    assert!(!forgotten.contains(&StreamId::inspection(world::inspection(1))), "{forgotten:?}");
}
