//! A major grade: who may decide on it, and what lists, reports and cases show of it afterwards.

use server::projection;
use server::usecase::{list_hazards, reports, show_case};
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::notice::{DismissalProposed, Dismissed, MajorDecision};
use sync_core::domain::account::Role;
use sync_core::domain::hazard::Grade;
use sync_core::id::NoticeId;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::HazardQuery;

use super::reports::{asking, figures};
use super::world::{Hand, MORNING, Zone, arrival, cosign, hazard, inspection, party, plan, seal};
use super::{Cast, accepted, code, notices};

fn major_seal(by: &Hand) -> Statement {
    match seal(1, 2, by.person.id, MORNING) {
        Statement::Sealed(mut record) => {
            for hazard in &mut record.hazards {
                hazard.grade = Grade::Major;
                hazard.criterion = Some(hazard.basis.clone());
            }
            Statement::Sealed(record)
        }
        other => other,
    }
}

fn decision(hand: &mut Hand, notice: NoticeId, index: u32, upheld: bool) -> Fact {
    let hazard = hazard(1, index, hand.person.id).id;
    let reason = "经现场核实".to_owned();
    hand.state(Statement::MajorDecided(MajorDecision { notice, hazard, upheld, reason }), MORNING)
}

/// A visit of two that ends with a notice for two major hazards.
async fn visited(cast: &mut Cast, zone: &Zone, third: &[&Hand]) -> NoticeId {
    let team: Vec<&Hand> = [&[&cast.one, &cast.two], third].concat();
    let planned = cast.supervisor.state(plan(1, &team), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let arrived = cast.one.state(arrival(1), MORNING);
    let statement = major_seal(&cast.one);
    let sealed = cast.one.state(statement, MORNING);
    let signed = cast.one.state(party(1, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.one, &[arrived, sealed.clone(), signed], MORNING).await);
    let there = cast.two.state(arrival(1), MORNING);
    let cosigned = cast.two.state(cosign(1, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.two, &[there, cosigned], MORNING).await);
    zone.clerk(MORNING).await;
    notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0]
}

fn proposal(hand: &mut Hand, notice: NoticeId, index: u32) -> Fact {
    let hazard = hazard(1, index, hand.person.id).id;
    let reason = "与另一处重复".to_owned();
    let proposed = DismissalProposed { notice, hazard, reason, inspection: Some(inspection(1)) };
    hand.state(Statement::DismissalProposed(proposed), MORNING)
}

fn dismissal(hand: &mut Hand, notice: NoticeId, index: u32) -> Fact {
    let hazard = hazard(1, index, hand.person.id).id;
    let reason = "核实无误".to_owned();
    hand.state(Statement::Dismissed(Dismissed { notice, hazard, reason }), MORNING)
}

#[tokio::test]
async fn a_dismissal_asks_for_the_same_eyes_as_a_closure_and_waits_for_the_grade() {
    let mut cast = Cast::new();
    // A supervisor who is on the team of the visit: another one decides.
    let mut visitor = Hand::new(7, Role::Supervisor);
    let zone = Zone::new(&[&cast.all()[..], &[&visitor]].concat()).await;
    let notice = visited(&mut cast, &zone, &[&visitor]).await;
    let proposed = [0, 1].map(|index| proposal(&mut cast.one, notice, index));
    accepted(&zone.push(&mut cast.one, &proposed, MORNING).await);

    let own = dismissal(&mut visitor, notice, 1);
    let outcome = zone.push(&mut visitor, &[own], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::SamePerson);
    let early = dismissal(&mut cast.supervisor, notice, 1);
    let outcome = zone.push(&mut cast.supervisor, &[early], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::MajorUndecided);
    let lowered = decision(&mut cast.supervisor, notice, 1, false);
    let dismissed = dismissal(&mut cast.supervisor, notice, 1);
    accepted(&zone.push(&mut cast.supervisor, &[lowered, dismissed], MORNING).await);
}

#[tokio::test]
async fn a_major_grade_that_is_not_upheld_counts_as_general_everywhere() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    // The notice is there before anyone decided.
    let notice = visited(&mut cast, &zone, &[]).await;

    let by_officer = decision(&mut cast.colleague, notice, 0, true);
    let outcome = zone.push(&mut cast.colleague, &[by_officer], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::RoleNotAllowed);
    let upheld = decision(&mut cast.supervisor, notice, 0, true);
    let lowered = decision(&mut cast.supervisor, notice, 1, false);
    accepted(&zone.push(&mut cast.supervisor, &[upheld, lowered], MORNING).await);
    let again = decision(&mut cast.supervisor, notice, 1, true);
    let outcome = zone.push(&mut cast.supervisor, &[again], MORNING).await;
    assert_eq!(code(&outcome[0]), Code::AlreadyDecided);
    zone.clerk(MORNING).await;

    let office = &cast.office.person;
    for rebuilt in [false, true] {
        for (grade, index) in [(Grade::Major, 0), (Grade::General, 1)] {
            let query = HazardQuery { grade: Some(grade), ..HazardQuery::default() };
            let page = list_hazards::list(&zone.shared, office, &query, MORNING).await.unwrap();
            let expected = hazard(1, index, cast.one.person.id).id;
            let listed: Vec<_> = page.rows.iter().map(|row| (row.hazard, row.grade)).collect();
            assert_eq!(listed, [(expected, grade)], "rebuilt: {rebuilt}");
        }
        projection::rebuild(&zone.shared, MORNING).await.unwrap();
    }
    let week = asking(&[("day", &MORNING.date().to_string())]);
    let later = MORNING.plus_millis(7 * 24 * 3600 * 1000);
    let report = reports::give(&zone.shared, office, "weekly", &week, later).await.unwrap();
    assert_eq!(figures(&report), "found 2, major 1, open 2");
    for reader in [&cast.enterprise, &cast.office] {
        let stream = StreamId::notice(notice);
        let shown = show_case::show(&zone.shared, &reader.person, stream, MORNING).await.unwrap();
        let titles = shown.entries.iter().filter(|it| it.title == "重大隐患认定").count();
        let grades: Vec<_> = shown.hazards.iter().map(|it| it.status.grade).collect();
        assert_eq!((titles, grades), (2, vec![Some(Grade::Major), Some(Grade::General)]));
    }
}
