//! A notice from the spot is in the hands of the enterprise when the server hears of it: it is taken over whatever the
//! issuer could not know, and otherwise kept for a supervisor, never turned away.

use sync_core::act::Statement;
use sync_core::act::visit::{Arrival, IssuedOnSite};
use sync_core::refusal::{Code, Disposition};
use sync_core::testing::builders::INSPECTION;
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{Stage, world_at};
use sync_core::testing::statements::{issued_on_site, measure_ordered};
use sync_core::testing::world::World;

/// A sealed and signed record without a notice, and the notice as the lead issues it.
fn signed() -> (World, IssuedOnSite) {
    let world = world_at(Stage::Complete);
    let Statement::IssuedOnSite(notice) = issued_on_site(&world) else { panic!("a notice") };
    (world, notice)
}

fn asked(world: &World, notice: &IssuedOnSite) -> Result<(), Code> {
    world.check(Who::Lead, &Statement::IssuedOnSite(notice.clone())).map_err(|it| it.code)
}

fn waits(world: &World, notice: &IssuedOnSite) {
    assert_eq!(asked(world, notice), Err(Code::PaperDiffers));
    assert_eq!(Code::PaperDiffers.disposition(), Disposition::Quarantine);
}

#[test]
fn an_officer_of_whose_arrival_the_issuer_did_not_know_may_be_missing_on_it() {
    let (mut world, notice) = signed();
    let named = notice.notice.officers.len();
    let third = world.zone.colleagues.iter_mut().find(|it| it.id == Who::WitnessSupervisor.id());
    third.expect("a colleague").certificate = Some("鲁D900001".to_owned());
    let arrival =
        Arrival { inspection: INSPECTION, certificate_shown: true, plate: None, fix: None };
    world.insist(Who::WitnessSupervisor, Statement::Arrived(arrival)).expect("an arrival");
    let Statement::IssuedOnSite(now) = issued_on_site(&world) else { panic!("a notice") };
    assert!(now.notice.officers.len() > named, "the server knows of one more");
    assert_eq!(asked(&world, &notice), Ok(()));
    assert_eq!(asked(&world, &now), Ok(()));
}

#[test]
fn an_order_that_a_colleague_gave_meanwhile_may_be_missing_on_it() {
    let (mut world, notice) = signed();
    world.insist(Who::Second, measure_ordered()).expect("an order");
    let Statement::IssuedOnSite(with_order) = issued_on_site(&world) else { panic!("a notice") };
    assert!(with_order.notice.items.iter().any(|it| it.site_order.is_some()));
    assert_eq!(asked(&world, &notice), Ok(()));
    assert_eq!(asked(&world, &with_order), Ok(()));
    // Of one that it does not know of, the server keeps the paper for a supervisor.
    let (before, _) = signed();
    waits(&before, &with_order);
}

#[test]
fn a_paper_that_says_something_else_waits_for_a_supervisor() {
    let (world, good) = signed();
    let mut changed = vec![good.clone(); 4];
    changed[0].notice.items[0].description.push('！');
    changed[1].notice.officers[0].id = Who::Colleague.id();
    changed[2].notice.officers.retain(|it| it.id != Who::Lead.id());
    changed[3].notice.issued_on = good.notice.issued_on.plus_days(1);
    for notice in &changed {
        waits(&world, notice);
    }
}

#[test]
fn a_number_of_another_year_and_another_enterprise_are_no_form_of_this_notice() {
    let (world, good) = signed();
    let mut year = good.clone();
    year.notice.number.year += 1;
    let mut place = good;
    place.notice.enterprise = sync_core::testing::cast::OTHER_ENTERPRISE;
    for notice in [year, place] {
        assert_eq!(asked(&world, &notice), Err(Code::FieldMalformed));
    }
}
