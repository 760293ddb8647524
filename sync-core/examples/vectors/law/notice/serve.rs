//! 送达.

use sync_core::domain::notice::ServiceMethod;
use sync_core::testing::stages::service;

use super::conditions::{NOTICE, OF_ENTERPRISE, OFFICER_OF_NOTICE};
use super::{Line, Row, row};

const ONCE: &[Line] = &[("already_served", "*", "!early unserved")];

pub(super) fn rows() -> Vec<Row> {
    let (electronic, in_person) =
        (service(ServiceMethod::Electronic), service(ServiceMethod::InPerson));
    vec![
        row("serve.electronic", electronic, &[OF_ENTERPRISE, ONCE]),
        row("serve.in_person", in_person, &[NOTICE, OFFICER_OF_NOTICE, ONCE]),
    ]
}
