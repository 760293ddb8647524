//! A listing and the plan of the enterprise.

use sync_core::act::Statement;
use sync_core::act::notice::RectificationPlan;
use sync_core::domain::papers::PaperKind;
use sync_core::testing::cast::Who;
use sync_core::testing::papers::{list, listed_case, unlisted_case};
use sync_core::testing::stages::plan_submitted;
use sync_core::testing::world::World;

use super::{field, last};
use crate::reference;

#[test]
fn a_listing_says_the_plan_of_the_enterprise_or_that_there_is_none() {
    let catalogue = reference();
    let listed = |world: &World| last(world, PaperKind::ListedSupervision, &catalogue);
    let mut world = listed_case();
    let without = listed(&world);
    let (who, how) = ("整改责任单位、责任人", "整改措施、资金、时限、预案");
    assert_eq!(field(&without, how), Some("整改方案尚未提交"));
    let unit = "枣庄示例新能源科技有限公司";
    assert_eq!(field(&without, who), Some(&*format!("{unit}　责任人：整改方案尚未提交")));
    let goal = field(&without, "整改目标").unwrap();
    assert!(
        goal.starts_with("消除该隐患，达到《中华人民共和国安全生产法》（2021修正）第三十六条"),
        "{goal}"
    );
    world.state(Who::Safety, plan_submitted()).unwrap();
    assert_eq!(listed(&world), without, "what comes later changes no paper");

    let mut world = unlisted_case();
    let Statement::PlanSubmitted(first) = plan_submitted() else { unreachable!() };
    let funds = "5 万元，自筹".to_owned();
    let second = RectificationPlan { funds, ..first.clone() };
    for plan in [first, second] {
        world.state(Who::Safety, Statement::PlanSubmitted(plan)).unwrap();
    }
    list(&mut world);
    let with = listed(&world);
    assert_eq!(field(&with, who), Some(&*format!("{unit}　责任人：张某，安全科长")));
    for (label, value) in [
        ("整改措施", "清空通道，另设货架"),
        ("整改资金", "5 万元，自筹"),
        ("整改时限", "2026年11月15日前（含当日）"),
        ("应急预案", "期间停止该仓库作业，专人看守"),
    ] {
        assert_eq!(field(&with, label), Some(value), "the last plan counts");
    }
}
