//! Who was there, and who only was planned.

use sync_core::act::Statement;
use sync_core::domain::inspection::Plan;
use sync_core::domain::papers::PaperKind;
use sync_core::testing::builders::{arrival, plan};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::measure_ordered;
use sync_core::testing::world::World;

use super::{field, last, names, signers, text};
use crate::reference;

#[test]
fn papers_of_a_visit_name_those_who_came() {
    let catalogue = reference();
    let mut world = World::default();
    let team = [Who::Lead, Who::Second, Who::Colleague, Who::Assistant].map(Who::id).to_vec();
    let planned = Statement::Planned(Plan { team, ..plan() });
    world.state(Who::Supervisor, planned).unwrap();
    world.pass_days(2);
    let arrive = |world: &mut World, who: Who| {
        world.state(who, Statement::Arrived(arrival())).unwrap();
    };
    let at_the_door = |world: &World| {
        let paper = last(world, PaperKind::VisitNotice, &catalogue);
        let named = names(signers(&paper, "检查人员（签名）").unwrap()).join("、");
        let officers = field(&paper, "检查人员").unwrap();
        for name in named.split('、') {
            assert!(officers.contains(name), "{officers}");
        }
        assert_eq!(field(&paper, "协助人员"), Some("1 人（按检查方案）"));
        named
    };
    let named = |all: &[Who]| all.iter().map(|it| it.person().name).collect::<Vec<_>>().join("、");
    arrive(&mut world, Who::Lead);
    assert_eq!(at_the_door(&world), named(&[Who::Lead]));
    arrive(&mut world, Who::Second);
    assert_eq!(at_the_door(&world), named(&[Who::Lead, Who::Second]));

    world.state(Who::Lead, measure_ordered()).unwrap();
    let decision = last(&world, PaperKind::MeasureDecision, &catalogue);
    let signed = names(signers(&decision, "执法人员（签名）").unwrap()).join("、");
    assert_eq!(signed, named(&[Who::Lead, Who::Second]));
    assert!(!text(&decision).contains(&Who::Colleague.person().name), "who never came");
}
