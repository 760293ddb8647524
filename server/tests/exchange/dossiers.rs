//! What acceptance from quarantine passes over, what one unlucky dossier does to others, and how streams are joined.

use server::store::{set_aside, streams};
use server::usecase::{decide_quarantine, list_hazards};
use sync_core::act::notice::{ClosureDecision, DismissalProposed, Recheck};
use sync_core::act::{Fact, Statement};
use sync_core::domain::account::Role;
use sync_core::id::{Digest, HazardId, NoticeId};
use sync_core::refusal::Code;
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{HazardQuery, QuarantineDecision};
use sync_core::wire::exchange::{Item, Outcome};

use super::world::{
    self, Hand, MORNING, NOWHERE, Zone, arrival, cosign, hazard, inspection, party, plan, seal,
    serve,
};
use super::{Cast, accepted, code, notices};

/// A person of another department.
fn stranger(number: u32, role: Role) -> Hand {
    let mut hand = Hand::new(number, role);
    hand.person.department = Some("xiaofang".parse().unwrap());
    hand
}

async fn accept(zone: &Zone, by: &Hand, item: Digest) -> Result<(), Code> {
    let decision = QuarantineDecision { accept: true, reason: "情况属实".into() };
    let decided =
        decide_quarantine::decide(&zone.shared, (&by.person, NOWHERE), item, &decision, MORNING)
            .await;
    decided.map(drop).map_err(|refusal| refusal.code)
}

/// Statements about a hazard of a notice that skip everything that has to come before them.
fn leaps(notice: NoticeId, hazard: HazardId) -> Vec<(Role, Statement, Code)> {
    let nothing = Digest::of(b"no such recheck");
    let reason = || "径行办理".to_owned();
    vec![
        (
            Role::Supervisor,
            Statement::ClosureDecided(ClosureDecision {
                notice,
                hazard,
                recheck: nothing,
                approved: true,
                reason: String::new(),
                evidence: Vec::new(),
            }),
            Code::NotServed,
        ),
        (
            Role::Inspector,
            Statement::Rechecked(Recheck {
                notice,
                hazard,
                passed: true,
                opinion: "已整改".into(),
                photos: vec![nothing],
                new_term: None,
                second: None,
                reply: None,
            }),
            Code::NotServed,
        ),
        (
            Role::Supervisor,
            Statement::Dismissed(sync_core::act::notice::Dismissed {
                notice,
                hazard,
                reason: reason(),
            }),
            Code::NothingToDecide,
        ),
    ]
}

#[tokio::test]
async fn acceptance_passes_over_what_led_to_quarantine_and_over_nothing_else() {
    let mut cast = Cast::new();
    let mut officer = stranger(11, Role::Inspector);
    let mut lead = stranger(12, Role::Supervisor);
    let other_lead = stranger(13, Role::Supervisor);
    let all: Vec<&Hand> = cast.all().into_iter().chain([&officer, &lead, &other_lead]).collect();
    let zone = Zone::new(&all).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let notice = notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0];
    let id = hazard(1, 0, cast.one.person.id).id;
    for (role, statement, unmet) in leaps(notice, id) {
        let author = if role == Role::Supervisor { &mut lead } else { &mut officer };
        let fact = author.state(statement, MORNING);
        let outcome = zone.push(author, std::slice::from_ref(&fact), MORNING).await;
        assert!(matches!(outcome[0], Outcome::Quarantined(_)), "{outcome:?}");
        assert_eq!(code(&outcome[0]), Code::OtherDepartment);
        // The department of the stream judges, and a colleague of the author does not even see it.
        assert_eq!(accept(&zone, &other_lead, fact.id).await, Err(Code::NotFound));
        assert_eq!(accept(&zone, &cast.supervisor, fact.id).await, Err(unmet));
    }
    // What lacks nothing but the department is taken over.
    let reason = "与另一处重复".to_owned();
    let proposal =
        DismissalProposed { notice, hazard: id, reason, inspection: Some(inspection(1)) };
    let fact = officer.state(Statement::DismissalProposed(proposal), MORNING);
    let outcome = zone.push(&mut officer, std::slice::from_ref(&fact), MORNING).await;
    assert_eq!(code(&outcome[0]), Code::OtherDepartment);
    assert_eq!(accept(&zone, &cast.supervisor, fact.id).await, Ok(()));
}

#[tokio::test]
async fn a_kind_that_this_build_does_not_know_cannot_be_accepted() {
    let mut cast = Cast::new();
    let mut other = stranger(21, Role::Inspector);
    let zone = Zone::new(&[&cast.all()[..], &[&other]].concat()).await;
    cast.visit(&zone, 1, 1).await;
    let arrived = cast.one.state(arrival(1), MORNING);
    // Nor can it be when it comes from somebody who may not read the stream.
    for (hand, first) in [(&mut cast.colleague, Code::KindUnknown), (&mut other, Code::NotOnTeam)] {
        let fact = unknown(hand, &arrived);
        let outcome = zone.push(hand, std::slice::from_ref(&fact), MORNING).await;
        assert_eq!(code(&outcome[0]), first);
        assert_eq!(accept(&zone, &cast.supervisor, fact.id).await, Err(Code::KindUnknown));
    }
}

/// A critical fact of a kind from the future in the stream of another fact.
fn unknown(hand: &mut Hand, of: &Fact) -> Fact {
    use sync_core::ledger::fact::Signer as _;
    hand.seq += 1;
    let mut body = of.body.clone();
    body.kind = 900;
    body.author = hand.person.id;
    body.device = hand.device;
    let mut trace = of.trace.clone().unwrap();
    (trace.seq, trace.prev) = (hand.seq, hand.prev);
    body.trace = Digest::of(&sync_core::cbor::to_vec(&trace));
    body.suite = hand.signer.suite();
    body.statement = vec![0x80].into();
    let statement = Statement::Unknown { kind: 900, body: vec![0x80] };
    let fact = Fact::sign(body, trace, statement, &hand.signer).unwrap();
    hand.prev = Some(fact.link());
    fact
}

#[tokio::test]
async fn one_dossier_that_cannot_be_stated_is_set_aside_and_holds_up_no_other() {
    const VISITS: u32 = 12;
    let mut cast = Cast::new();
    // A department without a series cannot number a notice.
    let mut silent = stranger(21, Role::Supervisor);
    let (mut one, mut two) = (stranger(22, Role::Inspector), stranger(23, Role::Inspector));
    let all: Vec<&Hand> = cast.all().into_iter().chain([&silent, &one, &two]).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut catalogue = world::catalogue();
    let mut department = catalogue.departments[0].clone();
    department.id = "xiaofang".parse().unwrap();
    department.series = None;
    catalogue.departments.push(department);
    let directory = server::directory::Directory::new(
        all.iter().map(|hand| hand.person.clone()),
        all.iter().map(|hand| hand.enrolled()),
        &catalogue,
        &sync_core::domain::catalogue::Catalogue::default(),
    );
    let zone = Zone { shared: world::open(folder.path(), directory).await, folder };
    for number in 1..=VISITS {
        if number == 5 {
            let Statement::Planned(mut it) = plan(number, &[&one, &two]) else { continue };
            it.department = "xiaofang".parse().unwrap();
            let planned = silent.state(Statement::Planned(it), MORNING);
            accepted(&zone.push(&mut silent, &[planned], MORNING).await);
            let arrived = one.state(arrival(number), MORNING);
            let sealed = one.state(seal(number, 1, one.person.id, MORNING), MORNING);
            let signed = one.state(party(number, sealed.id), MORNING);
            let facts = [arrived, sealed.clone(), signed];
            accepted(&zone.push(&mut one, &facts, MORNING).await);
            let there = two.state(arrival(number), MORNING);
            let cosigned = two.state(cosign(number, sealed.id), MORNING);
            accepted(&zone.push(&mut two, &[there, cosigned], MORNING).await);
        } else {
            cast.visit(&zone, number, 1).await;
        }
    }
    let stated = zone.clerk(MORNING).await;
    assert_eq!(stated, usize::try_from(VISITS - 1).unwrap(), "the others have their notices");
    let mut db = zone.shared.pool.acquire().await.unwrap();
    let aside = set_aside::list(&mut db, 100).await.unwrap();
    let codes: Vec<Code> = aside.iter().map(|it| it.refusal.code).collect();
    assert_eq!(codes, [Code::DepartmentNoPower]);
    drop(db);
    // Nothing is looked at again by itself, and numbers follow one another without a gap.
    assert_eq!(zone.clerk(MORNING).await, 0);
    let numbers: std::collections::BTreeSet<u32> =
        world::facts_of(&zone.pull(&mut cast.enterprise, MORNING).await)
            .iter()
            .filter_map(|fact| match &fact.statement {
                Statement::NoticeIssued(notice) => Some(notice.number.serial),
                _ => None,
            })
            .collect();
    assert_eq!(numbers, (1..VISITS).collect());
}

#[tokio::test]
async fn two_visits_that_name_a_hazard_alike_are_two_hazards() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    let planned = cast.supervisor.state(plan(2, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let Statement::Sealed(mut record) = seal(2, 1, cast.two.person.id, MORNING) else { return };
    record.hazards[0].id = hazard(1, 0, cast.one.person.id).id;
    record.hazards[0].description = "冒用编号".into();
    let arrived = cast.two.state(arrival(2), MORNING);
    let sealed = cast.two.state(Statement::Sealed(record), MORNING);
    let signed = cast.two.state(party(2, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.two, &[arrived, sealed.clone(), signed], MORNING).await);
    let there = cast.one.state(arrival(2), MORNING);
    let cosigned = cast.one.state(cosign(2, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.one, &[there, cosigned], MORNING).await);
    zone.clerk(MORNING).await;
    let query = HazardQuery::default();
    let page =
        list_hazards::list(&zone.shared, &cast.office.person, &query, MORNING).await.unwrap();
    let mut shown: Vec<&str> = page.rows.iter().map(|row| row.description.as_str()).collect();
    shown.sort_unstable();
    assert_eq!(shown, ["冒用编号", "配电箱未上锁0"]);
}

#[tokio::test]
async fn staff_are_told_which_streams_belong_together_and_the_enterprise_is_not() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let links =
        |items: &[Item]| items.iter().filter(|item| matches!(item, Item::Link { .. })).count();
    for hand in [&mut cast.supervisor, &mut cast.colleague, &mut cast.office] {
        hand.cursor = Vec::new();
        assert!(links(&zone.pull(hand, MORNING).await) > 0, "{:?}", hand.person.role);
    }
    assert_eq!(links(&zone.pull(&mut cast.enterprise, MORNING).await), 0);
}

#[tokio::test]
async fn the_passing_of_time_makes_the_clerk_look_again() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let notice = notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0];
    let served = cast.one.state(serve(notice), MORNING);
    accepted(&zone.push(&mut cast.one, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    let next = |zone: &Zone| {
        let shared = std::sync::Arc::clone(&zone.shared);
        async move {
            let mut db = shared.pool.acquire().await.unwrap();
            streams::next_look(&mut db).await.unwrap()
        }
    };
    // Fifteen days, and late from the first instant of the sixteenth.
    let late: Timestamp = MORNING.date().plus_days(16).start();
    assert_eq!(next(&zone).await, Some(late));
    let mut db = zone.shared.pool.acquire().await.unwrap();
    assert!(streams::pending(&mut db, MORNING, 10).await.unwrap().is_empty());
    assert!(!streams::pending(&mut db, late, 10).await.unwrap().is_empty());
    drop(db);
    zone.clerk(late).await;
    assert_eq!(next(&zone).await, None, "nothing more changes by time alone");
}
