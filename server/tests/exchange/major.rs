//! A major grade: who may decide on it, and what lists, reports and cases show of it afterwards.

use server::projection;
use server::usecase::{list_hazards, show_case, weekly_report};
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::notice::MajorDecision;
use sync_core::domain::hazard::Grade;
use sync_core::id::NoticeId;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::wire::api_office::{HazardQuery, WeeklyQuery};

use super::world::{Hand, MORNING, Zone, arrival, cosign, hazard, party, plan, seal};
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

#[tokio::test]
async fn a_major_grade_that_is_not_upheld_counts_as_general_everywhere() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let planned = cast.supervisor.state(plan(1, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], MORNING).await);
    let arrived = cast.one.state(arrival(1), MORNING);
    let statement = major_seal(&cast.one);
    let sealed = cast.one.state(statement, MORNING);
    let signed = cast.one.state(party(1, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.one, &[arrived, sealed.clone(), signed], MORNING).await);
    let cosigned = cast.two.state(cosign(1, sealed.id), MORNING);
    accepted(&zone.push(&mut cast.two, &[cosigned], MORNING).await);
    zone.clerk(MORNING).await;
    // The notice is there before anyone decided.
    let notice = notices(&zone.pull(&mut cast.enterprise, MORNING).await)[0];

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
    let week = WeeklyQuery { day: Some(MORNING.date()) };
    let later = MORNING.plus_millis(7 * 24 * 3600 * 1000);
    let report = weekly_report::weekly(&zone.shared, office, &week, later).await.unwrap();
    assert!(report.contains("\"found\":2,\"major\":1"), "{report}");
    for reader in [&cast.enterprise, &cast.office] {
        let stream = StreamId::notice(notice);
        let shown = show_case::show(&zone.shared, &reader.person, stream, MORNING).await.unwrap();
        let titles = shown.entries.iter().filter(|it| it.title == "重大隐患认定").count();
        let grades: Vec<_> = shown.hazards.iter().map(|it| it.status.grade).collect();
        assert_eq!((titles, grades), (2, vec![Some(Grade::Major), Some(Grade::General)]));
    }
}
