//! To whom a matter is referred.

use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::notice::Escalated;
use sync_core::case::About;
use sync_core::case::act::Context;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::papers::PaperKind;
use sync_core::refusal::Refusal;
use sync_core::rules::gates;
use sync_core::testing::builders::{NOTICE_STREAM, hazard_id};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::papers::full_case;
use sync_core::testing::stages::{Stage, escalation, world_at};

use super::{field, last};
use crate::reference;

fn referral(change: impl FnOnce(&mut Escalated)) -> Statement {
    let mut statement = escalation(Escalation::Referral);
    if let Statement::Escalated(it) = &mut statement {
        change(it);
    }
    statement
}

#[test]
fn a_referral_names_the_organ_that_it_goes_to() {
    let catalogue = reference();
    let paper = last(&full_case(), PaperKind::Referral, &catalogue);
    assert_eq!(field(&paper, "受移送机关"), Some("枣庄市公安局高新区分局"));

    let mut world = world_at(Stage::Overdue);
    let refused = |code| Err(Refusal::new(code).field("to"));
    let check = |statement: &Statement| world.check(Who::Supervisor, statement);
    assert_eq!(check(&referral(|it| it.to = None)), refused(Code::FieldMissing));
    assert_eq!(check(&referral(|it| it.to = Some(" ".to_owned()))), refused(Code::FieldMissing));
    let long = "局".repeat(1_000);
    assert_eq!(check(&referral(|it| it.to = Some(long))), refused(Code::FieldTooLong));
    let filed = referral(|it| it.step = Escalation::Filing);
    assert_eq!(check(&filed), refused(Code::FieldMalformed), "nothing is sent anywhere");

    // What was referred before the organ was asked for is still read, and filled in by hand.
    world.insist(Who::Supervisor, referral(|it| it.to = None)).unwrap();
    let old = last(&world, PaperKind::Referral, &catalogue);
    assert_eq!(field(&old, "受移送机关"), Some(""));
}

#[test]
fn whoever_refers_is_asked_to_whom() {
    let (world, zone) = (world_at(Stage::Overdue), zone());
    let person = Who::Supervisor.person();
    let context = Context::new(&person, world.now, (&zone).into());
    let about = About::hazard(NOTICE_STREAM, hazard_id(1));
    let offers = gates::offers(&world.case, about, &context);
    let asked = |step: &str| {
        let offer = offers.iter().find(|it| it.step == step).unwrap();
        offer.choices.iter().flat_map(|it| it.needs.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("refer"), ["to", "reason"]);
    assert_eq!(asked("file"), ["reason"]);
}
