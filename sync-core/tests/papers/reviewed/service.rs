//! Who got a paper, who refused it, and on which day.

use sync_core::act::Statement;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::papers::PaperKind;
use sync_core::testing::builders::{NOTICE, blob, date};
use sync_core::testing::cast::Who;
use sync_core::testing::stages::{Stage, countersigned, service, world_at};

use super::{field, last, names, signers, text};
use crate::reference;

#[test]
fn who_refused_a_paper_is_no_witness() {
    let catalogue = reference();
    let served = |change: fn(Service) -> Service| {
        let mut world = world_at(Stage::Issued);
        let Statement::NoticeServed(left) = service(ServiceMethod::Left) else { unreachable!() };
        world.state(Who::Colleague, Statement::NoticeServed(change(left))).unwrap();
        last(&world, PaperKind::ProofOfService, &catalogue)
    };
    let refused = "应收件人（拒收人）";
    let witnessed = served(|it| it);
    assert_eq!(field(&witnessed, refused), Some("张某"));
    assert_eq!(names(signers(&witnessed, "见证人（签名）").unwrap()), ["居委会 王某"]);
    let pictured = served(|it| Service { witness: None, photo: Some(blob("received-1")), ..it });
    assert_eq!(field(&pictured, refused), Some("张某"));
    assert!(signers(&pictured, "见证人（签名）").is_none(), "nobody was a witness");
    // Statements from before a reason was asked for name the witness as the receiver.
    let mut old = world_at(Stage::Issued);
    let before = Service::new(NOTICE, ServiceMethod::Left, "居委会 王某");
    old.insist(Who::Colleague, Statement::NoticeServed(before)).unwrap();
    let old = last(&old, PaperKind::ProofOfService, &catalogue);
    assert_eq!(field(&old, refused), Some(""));
    assert_eq!(names(signers(&old, "见证人（签名）").unwrap()), ["居委会 王某"]);
}

#[test]
fn a_proof_of_service_says_the_day_that_was_stated_and_the_one_on_which_it_came_in() {
    let catalogue = reference();
    let days = "系统收到日期";
    let proof = |method: ServiceMethod, late: i64| {
        let mut world = world_at(Stage::Issued);
        let now = world.now;
        let fact = world.phone(Who::Colleague).sign(service(method), now).unwrap();
        world.pass_days(late);
        let served = world.take_over(fact);
        world.state(Who::Second, countersigned(None, served)).unwrap();
        world.clerk();
        last(&world, PaperKind::ProofOfService, &catalogue)
    };
    for (method, label) in
        [(ServiceMethod::InPerson, "收到日期"), (ServiceMethod::Left, "留置日期")]
    {
        let at_once = proof(method, 0);
        assert_eq!(field(&at_once, label), Some("2026年11月2日"));
        assert_eq!(field(&at_once, days), None);
        let late = proof(method, 3);
        assert_eq!(field(&late, label), Some("2026年11月2日"), "as it was stated");
        let received = field(&late, days).unwrap();
        assert!(received.starts_with("2026年11月5日"), "{received}");
        assert_eq!(late.date, at_once.date);
        let counted = text(&late);
        assert!(
            counted.contains("送达之日为2026年11月5日"),
            "the term counts from there: {counted}"
        );
        let receiver = signers(&late, "收件人（签名）");
        let signed = receiver.map(|it| it.iter().filter_map(|it| it.on).collect::<Vec<_>>());
        assert!(signed.is_none_or(|it| it == [date("2026-11-02")]));
    }
}
