//! 封存检查记录.

use sync_core::act::Statement;
use sync_core::testing::builders::{hazard, record};

use super::conditions::{NOT_SEALED, OFFICER, ON_TEAM};
use super::{Line, Row, row};

/// Only who has arrived can seal.
const ARRIVED: &[Line] =
    &[("not_arrived", "!lead second", "*"), ("not_arrived", "lead second", "empty planned")];

/// The photo was taken on arrival.
const PHOTO: &[Line] = &[("photo_unknown", "*", "empty planned")];
const NEVER_TAKEN: &[Line] = &[("photo_unknown", "*", "*")];

pub(super) fn rows() -> Vec<Row> {
    let seal = |photo| Statement::Sealed(record(vec![hazard(1, &[photo])]));
    let (known, unknown) = (seal("found-1"), seal("never captured"));
    vec![
        row("seal", known, &[OFFICER, ON_TEAM, ARRIVED, NOT_SEALED, PHOTO]),
        row("seal.unknown_photo", unknown, &[OFFICER, ON_TEAM, ARRIVED, NOT_SEALED, NEVER_TAKEN]),
    ]
}
