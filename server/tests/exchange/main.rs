//! The exchange over a real store: nothing lost, nothing twice, nothing shown to whom it is not for.

mod carried;
#[path = "../database/mod.rs"]
mod database;
mod dossiers;
mod gate_table;
mod held_rows;
mod hundred_dossiers;
mod major;
mod mended;
mod moved;
mod numbers;
mod parts;
mod photos;
mod quarantine_pairs;
mod quarantine_table;
mod report_history;
mod reports;
mod revoked;
mod runs;
mod set_aside;
mod slow_lines;
mod staged;
mod stored;
mod traces;
mod world;
mod writers;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;

use server::exchange;
use server::projection;
use server::store::{rows, sequencer};
use server::usecase::{decide_quarantine, list_hazards, show_case};
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::domain::account::Role;
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit, EditSession};
use sync_core::id::{InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{HazardQuery, QuarantineDecision, QuarantineQuery};
use sync_core::wire::exchange::{Item, Outcome};
use world::{
    Hand, MORNING, NOWHERE, Zone, arrival, cosign, facts_of, inspection, party, plan, seal, serve,
};

struct Cast {
    supervisor: Hand,
    one: Hand,
    two: Hand,
    colleague: Hand,
    office: Hand,
    enterprise: Hand,
}

impl Cast {
    fn new() -> Self {
        Self {
            supervisor: Hand::new(1, Role::Supervisor),
            one: Hand::new(2, Role::Inspector),
            two: Hand::new(3, Role::Inspector),
            colleague: Hand::new(4, Role::Inspector),
            office: Hand::new(5, Role::Coordinator),
            enterprise: Hand::new(6, Role::Enterprise),
        }
    }

    fn all(&self) -> [&Hand; 6] {
        [&self.supervisor, &self.one, &self.two, &self.colleague, &self.office, &self.enterprise]
    }

    /// Plans a visit and carries it out up to the signatures.
    async fn visit(&mut self, zone: &Zone, number: u32, hazards: u32) {
        let planned = self.supervisor.state(plan(number, &[&self.one, &self.two]), MORNING);
        accepted(&zone.push(&mut self.supervisor, &[planned], MORNING).await);
        let arrived = self.one.state(arrival(number), MORNING);
        let sealed = self.one.state(seal(number, hazards, self.one.person.id, MORNING), MORNING);
        let signed = self.one.state(party(number, sealed.id), MORNING);
        accepted(&zone.push(&mut self.one, &[arrived, sealed.clone(), signed], MORNING).await);
        let there = self.two.state(arrival(number), MORNING);
        let cosigned = self.two.state(cosign(number, sealed.id), MORNING);
        accepted(&zone.push(&mut self.two, &[there, cosigned], MORNING).await);
    }
}

fn accepted(outcomes: &[Outcome]) {
    assert!(outcomes.iter().all(|it| *it == Outcome::Accepted), "{outcomes:?}");
}

fn code(outcome: &Outcome) -> Code {
    match outcome {
        Outcome::Accepted => panic!("accepted"),
        Outcome::Refused(it) | Outcome::Quarantined(it) | Outcome::Retry(it) => it.code,
    }
}

fn notices(items: &[Item]) -> Vec<NoticeId> {
    facts_of(items)
        .iter()
        .filter_map(|fact| match &fact.statement {
            Statement::NoticeIssued(notice) => Some(notice.id),
            _ => None,
        })
        .collect()
}

fn deadlines(facts: &[Fact]) -> usize {
    facts.iter().filter(|it| matches!(it.statement, Statement::DeadlineAssigned(_))).count()
}

/// A writing session of this hand; `n` tells several apart.
fn session(hand: &Hand, n: u8) -> EditSession {
    EditSession::new(hand.person.id, hand.device, [n; 16])
}

fn change(draft: &mut Draft, session: u8, hand: &Hand, item: &str) -> Vec<Vec<u8>> {
    let edit =
        Edit::Answer { item: item.parse().unwrap(), verdict: Verdict::Pass, note: String::new() };
    draft.commit(self::session(hand, session), &[edit]).unwrap()
}

#[tokio::test]
async fn a_repeated_push_gives_the_same_receipts_and_stores_nothing_twice() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    let request = cast.supervisor.request(&[planned], Vec::new());
    let first = zone.send(&cast.supervisor, &request, MORNING).await;
    let again = zone.send(&cast.supervisor, &request, MORNING.plus_millis(5_000)).await;
    assert_eq!(first.verdicts, again.verdicts);
    assert_eq!(world::receipts(&first), world::receipts(&again));
    assert_eq!(facts_of(&zone.pull(&mut cast.one, MORNING).await).len(), 1);
}

#[tokio::test]
async fn one_poisoned_item_among_five_hundred_stops_none_of_the_others() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let facts: Vec<Fact> = (0..500)
        .map(|number| cast.supervisor.state(plan(number, &[&cast.one, &cast.two]), MORNING))
        .collect();
    let mut request = cast.supervisor.request(&facts, Vec::new());
    let mut poison = facts[250].bytes().to_vec();
    // The last byte of the signature.
    poison[facts[250].without_trace().len() - 1] ^= 1;
    request.facts[250] = poison.into();
    let response = zone.send(&cast.supervisor, &request, MORNING).await;
    for (index, verdict) in response.verdicts.iter().enumerate() {
        assert_eq!(verdict.item, facts[index].id);
        if index == 250 {
            assert_eq!(code(&verdict.outcome), Code::SignatureInvalid);
        } else {
            assert_eq!(verdict.outcome, Outcome::Accepted, "{index}");
        }
    }
    assert_eq!(world::receipts(&response).len(), 499);
    assert_eq!(facts_of(&zone.pull(&mut cast.one, MORNING).await).len(), 499);
}

#[tokio::test]
async fn two_servers_over_one_store_issue_one_notice_and_one_deadline_for_each_hazard() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let other = world::open(zone.folder.path(), world::directory(&cast.all())).await;
    for number in 0..5 {
        cast.visit(&zone, number, 3).await;
    }
    let twin = Zone { shared: other, folder: tempfile::tempdir().unwrap() };
    let (here, there) = tokio::join!(zone.clerk(MORNING), twin.clerk(MORNING));
    assert_eq!(here + there, 5);
    let issued = notices(&zone.pull(&mut cast.enterprise, MORNING).await);
    assert_eq!(issued.len(), 5);
    let served: Vec<Fact> =
        issued.iter().map(|notice| cast.one.state(serve(*notice), MORNING)).collect();
    accepted(&zone.push(&mut cast.one, &served, MORNING).await);
    let (here, there) = tokio::join!(zone.clerk(MORNING), twin.clerk(MORNING));
    assert_eq!(here + there, 15);
    let seen = facts_of(&zone.pull(&mut cast.enterprise, MORNING).await);
    assert_eq!(deadlines(&seen), 15);
    let serials: BTreeSet<u32> = facts_of(&{
        cast.enterprise.cursor.clear();
        zone.pull(&mut cast.enterprise, MORNING).await
    })
    .iter()
    .filter_map(|fact| match &fact.statement {
        Statement::NoticeIssued(notice) => Some(notice.number.serial),
        _ => None,
    })
    .collect();
    assert_eq!(serials, (1..=5).collect());
}

#[tokio::test]
async fn a_grant_that_comes_later_delivers_the_whole_of_it() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    assert!(facts_of(&zone.pull(&mut cast.colleague, MORNING).await).is_empty());
    assert!(facts_of(&zone.pull(&mut cast.office, MORNING).await).is_empty());

    let mut draft = Draft::new(inspection(1)).unwrap();
    let arrived = cast.one.state(arrival(1), MORNING);
    let changes = change(&mut draft, 1, &cast.one, "A-1");
    let push = cast.one.sign_draft(inspection(1), &changes);
    let request = cast.one.request(&[arrived], vec![push]);
    let response = zone.send(&cast.one, &request, MORNING).await;
    assert!(response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted));

    let seen = zone.pull(&mut cast.colleague, MORNING).await;
    assert_eq!(facts_of(&seen).len(), 2);
    assert!(seen.iter().any(|item| matches!(item, Item::Change { .. })));
    assert!(facts_of(&zone.pull(&mut cast.office, MORNING).await).is_empty());

    let sealed = cast.one.state(seal(1, 0, cast.one.person.id, MORNING), MORNING);
    accepted(&zone.push(&mut cast.one, &[sealed], MORNING).await);
    let seen = zone.pull(&mut cast.office, MORNING).await;
    assert_eq!(facts_of(&seen).len(), 3);
    assert!(!seen.iter().any(|item| matches!(item, Item::Change { .. })));
}

#[tokio::test]
async fn late_edits_to_a_sealed_inspection_are_kept_for_the_supervisor() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let mut draft = Draft::new(inspection(1)).unwrap();
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    // Edits, arrival and seal in one push: the edits come before the seal.
    let changes = change(&mut draft, 1, &cast.one, "A-1");
    let facts = [
        cast.one.state(arrival(1), MORNING),
        cast.one.state(seal(1, 0, cast.one.person.id, MORNING), MORNING),
    ];
    let push = cast.one.sign_draft(inspection(1), &changes);
    let request = cast.one.request(&facts, vec![push]);
    let response = zone.send(&cast.one, &request, MORNING).await;
    assert!(response.verdicts.iter().all(|it| it.outcome == Outcome::Accepted), "{response:?}");
    let repeated = zone.send(&cast.one, &request, MORNING).await;
    assert_eq!(repeated.verdicts, response.verdicts);

    let mut late = Draft::new(inspection(1)).unwrap();
    let changes = change(&mut late, 2, &cast.two, "B-1");
    let push = cast.two.sign_draft(inspection(1), &changes);
    let request = cast.two.request(&[], vec![push]);
    let response = zone.send(&cast.two, &request, MORNING).await;
    assert_eq!(code(&response.verdicts[0].outcome), Code::AlreadySealed);
    assert!(matches!(response.verdicts[0].outcome, Outcome::Quarantined(_)));
    let list =
        decide_quarantine::list(&zone.shared, &cast.supervisor.person, &QuarantineQuery::default())
            .await
            .unwrap();
    assert_eq!(list.rows.len(), 1);
    assert_eq!(list.rows[0].item, response.verdicts[0].item);
}

#[tokio::test]
async fn a_revoked_authors_work_counts_once_a_supervisor_accepts_it() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let mut revoked = world::directory(&cast.all());
    revoked.persons.get_mut(&cast.one.person.id).unwrap().revoked_at = Some(MORNING);
    zone.shared.directory.replace(revoked);
    let arrived = cast.one.state(arrival(1), MORNING.plus_millis(-1));
    let now = MORNING.plus_millis(60_000);
    let outcomes = zone.push(&mut cast.one, std::slice::from_ref(&arrived), now).await;
    assert_eq!(code(&outcomes[0]), Code::AuthorRevoked);
    let again = zone.push(&mut cast.one, std::slice::from_ref(&arrived), now).await;
    assert_eq!(outcomes, again);

    let judge = |accept: bool, reason: &str| QuarantineDecision { accept, reason: reason.into() };
    let supervisor = cast.supervisor.person.clone();
    let decide = |decision: QuarantineDecision| {
        let (shared, supervisor) = (Arc::clone(&zone.shared), supervisor.clone());
        async move {
            decide_quarantine::decide(&shared, (&supervisor, NOWHERE), arrived.id, &decision, now)
                .await
        }
    };
    assert_eq!(decide(judge(true, " ")).await.unwrap_err().code, Code::ReasonNeeded);
    decide(judge(true, "采集时仍在职")).await.unwrap();
    assert_eq!(decide(judge(false, "再议")).await.unwrap_err().code, Code::AlreadyDecided);
    let seen = zone.pull(&mut cast.one, now).await;
    assert!(seen.iter().any(|item| matches!(item, Item::Judged { accepted: true, .. })));
    assert!(facts_of(&seen).iter().any(|fact| matches!(fact.statement, Statement::Arrived(_))));
    assert_eq!(facts_of(&zone.pull(&mut cast.colleague, now).await).len(), 2);
}

#[tokio::test]
async fn a_forked_chain_is_kept_for_the_supervisor() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let one = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[one], MORNING).await);
    cast.supervisor.seq = 0;
    let fork = cast.supervisor.state(plan(2, &[&cast.one, &cast.two]), MORNING);
    let outcomes = zone.push(&mut cast.supervisor, &[fork], MORNING).await;
    assert_eq!(code(&outcomes[0]), Code::ChainBroken);
    cast.supervisor.seq = 10;
    let gap = cast.supervisor.state(plan(3, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[gap], MORNING).await);
}

#[tokio::test]
async fn a_restored_server_asks_every_device_to_begin_again() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.pull(&mut cast.colleague, MORNING).await;
    let pool = server::store::open(zone.folder.path()).await.unwrap();
    sequencer::begin_epoch(&mut pool.acquire().await.unwrap(), [8; 16]).await.unwrap();
    let restored = Zone {
        shared: world::open(zone.folder.path(), world::directory(&cast.all())).await,
        folder: tempfile::tempdir().unwrap(),
    };
    let request = cast.colleague.request(&[], Vec::new());
    let response = restored.send(&cast.colleague, &request, MORNING).await;
    assert!(response.restart);
    assert!(!facts_of(&response.items).is_empty());
    cast.colleague.cursor = response.cursor.to_vec();
    let request = cast.colleague.request(&[], Vec::new());
    assert!(!restored.send(&cast.colleague, &request, MORNING).await.restart);
}

#[tokio::test]
async fn a_device_that_lost_everything_gets_its_own_work_back() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    assert!(!facts_of(&zone.pull(&mut cast.one, MORNING).await).is_empty());
    cast.one.cursor = b"not a cursor of this server, but long enough".to_vec();
    assert_eq!(facts_of(&zone.pull(&mut cast.one, MORNING).await).len(), 6);
    assert!(facts_of(&zone.pull(&mut cast.one, MORNING).await).is_empty());
}

#[tokio::test]
async fn an_enterprise_gets_the_same_bytes_whether_checks_on_it_are_planned_or_not() {
    let mut answers = Vec::new();
    for planned in [0, 7] {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        for number in 0..planned {
            let fact = cast.supervisor.state(plan(number, &[&cast.one, &cast.two]), MORNING);
            accepted(&zone.push(&mut cast.supervisor, &[fact], MORNING).await);
            let fact = cast.one.state(arrival(number), MORNING);
            accepted(&zone.push(&mut cast.one, &[fact], MORNING).await);
        }
        zone.clerk(MORNING).await;
        // It even guesses: a planned visit, and one that does not exist.
        let guess = [arrival(3), arrival(99), serve(NoticeId::from_entropy([1; 16]))];
        let facts: Vec<Fact> =
            guess.into_iter().map(|it| cast.enterprise.state(it, MORNING)).collect();
        let request = cast.enterprise.request(&facts, Vec::new());
        let person = cast.enterprise.person.clone();
        let packed = sync_core::wire::codec::pack(&request);
        let answer = exchange::run(&zone.shared, person.clone(), packed, MORNING).await.unwrap();
        let stream = StreamId::inspection(inspection(3));
        let shown = show_case::show(&zone.shared, &person, stream, MORNING).await;
        answers.push((answer, shown.map_err(|refusal| refusal.code)));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn views_can_be_thrown_away_and_rebuilt() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    for number in 0..4 {
        cast.visit(&zone, number, 2).await;
    }
    zone.clerk(MORNING).await;
    let issued = notices(&zone.pull(&mut cast.two, MORNING).await);
    let served = cast.two.state(serve(issued[0]), MORNING);
    accepted(&zone.push(&mut cast.two, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let before = rows::everything(&mut db).await.unwrap();
    assert_eq!((before.0.len(), before.1.len()), (8, 4));
    projection::rebuild(&zone.shared, MORNING).await.unwrap();
    assert_eq!(rows::everything(&mut db).await.unwrap(), before);
}

#[tokio::test]
async fn the_office_finds_what_is_overdue_or_falls_due_page_by_page() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 2).await;
    zone.clerk(MORNING).await;
    let issued = notices(&zone.pull(&mut cast.two, MORNING).await);
    let served = cast.two.state(serve(issued[0]), MORNING);
    accepted(&zone.push(&mut cast.two, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    let office = &cast.office.person.clone();
    let overdue = HazardQuery { overdue: Some(true), ..HazardQuery::default() };
    let day = 24 * 3600 * 1000;
    let ask = |query: HazardQuery, now: Timestamp| {
        let shared = Arc::clone(&zone.shared);
        async move { list_hazards::list(&shared, office, &query, now).await.unwrap() }
    };
    assert_eq!(ask(overdue.clone(), MORNING.plus_millis(15 * day)).await.total, 0);
    assert_eq!(ask(overdue, MORNING.plus_millis(16 * day)).await.total, 2);
    let soon = HazardQuery { due_within: Some(7), ..HazardQuery::default() };
    for (days, due) in [(7, 0), (8, 2), (15, 2), (16, 0)] {
        assert_eq!(ask(soon.clone(), MORNING.plus_millis(days * day)).await.total, due, "{days}");
    }
    let paged =
        HazardQuery { limit: Some(1), text: Some("上锁1".into()), ..HazardQuery::default() };
    assert_eq!(ask(paged, MORNING).await.total, 1);
    let first = ask(HazardQuery { limit: Some(1), ..HazardQuery::default() }, MORNING).await;
    let after = HazardQuery { after: first.next, ..HazardQuery::default() };
    assert_ne!(ask(after, MORNING).await.rows[0].hazard, first.rows[0].hazard);

    let stream = StreamId::notice(issued[0]);
    let shown = show_case::show(&zone.shared, &cast.enterprise.person, stream, MORNING).await;
    let shown = shown.unwrap();
    assert_eq!((shown.inspection, shown.entries.len()), (None::<InspectionId>, 6));
}
