//! A revocation that is dated back before a visit: what came of it is taken over in one act, whatever came first, and
//! nothing else with it.

use server::store::drafts;
use server::store::streams::StreamKey;
use server::usecase::decide_quarantine;
use sync_core::act::{Capture, Fact, Statement};
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit};
use sync_core::id::{BlobHash, Digest, HazardId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::{
    QuarantineDecision, QuarantineItem, QuarantineQuery, QuarantineState,
};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{
    self, MORNING, NOWHERE, Zone, arrival, cosign, facts_of, inspection, party, plan, seal,
};
use super::{Cast, accepted, code, session};

/// Something that the revoked officer's phone brings.
#[derive(Clone)]
enum Piece {
    Fact(Box<Fact>),
    Change(Vec<u8>),
}

fn photo(hazard: HazardId) -> Statement {
    let photo = Photo {
        blob: BlobHash::of(&[1]),
        bytes: 1,
        width: 900,
        height: 700,
        purpose: Purpose::Found,
        hazard: Some(hazard),
        source: Source::Camera,
        fix: None,
        derived_from: None,
    };
    Statement::Captured(Capture { stream: StreamId::inspection(inspection(1)), photo })
}

/// What an officer did at a visit, in order.
fn pieces(cast: &mut Cast) -> Vec<Piece> {
    let one = &mut cast.one;
    let arrived = one.state(arrival(1), MORNING);
    let captured = one.state(photo(world::hazard(1, 0, one.person.id).id), MORNING);
    let mut draft = Draft::new(inspection(1)).unwrap();
    let changes: Vec<Vec<u8>> = (1..=3)
        .flat_map(|n| {
            let item = format!("gm.dlq.{n}").parse().unwrap();
            let edit = Edit::Answer { item, verdict: Verdict::Pass, note: String::new() };
            draft.commit(session(one, 9), &[edit]).unwrap()
        })
        .collect();
    let sealed = one.state(seal(1, 1, one.person.id, MORNING), MORNING);
    let signed = one.state(party(1, sealed.id), MORNING);
    let facts = [arrived, captured].map(|it| Piece::Fact(Box::new(it))).into_iter();
    facts
        .chain(changes.into_iter().map(Piece::Change))
        .chain([sealed, signed].map(|it| Piece::Fact(Box::new(it))))
        .collect()
}

/// Orders in which pieces may come: as they were done, the other way round, and others.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let ahead: Vec<usize> = (0..count).collect();
    let mut orders = vec![ahead.clone(), ahead.iter().rev().copied().collect()];
    for step in [2, 3, 4, 5] {
        let mut order: Vec<usize> = (0..count).map(|at| at * step % count).collect();
        order.rotate_left(step);
        orders.push(order);
    }
    orders
}

async fn bring(zone: &Zone, cast: &mut Cast, piece: &Piece) -> Outcome {
    let request = match piece {
        Piece::Fact(fact) => cast.one.request(std::slice::from_ref(&**fact), Vec::new()),
        Piece::Change(change) => {
            let push = cast.one.sign_draft(inspection(1), std::slice::from_ref(change));
            cast.one.request(&[], vec![push])
        }
    };
    let mut response = zone.send(&cast.one, &request, MORNING).await;
    response.verdicts.pop().unwrap().outcome
}

async fn list(zone: &Zone, cast: &Cast) -> Vec<QuarantineItem> {
    let query = QuarantineQuery::default();
    decide_quarantine::list(&zone.shared, &cast.supervisor.person, &query).await.unwrap().rows
}

async fn accept(zone: &Zone, cast: &Cast, item: Digest) -> Result<QuarantineState, Code> {
    let decision = QuarantineDecision { accept: true, reason: "停用前已到场".to_owned() };
    let by = (&cast.supervisor.person, NOWHERE);
    let decided = decide_quarantine::decide(&zone.shared, by, item, &decision, MORNING).await;
    decided.map(|it| it.state).map_err(|refusal| refusal.code)
}

#[tokio::test]
async fn a_visit_of_a_revoked_officer_is_taken_over_in_one_act_and_nothing_else_with_it() {
    for order in orders(7) {
        let mut cast = Cast::new();
        let zone = Zone::new(&cast.all()).await;
        let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
        accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
        let pieces = pieces(&mut cast);
        let Some(Piece::Fact(sealed)) = pieces.get(5).cloned() else { panic!("a seal") };
        // Nobody signs the own record as the other officer, whoever pardons what.
        let own = cast.one.state(cosign(1, sealed.id), MORNING);
        // Of another visit, and of somebody else: neither is of this matter.
        let elsewhere = cast.one.state(arrival(2), MORNING);
        let stranger = cast.colleague.state(arrival(1), MORNING);
        let mut directory = world::directory(&cast.all());
        let person = directory.persons.get_mut(&cast.one.person.id).unwrap();
        person.revoked_at = Some(MORNING.plus_millis(-60_000));
        zone.shared.directory.replace(directory);

        for at in &order {
            let outcome = bring(&zone, &mut cast, &pieces[*at]).await;
            assert!(matches!(&outcome, Outcome::Quarantined(it) if it.code == Code::AuthorRevoked));
        }
        for fact in [&own, &elsewhere] {
            let outcome = bring(&zone, &mut cast, &Piece::Fact(Box::new(fact.clone()))).await;
            assert_eq!(code(&outcome), Code::AuthorRevoked);
        }
        let outcome =
            zone.push(&mut cast.colleague, std::slice::from_ref(&stranger), MORNING).await;
        assert_eq!(code(&outcome[0]), Code::NotOnTeam);

        let rows = list(&zone, &cast).await;
        assert_eq!(rows.len(), 3, "{order:?}: the visit is one matter");
        let visit = |row: &&QuarantineItem| row.visit.as_ref().is_some_and(|it| it.items == 8);
        let matter = rows.iter().find(visit).expect("all pieces together").item;
        assert_eq!(accept(&zone, &cast, matter).await, Ok(QuarantineState::Accepted), "{order:?}");

        cast.supervisor.cursor.clear();
        let facts = facts_of(&zone.pull(&mut cast.supervisor, MORNING).await);
        let of_one = facts.iter().filter(|it| it.body.author == cast.one.person.id);
        assert_eq!(of_one.count(), 4, "{order:?}: all facts of the visit and no other one");
        let key = StreamKey::inspection(inspection(1));
        let mut db = zone.shared.pool.acquire().await.unwrap();
        let changes = drafts::of_streams(&mut db, &[key]).await.unwrap();
        assert_eq!(changes.get(&key).map(Vec::len), Some(3), "{order:?}");
        drop(db);
        let heard = zone.pull(&mut cast.one, MORNING).await;
        let taken = heard.iter().filter(|it| matches!(it, Item::Judged { accepted: true, .. }));
        assert_eq!(taken.count(), 7, "{order:?}");

        // What the rules forbid waits on, and says why it cannot be taken over.
        assert_eq!(list(&zone, &cast).await.len(), 3, "{order:?}");
        assert_eq!(accept(&zone, &cast, own.id).await, Err(Code::SamePerson));
        // The other officer goes on with it.
        let there = cast.two.state(arrival(1), MORNING);
        let signed = cast.two.state(cosign(1, sealed.id), MORNING);
        accepted(&zone.push(&mut cast.two, &[there, signed], MORNING).await);
    }
}
