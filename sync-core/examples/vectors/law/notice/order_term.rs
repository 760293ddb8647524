//! 再次责令限期.

use sync_core::act::Statement;
use sync_core::domain::term::Term;
use sync_core::testing::stages::term_ordered;
use sync_core::testing::world::World;

use super::conditions::{OPEN, SUPERVISOR};
use super::{Line, Row, row};

/// After a recheck that failed without a term, by someone who neither inspected, rectified nor rechecked.
const UNDECIDED: &[Line] = &[
    ("not_rechecked", "*", "!early failed_again"),
    ("same_person", "team", "!early"),
    ("same_person", "safety", "seen undone replied replied_again corrected returned rechecked"),
    ("same_person", "colleague", "seen undone replied_again corrected returned rechecked"),
    ("already_exists", "*", "seen replied replied_again corrected returned rechecked"),
];
const NO_RECHECK: &[Line] = &[("not_rechecked", "*", "early")];
const TOO_LONG: &[Line] = &[("term_invalid", "*", "*")];

pub(super) fn rows(world: &World) -> Vec<Row> {
    let mut long = term_ordered(world);
    if let Statement::TermOrdered(it) = &mut long {
        it.term = Term::natural(366);
    }
    vec![
        row("order_term", term_ordered(world), &[SUPERVISOR, OPEN, UNDECIDED, NO_RECHECK]),
        row("order_term.long", long, &[SUPERVISOR, OPEN, UNDECIDED, NO_RECHECK, TOO_LONG]),
    ]
}
