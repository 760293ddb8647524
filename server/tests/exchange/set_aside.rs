//! Files that were set aside: who has to see to them is told which, why and since when, and nobody hears of a check that is
//! not for them.

use server::store::streams::StreamKey;
use server::usecase::list_set_aside;
use sync_core::domain::account::Role;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::SetAsideRow;

use super::world::{Hand, MORNING, Zone, enterprise, inspection, plan};
use super::{Cast, accepted};
use crate::database::tamper;

/// A visit that is only planned, and one whose record is sealed and signed.
const PLANNED: u32 = 1;
const SEALED: u32 = 2;

async fn shown(zone: &Zone, reader: &Hand) -> Vec<SetAsideRow> {
    let page = list_set_aside::list(&zone.shared, &reader.person).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows
}

fn streams(rows: &[SetAsideRow]) -> Vec<StreamId> {
    rows.iter().map(|row| row.stream).collect()
}

fn key(number: u32) -> Vec<u8> {
    StreamKey::inspection(inspection(number)).as_bytes().to_vec()
}

#[tokio::test]
async fn who_has_to_see_to_a_file_is_told_which_and_why_and_a_planned_check_stays_secret() {
    let mut cast = Cast::new();
    let mut stranger = Hand::new(11, Role::Supervisor);
    stranger.person.department = Some("xiaofang".parse().unwrap());
    let mut administrator = Hand::new(12, Role::Administrator);
    administrator.person.department = None;
    let people = [&cast.all()[..], &[&stranger, &administrator]].concat();
    let zone = Zone::new(&people).await;
    let planned = cast.supervisor.state(plan(PLANNED, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    cast.visit(&zone, SEALED, 1).await;
    let whole = "UPDATE facts SET seal = NULL WHERE stream = $1 AND place = 1";
    for number in [PLANNED, SEALED] {
        assert_eq!(tamper(&zone.shared.pool, whole, &[key(number)]).await, 1);
    }
    zone.clerk(MORNING).await;

    // The department that planned both: which, where, why, since when, and what to do.
    let both = [PLANNED, SEALED].map(|number| StreamId::inspection(inspection(number)));
    let own = shown(&zone, &cast.supervisor).await;
    assert_eq!(streams(&own), both);
    for row in &own {
        assert_eq!((row.code, row.since), (Code::RecordDamaged, MORNING));
        assert_eq!(row.sentence, Code::RecordDamaged.sentence());
        assert!(row.action.contains("管理员"));
        assert_eq!(row.enterprise, Some(enterprise()));
        assert_eq!(row.enterprise_name.as_deref(), Some("山东测试机械有限公司"));
    }
    // The office knows of what was sealed, another department of nothing, whoever mends it of no name.
    assert_eq!(streams(&shown(&zone, &cast.office).await), [both[1]]);
    assert_eq!(streams(&shown(&zone, &stranger).await), []);
    let to_mend = shown(&zone, &administrator).await;
    assert_eq!(streams(&to_mend), both);
    assert!(to_mend.iter().all(|row| row.enterprise.is_none() && row.enterprise_name.is_none()));
}

#[tokio::test]
async fn a_file_of_which_nobody_can_say_whose_it_is_shows_to_every_supervisor_without_a_name() {
    let mut cast = Cast::new();
    let mut stranger = Hand::new(11, Role::Supervisor);
    stranger.person.department = Some("xiaofang".parse().unwrap());
    let zone = Zone::new(&[&cast.all()[..], &[&stranger]].concat()).await;
    cast.visit(&zone, SEALED, 1).await;
    let pool = &zone.shared.pool;
    let torn = "UPDATE facts SET seal = NULL WHERE stream = $1 AND place = 1";
    tamper(pool, torn, &[key(SEALED)]).await;
    zone.clerk(MORNING).await;
    tamper(pool, "UPDATE streams SET audiences = '' WHERE stream = $1", &[key(SEALED)]).await;
    for reader in [&cast.supervisor, &stranger] {
        let rows = shown(&zone, reader).await;
        assert_eq!(streams(&rows), [StreamId::inspection(inspection(SEALED))]);
        assert_eq!((rows[0].enterprise, rows[0].enterprise_name.as_deref()), (None, None));
    }
    assert_eq!(streams(&shown(&zone, &cast.office).await), []);
}

#[tokio::test]
async fn a_file_leaves_the_list_once_everything_in_it_is_stated() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, SEALED, 1).await;
    let pool = &zone.shared.pool;
    let away = "UPDATE facts SET place = -place WHERE stream = $1 AND place = 2";
    tamper(pool, away, &[key(SEALED)]).await;
    zone.clerk(MORNING).await;
    assert_eq!(shown(&zone, &cast.supervisor).await.len(), 1);
    let back = "UPDATE facts SET place = -place WHERE stream = $1 AND place < 0";
    tamper(pool, back, &[key(SEALED)]).await;
    let later = MORNING.plus_millis(11 * 60 * 1000);
    assert_eq!(zone.clerk(later).await, 1, "the notice");
    assert_eq!(shown(&zone, &cast.supervisor).await, []);
}
