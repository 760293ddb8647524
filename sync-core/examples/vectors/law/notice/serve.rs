//! 送达.

use sync_core::act::Statement;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::testing::builders::NOTICE as NOTICE_ID;
use sync_core::testing::cast::Who;
use sync_core::testing::stages::service;

use super::conditions::{NOTICE, OF_ENTERPRISE, OFFICER_OF_NOTICE};
use super::{Line, Row, row};

const ONCE: &[Line] = &[("already_served", "*", "!early unserved")];

/// The second officer is named as the other one, so not by himself.
const OTHER: &[Line] = &[("two_officers_needed", "second", "*")];
const ALONE: &[Line] = &[("two_officers_needed", "*", "*")];
/// The signature is drawn once there is a notice.
const DRAWN: &[Line] = &[("photo_unknown", "*", "early")];
const NO_CONSENT: &[Line] = &[("consent_needed", "*", "*")];
const NO_SIGNATURE: &[Line] = &[("signature_needed", "*", "*")];
const NO_WITNESS: &[Line] = &[("witness_needed", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let [electronic, in_person, left] =
        [ServiceMethod::Electronic, ServiceMethod::InPerson, ServiceMethod::Left].map(service);
    let bare = |method| Statement::NoticeServed(Service::new(NOTICE_ID, method, "张某"));
    // Who serves with an uncertified colleague serves alone.
    let mut alone = left.clone();
    if let Statement::NoticeServed(it) = &mut alone {
        it.second = Some(Who::Uncertified.id());
    }
    vec![
        row("serve.electronic", electronic, &[OF_ENTERPRISE, ONCE]),
        row("serve.in_person", in_person, &[NOTICE, OFFICER_OF_NOTICE, OTHER, DRAWN, ONCE]),
        row("serve.left", left, &[NOTICE, OFFICER_OF_NOTICE, OTHER, ONCE]),
        row(
            "serve.no_consent",
            bare(ServiceMethod::Electronic),
            &[OF_ENTERPRISE, NO_CONSENT, ONCE],
        ),
        row(
            "serve.no_signature",
            bare(ServiceMethod::InPerson),
            &[NOTICE, OFFICER_OF_NOTICE, ALONE, NO_SIGNATURE, ONCE],
        ),
        row(
            "serve.no_witness",
            bare(ServiceMethod::Left),
            &[NOTICE, OFFICER_OF_NOTICE, ALONE, NO_WITNESS, ONCE],
        ),
        row("serve.alone", alone, &[NOTICE, OFFICER_OF_NOTICE, ALONE, ONCE]),
    ]
}
