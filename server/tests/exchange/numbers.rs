//! Numbers of notices: given once, also to a phone without signal, against a client that means harm, and after a restore.

use std::collections::BTreeSet;

use server::store::sequencer;
use server::usecase::reports;
use sync_core::act::notice::items_of;
use sync_core::act::numbers::{NumbersLeased, NumbersRequested, NumbersVoided};
use sync_core::act::visit::IssuedOnSite;
use sync_core::act::{Fact, Statement};
use sync_core::case::fold::fold;
use sync_core::domain::catalogue::Colleague;
use sync_core::domain::notice::{DocumentNumber, Notice};
use sync_core::domain::numbers::Series;
use sync_core::id::{Digest, FactId, NoticeId};
use sync_core::refusal::{Code, Disposition};
use sync_core::time::Timestamp;
use sync_core::wire::exchange::Outcome;
use sync_core::wire::report::{Cell, Sheet};

use super::reports::asking;
use super::world::{Hand, MORNING, Zone, facts_of, id, inspection};
use super::{Cast, accepted, code};

fn series() -> Series {
    Series { area: "枣高".into(), series: "应急责改".into(), year: 2026 }
}

/// Asks for numbers and gives the fact of the block that came.
async fn lease(zone: &Zone, hand: &mut Hand, now: Timestamp) -> (FactId, NumbersLeased) {
    let department = "yingji".parse().unwrap();
    let asked = Statement::NumbersRequested(NumbersRequested { series: series(), department });
    let asked = hand.state(asked, now);
    accepted(&zone.push(hand, std::slice::from_ref(&asked), now).await);
    zone.clerk(now).await;
    let came = facts_of(&zone.pull(hand, now).await);
    let lease = came.iter().find_map(|fact| match &fact.statement {
        Statement::NumbersLeased(it) if it.request == asked.id => Some((fact.id, it.clone())),
        _ => None,
    });
    lease.expect("a block")
}

/// The notice of a signed visit as an officer issues it, with a number and a lease.
fn issued(cast: &Cast, facts: &[Fact], number: u32, lease: FactId) -> IssuedOnSite {
    let admitted: Vec<_> = facts
        .iter()
        .map(|fact| sync_core::act::Admitted { fact: fact.clone(), receipt: None })
        .collect();
    let case = fold(&admitted);
    let seal = case.seal().expect("a seal");
    let colleagues: Vec<Colleague> =
        cast.all().iter().filter_map(|it| Colleague::of(&it.person)).collect();
    let named = (NoticeId::from_entropy(id(9, number)), series().number(number), MORNING.date());
    let items = items_of(&case, &seal.body.hazards);
    let plan = case.plan().expect("a plan");
    IssuedOnSite {
        inspection: seal.body.inspection,
        notice: Notice::of_visit(&case, plan.body, &colleagues, items, named),
        lease,
        paper: Digest::of(b"a paper"),
    }
}

/// What was taken over of a visit, as an officer reads it.
async fn read(zone: &Zone, hand: &mut Hand) -> Vec<Fact> {
    hand.cursor.clear();
    facts_of(&zone.pull(hand, MORNING).await)
}

fn of_visit(facts: &[Fact], visit: u32) -> Vec<Fact> {
    let stream = sync_core::ledger::stream::StreamId::inspection(inspection(visit));
    facts.iter().filter(|fact| fact.body.stream == stream).cloned().collect()
}

fn numbers(facts: &[Fact]) -> Vec<DocumentNumber> {
    let number = |fact: &Fact| match &fact.statement {
        Statement::NoticeIssued(it) => Some(it.number.clone()),
        _ => None,
    };
    facts.iter().filter_map(number).collect()
}

fn quarantined(outcome: &Outcome, wanted: Code) {
    assert_eq!(code(outcome), wanted, "{outcome:?}");
    assert!(matches!(outcome, Outcome::Quarantined(_)), "{outcome:?}");
    assert_eq!(wanted.disposition(), Disposition::Quarantine);
}

#[tokio::test]
async fn a_number_that_was_not_leased_or_is_taken_waits_for_a_supervisor() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let (lease_of_one, block) = lease(&zone, &mut cast.one, MORNING).await;
    assert_eq!((block.block.first, block.block.last, block.device), (1, 10, cast.one.device));
    let (lease_of_two, other) = lease(&zone, &mut cast.two, MORNING).await;
    assert_eq!((other.block.first, other.block.last), (11, 20));
    cast.visit(&zone, 1, 1).await;
    cast.visit(&zone, 2, 1).await;
    let facts = read(&zone, &mut cast.one).await;
    let (first, second) = (of_visit(&facts, 1), of_visit(&facts, 2));

    // A number of a colleague's, one of nobody's, and the own one under another lease.
    for (number, lease) in [(11, lease_of_two), (21, lease_of_one), (1, lease_of_two)] {
        let forged = Statement::IssuedOnSite(issued(&cast, &first, number, lease));
        let forged = cast.one.state(forged, MORNING);
        let outcome = zone.push(&mut cast.one, &[forged], MORNING).await;
        quarantined(&outcome[0], Code::NumberNotLeased);
    }
    // Other hazards than those that were signed, other officers, another day.
    let good = issued(&cast, &first, 1, lease_of_one);
    let mut changed = vec![good.clone(); 4];
    changed[0].notice.items[0].description.push('！');
    changed[1].notice.officers.remove(0);
    changed[2].notice.issued_on = MORNING.date().plus_days(1);
    changed[3].notice.enterprise = sync_core::id::EnterpriseId::from_entropy(id(3, 9));
    for (n, it) in changed.into_iter().enumerate() {
        let forged = cast.one.state(Statement::IssuedOnSite(it), MORNING);
        let outcome = zone.push(&mut cast.one, &[forged], MORNING).await;
        if n < 3 {
            quarantined(&outcome[0], Code::PaperDiffers);
        } else {
            assert_eq!(code(&outcome[0]), Code::FieldMalformed);
        }
    }
    let own = cast.one.state(Statement::IssuedOnSite(good.clone()), MORNING);
    accepted(&zone.push(&mut cast.one, std::slice::from_ref(&own), MORNING).await);
    accepted(&zone.push(&mut cast.one, &[own], MORNING).await);
    // The same number once more, for another visit; and a stream that is begun already.
    let mut again = issued(&cast, &second, 1, lease_of_one);
    again.notice.id = NoticeId::from_entropy(id(9, 77));
    let again = cast.one.state(Statement::IssuedOnSite(again), MORNING);
    quarantined(&zone.push(&mut cast.one, &[again], MORNING).await[0], Code::NumberTaken);
    let mut taken = issued(&cast, &second, 2, lease_of_one);
    taken.notice.id = good.notice.id;
    let taken = cast.one.state(Statement::IssuedOnSite(taken), MORNING);
    let outcome = zone.push(&mut cast.one, &[taken], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::AlreadyExists);
    // Two of one push that carry the same number: the first one stands.
    let twice: Vec<Fact> = [60, 61]
        .map(|n| {
            let mut it = issued(&cast, &second, 3, lease_of_one);
            it.notice.id = NoticeId::from_entropy(id(9, n));
            cast.one.state(Statement::IssuedOnSite(it), MORNING)
        })
        .into();
    let outcomes = zone.push(&mut cast.one, &twice, MORNING).await;
    assert_eq!(outcomes[0], Outcome::Accepted);
    quarantined(&outcomes[1], Code::NumberTaken);
    // The server repeats what stands, once, and gives nobody else these numbers.
    zone.clerk(MORNING).await;
    let read = read(&zone, &mut cast.two).await;
    let given: Vec<u32> = numbers(&read).iter().map(|it| it.serial).collect();
    assert_eq!(given.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from([1, 3]));
    assert_eq!(given.len(), 2, "{given:?}");
}

#[tokio::test]
async fn after_a_restore_no_number_is_given_again() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let before: Vec<u32> =
        numbers(&read(&zone, &mut cast.one).await).iter().map(|it| it.serial).collect();
    assert_eq!(before, [1]);
    // What was given after the backup is not known any more: papers and blocks behind the last known number.
    let mut db = zone.shared.pool.acquire().await.unwrap();
    sequencer::begin_epoch(&mut db, [8; 16]).await.unwrap();
    drop(db);
    cast.visit(&zone, 2, 1).await;
    zone.clerk(MORNING).await;
    let after = numbers(&read(&zone, &mut cast.one).await);
    let last = after.iter().map(|it| it.serial).max().unwrap();
    assert_eq!(last, 1 + server::store::numbers::LEAP + 1);
    let (_, block) = lease(&zone, &mut cast.one, MORNING).await;
    assert_eq!(block.block.first, last + 1);
}

/// First and last number of each row of a ledger with what became of them.
fn fates(sheet: &Sheet) -> Vec<(u64, u64, String)> {
    let number = |cell: &Cell| match cell {
        Cell::Count(number) => *number,
        other => panic!("{other:?}"),
    };
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        _ => String::new(),
    };
    let row = |row: &Vec<Cell>| {
        let words: Vec<String> = row[4..].iter().map(text).filter(|it| !it.is_empty()).collect();
        (number(&row[1]), number(&row[2]), words.join(" "))
    };
    sheet.rows.iter().map(row).collect()
}

#[tokio::test]
async fn every_number_of_a_year_has_a_row_that_says_what_became_of_it() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    let (lease_of_one, _) = lease(&zone, &mut cast.one, MORNING).await;
    cast.visit(&zone, 2, 1).await;
    let facts = of_visit(&read(&zone, &mut cast.one).await, 2);
    let on_site = Statement::IssuedOnSite(issued(&cast, &facts, 2, lease_of_one));
    let on_site = cast.one.state(on_site, MORNING);
    accepted(&zone.push(&mut cast.one, &[on_site], MORNING).await);
    zone.clerk(MORNING).await;
    let (lease_of_two, _) = lease(&zone, &mut cast.two, MORNING).await;
    let reason = "手机遗失".to_owned();
    let void = NumbersVoided { series: series(), lease: lease_of_two, reason };
    let void = cast.supervisor.state(Statement::NumbersVoided(void), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[void], MORNING).await);
    let mut db = zone.shared.pool.acquire().await.unwrap();
    sequencer::begin_epoch(&mut db, [8; 16]).await.unwrap();
    drop(db);
    cast.visit(&zone, 3, 1).await;
    zone.clerk(MORNING).await;

    let ask = async |by: &Hand, question: &[(&str, &str)]| {
        let query = asking(question);
        reports::give(&zone.shared, &by.person, "number_ledger", &query, MORNING).await
    };
    let paper = "已出具 2026-11-23 山东测试机械有限公司 尚未送达".to_owned();
    let expected = [
        (1, 1, paper.clone()),
        (2, 2, paper.clone()),
        (3, 11, "已配发，未使用 2026-11-23 人员2 可用至 2027-01-31".to_owned()),
        (12, 21, "作废 2026-11-23 人员3 手机遗失".to_owned()),
        (
            22,
            1021,
            "恢复备份后留空 第 1 次恢复备份，该段在备份之后可能已经用过，不再使用".to_owned(),
        ),
        (1022, 1022, paper),
    ];
    for (by, question) in [
        (&cast.office, &[][..]),
        (&cast.office, &[("year", "2026"), ("department", "yingji")]),
        (&cast.supervisor, &[("year", "2026")]),
    ] {
        let sheet = ask(by, question).await.unwrap();
        assert_eq!(fates(&sheet), expected, "{question:?}");
        assert_eq!(sheet.rows[0][0], Cell::from("（枣高）应急责改〔2026〕"));
        assert_eq!(sheet.period, "2026年");
    }
    assert_eq!(ask(&cast.office, &[("year", "2025")]).await.unwrap().rows.len(), 0);
    let refused = async |by: &Hand, question: &[(&str, &str)]| {
        ask(by, question).await.map(drop).unwrap_err().code
    };
    assert_eq!(refused(&cast.office, &[("year", "今年")]).await, Code::FieldMalformed);
    assert_eq!(refused(&cast.enterprise, &[]).await, Code::RoleNotAllowed);
    let elsewhere = refused(&cast.supervisor, &[("department", "xiaofang")]).await;
    assert_eq!(elsewhere, Code::RoleNotAllowed);
}
