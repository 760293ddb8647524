//! What a case knows is printed and not left to a hand.

use sync_core::act::Statement;
use sync_core::act::notice::DeadlineAssigned;
use sync_core::act::visit::PartySign;
use sync_core::domain::inspection::{Plan, SignOutcome, VisitKind};
use sync_core::domain::papers::PaperKind;
use sync_core::testing::builders::{INSPECTION, NOTICE, blob, hazard, hazard_id, plan, record};
use sync_core::testing::cast::Who;
use sync_core::testing::papers::full_case;
use sync_core::testing::stages::{Stage, countersigned, recheck, seal_of, world_at};
use sync_core::testing::world::World;

use super::{field, last, rows, text};
use crate::{labels, reference};

#[test]
fn a_recheck_opinion_names_the_notice_and_says_the_new_date_and_why() {
    let catalogue = reference();
    let world = full_case();
    let opinion = last(&world, PaperKind::RecheckOpinion, &catalogue);
    let original = "2026年11月2日　《责令限期整改指令书》　（枣高）应急责改〔2026〕7号";
    assert_eq!(field(&opinion, "原决定日期、名称、文号"), Some(original));
    let hazard = world.case.hazard(hazard_id(1)).unwrap();
    let deadline = &hazard.last::<DeadlineAssigned>().unwrap().body.deadline;
    let until = deadline.date.in_words();
    let said = format!("不合格，再限 7 日内整改，至{until}前（含当日）");
    let rows = rows(&opinion, "复查意见").unwrap();
    assert!(rows[0].contains(&said), "{rows:?}");
    assert!(labels(&opinion).contains(&"期限的计算"));
    let why = format!("复查之日为{}，当日不计入", deadline.start.in_words());
    assert!(text(&opinion).contains(&why), "{}", text(&opinion));
}

#[test]
fn an_extension_says_every_date_that_is_known() {
    let catalogue = reference();
    let paper = |world: &World| last(world, PaperKind::Extension, &catalogue);
    let granted = paper(&world_at(Stage::Extended));
    for (label, value) in [
        (
            "原文号、项号",
            "（枣高）应急责改〔2026〕7号　第 1 项　疏散通道被货物占用，第1处　二号仓库东侧",
        ),
        ("原期限", "2026年11月17日"),
        ("申请延至", "2026年11月27日（延长 10 日）"),
        ("同意延至", "2026年11月27日"),
    ] {
        assert_eq!(field(&granted, label), Some(value));
    }
    let mut world = world_at(Stage::NotExtended);
    let refused = paper(&world);
    assert_eq!(field(&refused, "原期限"), Some("2026年11月17日"));
    let result = "不同意延期，整改期限仍为2026年11月17日前（含当日）";
    assert_eq!(field(&refused, "审批结果"), Some(result));
    world.pass_days(40);
    let seen = world.state(Who::Colleague, recheck(false, &["seen-1"])).unwrap();
    world.state(Who::Second, countersigned(Some(hazard_id(1)), seen)).unwrap();
    assert_eq!(world.clerk().len(), 1, "another deadline");
    assert_eq!(paper(&world), refused, "what comes later changes no paper");
}

#[test]
fn a_record_says_where_was_inspected_and_whose_post_is_known() {
    let catalogue = reference();
    let recorded = |place: &str, signed: Option<(&str, &str)>| {
        let mut world = world_at(Stage::Arrived);
        let mut found = hazard(1, &["found-1"]);
        found.place = place.to_owned();
        world.state(Who::Lead, Statement::Sealed(record(vec![found]))).unwrap();
        if let Some((name, post)) = signed {
            let (name, post) = (name.to_owned(), post.to_owned());
            let outcome = SignOutcome::Signed { name, post, drawing: blob("signed") };
            let seal = seal_of(&world);
            let sign = PartySign { inspection: INSPECTION, seal, outcome };
            world.insist(Who::Lead, Statement::PartySigned(sign)).unwrap();
        }
        last(&world, PaperKind::InspectionRecord, &catalogue)
    };
    let named = recorded("二号仓库东侧", None);
    assert_eq!(field(&named, "检查场所"), Some("二号仓库东侧"));
    assert_eq!(field(&named, "职务"), None, "nobody knows it");
    let unnamed = recorded("", Some(("王某某", "总经理")));
    let place = "枣庄示例新能源科技有限公司（山东省枣庄高新区复元三路 18 号）";
    assert_eq!(field(&unnamed, "检查场所"), Some(place));
    assert_eq!(field(&unnamed, "职务"), Some("总经理"), "the principal signed");
    let other = recorded("", Some(("张某", "安全科长")));
    assert_eq!(field(&other, "职务"), None, "somebody else signed");
}

#[test]
fn a_plan_says_what_it_comes_from_where_the_case_knows_it() {
    let catalogue = reference();
    let planned = last(&world_at(Stage::Planned), PaperKind::InspectionPlan, &catalogue);
    assert_eq!(field(&planned, "审批文号"), Some("高应急检审〔2026〕12号"));
    assert_eq!(field(&planned, "任务来源"), Some(""), "to be filled in by hand");
    let mut world = World::default();
    let again = Plan { kind: VisitKind::Recheck, recheck_of: Some(NOTICE), ..plan() };
    world.state(Who::Supervisor, Statement::Planned(again)).unwrap();
    let recheck = last(&world, PaperKind::InspectionPlan, &catalogue);
    assert_eq!(field(&recheck, "任务来源"), Some("对《责令限期整改指令书》的整改复查"));
}
