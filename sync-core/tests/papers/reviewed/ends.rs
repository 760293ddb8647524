//! What ends an order on the spot, and what follows a recheck that failed.

use sync_core::act::paper;
use sync_core::act::visit::Cosign;
use sync_core::case::fold::fold_until;
use sync_core::domain::papers::PaperKind;
use sync_core::testing::cast::Who;
use sync_core::testing::papers::further_case;
use sync_core::testing::stages::{Stage, world_at};
use sync_core::testing::statements::resumption_decision;
use sync_core::testing::world::World;

use super::{field, last, names, signers, text};
use crate::reference;

fn owes(world: &World, kind: PaperKind) -> bool {
    paper::owed(&world.case, world.now).into_values().flatten().any(|name| name.0 == kind)
}

#[test]
fn consent_to_go_on_and_its_refusal_are_handed_over_on_paper() {
    let catalogue = reference();
    let resumed = world_at(Stage::Resumed);
    let consent = last(&resumed, PaperKind::ResumptionOpinion, &catalogue);
    assert_eq!(
        field(&consent, "原决定的现场处理措施"),
        Some("责令立即排除、责令停止使用（二号仓库）")
    );
    assert!(text(&consent).contains("同意恢复") && !text(&consent).contains("不同意恢复"));
    assert_eq!(names(signers(&consent, "审批人").unwrap()), ["测试supervisor"]);
    assert!(owes(&resumed, PaperKind::ResumptionOpinion));

    let mut asked = world_at(Stage::Resuming);
    let refused = resumption_decision(&asked, false);
    asked.state(Who::Supervisor, refused).expect("a refusal");
    let refusal = last(&asked, PaperKind::ResumptionOpinion, &catalogue);
    assert!(text(&refusal).contains("不同意恢复") && text(&refusal).contains("行政复议"));
}

#[test]
fn another_term_of_a_supervisor_is_a_paper_with_its_date_and_reason() {
    let catalogue = reference();
    let world = further_case();
    let further = last(&world, PaperKind::FurtherTerm, &catalogue);
    assert!(text(&further).contains("设备已到货，正在安装"));
    let term = field(&further, "整改期限").unwrap();
    assert!(term.starts_with("5 日内整改，至") && term.ends_with("前（含当日）"), "{term}");
    assert!(text(&further).contains("再次责令之日为"), "{}", text(&further));
    assert!(owes(&world, PaperKind::FurtherTerm));
}

#[test]
fn an_order_of_one_officer_is_no_issued_paper_before_another_one_signs_the_record_that_holds_it() {
    let world = world_at(Stage::Stopped);
    let mut seen = [false; 2];
    for at in world.facts.iter().filter_map(|it| Some(it.receipt?.at)) {
        let case = fold_until(&world.facts, at);
        let signed = case.every::<Cosign>().next().is_some();
        let owed = paper::owed(&case, at).into_values().flatten();
        let decision = owed.filter(|name| name.0 == PaperKind::MeasureDecision).count();
        assert_eq!(decision > 0, signed, "at {at}");
        seen[usize::from(signed)] |= case.seal().is_some();
    }
    assert_eq!(seen, [true, true], "the record was sealed, then signed");
}
