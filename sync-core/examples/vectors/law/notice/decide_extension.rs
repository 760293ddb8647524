//! 审批延期.

use sync_core::domain::term::Term;
use sync_core::testing::stages::extension_decision;
use sync_core::testing::world::World;

use super::conditions::{OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// There is a request, and it is not decided yet.
const ASKED: &[Line] = &[
    ("extension_unknown", "*", "!early asked extended not_extended"),
    ("already_decided", "*", "extended not_extended"),
];

/// One extension is all that a hazard gets; not more than was asked.
const USED_UP: &[Line] = &[("extensions_used_up", "*", "extended")];
const TOO_LONG: &[Line] = &[("extension_too_long", "*", "asked extended not_extended")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let granted = extension_decision(world, Some(Term::natural(10)));
    let more = extension_decision(world, Some(Term::natural(366)));
    let refused = extension_decision(world, None);
    vec![
        row("extension.grant", granted, &[SUPERVISOR, OPEN, ASKED, USED_UP]),
        row("extension.grant_more", more, &[SUPERVISOR, OPEN, ASKED, USED_UP, TOO_LONG]),
        row("extension.refuse", refused, &[SUPERVISOR, OPEN, ASKED]),
    ]
}
