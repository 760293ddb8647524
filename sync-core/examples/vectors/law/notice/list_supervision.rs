//! 挂牌督办.

use sync_core::act::Statement;
use sync_core::act::notice::SupervisionListed;
use sync_core::testing::builders::{NOTICE, blob, date, hazard_id};

use super::conditions::{NO_SUCH_HAZARD, OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// Of a hazard that counts as major.
const MAJOR: &[Line] = &[("not_major", "*", "!early major"), ("not_major", "*", "lowered")];
/// A photo of this hazard, as found, with a reply or with a recheck.
const FOREIGN_PHOTO: &[Line] = &[("photo_unknown", "*", "!early")];
const LOOSE_PHOTO: &[Line] = &[("photo_unknown", "*", "!early")];
/// The notice is served on the second of November.
const EARLY: &[Line] = &[("field_malformed", "*", "!early unserved")];

/// The photo that it rests on is not at the server.
const ALL_THERE: &[Line] = &[("evidence_pending", "*", "pending")];

pub(super) fn rows() -> Vec<Row> {
    let list = |until: &str, photo: &str| {
        Statement::SupervisionListed(SupervisionListed {
            notice: NOTICE,
            hazard: hazard_id(1),
            until: date(until),
            reason: "重大隐患，限期督办".to_owned(),
            photos: vec![blob(photo)],
        })
    };
    let mut unknown = list("2026-12-31", "found-1");
    if let Statement::SupervisionListed(it) = &mut unknown {
        it.hazard = hazard_id(9);
    }
    let row =
        |name, statement, end| row(name, statement, &[SUPERVISOR, OPEN, MAJOR, end, ALL_THERE]);
    vec![
        row("list", list("2026-12-31", "found-1"), &[]),
        row("list.photo_of_another", list("2026-12-31", "found-2"), FOREIGN_PHOTO),
        row("list.loose_photo", list("2026-12-31", "after-3"), LOOSE_PHOTO),
        row("list.until_service", list("2026-11-01", "found-1"), EARLY),
        super::row("list.unknown_hazard", unknown, &[SUPERVISOR, NO_SUCH_HAZARD, ALL_THERE]),
    ]
}
