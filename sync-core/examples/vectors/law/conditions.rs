//! Conditions that several statements share.

use super::Line;

/// An inspector with a certificate.
pub(super) const OFFICER: &[Line] =
    &[("role_not_allowed", "!inspectors", "*"), ("certificate_missing", "uncertified", "*")];

/// On the team of the plan; without a plan there is no team to belong to.
pub(super) const ON_TEAM: &[Line] =
    &[("not_planned", "*", "empty"), ("not_on_team", "!team", "!empty")];

/// An officer who has arrived.
pub(super) const ARRIVED: &[Line] =
    &[("not_arrived", "!lead second", "*"), ("not_arrived", "lead second", "empty planned")];

/// Whoever records at a visit: inspectors after their own arrival; assistants and experts do not arrive.
pub(super) const RECORDS: &[Line] = &[
    ("role_not_allowed", "!inspectors assistant expert", "*"),
    ("not_planned", "*", "empty"),
    ("not_on_team", "!team", "!empty"),
    ("not_arrived", "lead second", "empty planned"),
    ("not_arrived", "colleague stranger uncertified", "*"),
];

pub(super) const NOT_SEALED: &[Line] = &[("already_sealed", "*", "!unsealed")];
pub(super) const SEALED: &[Line] = &[("not_sealed", "*", "unsealed")];

pub(super) const NOTICE: &[Line] = &[("notice_not_issued", "*", "early")];

/// Of the enterprise that the notice orders to act. Whose it is, is asked of enterprises alone and once there
/// is a notice.
pub(super) const OF_ENTERPRISE: &[Line] = &[
    ("notice_not_issued", "*", "early"),
    ("role_not_allowed", "!enterprises", "*"),
    ("other_enterprise", "other_safety", "!early"),
];

/// An officer of the department that issued the notice.
pub(super) const OFFICER_OF_NOTICE: &[Line] = &[
    ("role_not_allowed", "!inspectors", "*"),
    ("certificate_missing", "uncertified", "*"),
    ("notice_not_issued", "*", "early"),
    ("other_department", "stranger", "!early"),
];

/// A supervisor of the department that issued the notice.
pub(super) const SUPERVISOR: &[Line] = &[
    ("role_not_allowed", "!supervisors", "*"),
    ("notice_not_issued", "*", "early"),
    ("other_department", "other_supervisor", "!early"),
];

pub(super) const UNSETTLED: &[Line] = &[("hazard_closed", "*", "settled")];

/// Served and not settled. Nothing is asked of a hazard that no notice orders.
pub(super) const OPEN: &[Line] =
    &[("not_served", "*", "unserved"), ("hazard_closed", "*", "settled")];

/// The hazard that is named is not on the notice.
pub(super) const NO_SUCH_HAZARD: &[Line] = &[("hazard_unknown", "*", "!early")];
