//! 复查.

use sync_core::act::Statement;
use sync_core::act::notice::Recheck;
use sync_core::domain::term::Term;
use sync_core::testing::stages::recheck;

use super::conditions::{OFFICER_OF_NOTICE, OPEN};
use super::{Line, Row, row};

/// On a reply that no failed recheck answered or after the deadline, and until one was passed. Who closed
/// relied on a passed one; who dismissed asked for no reply.
const DUE: &[Line] = &[
    (
        "not_replied",
        "*",
        "unserved served asked extended not_extended undone proposed dismissed stopped resuming resumed",
    ),
    ("already_exists", "*", "rechecked"),
];

/// The second officer is named as the other one, so not by himself.
const OTHER: &[Line] = &[("two_officers_needed", "second", "*")];
const ALONE: &[Line] = &[("two_officers_needed", "*", "*")];
/// Officers have set a term once; the next one is the supervisor's.
const RETRIED: &[Line] = &[("retries_used_up", "*", "failed replied_again failed_again")];
const TOO_LONG: &[Line] = &[("term_invalid", "*", "!early")];

const WITHOUT_PHOTO: &[Line] = &[("photo_needed", "*", "*")];

/// The officers take theirs once the notice is served.
const TAKEN_LATER: &[Line] = &[("photo_unknown", "*", "unserved")];

/// One of the visit, so neither new nor taken at the recheck.
const FOUND_PHOTO: &[Line] = &[("photo_reused", "*", "!early"), ("photo_unknown", "*", "!early")];

/// The enterprise's, so not taken at the recheck; shown in the first round, which the failed recheck ended.
const REPLY_PHOTO: &[Line] =
    &[("photo_reused", "*", "failed replied_again failed_again"), ("photo_unknown", "*", "!early")];

pub(super) fn rows() -> Vec<Row> {
    let pass = |names: &[&str]| recheck(true, names);
    let found = pass(&["seen-4", "found-1"]);
    let failed = |new_term| match recheck(false, &[]) {
        Statement::Rechecked(it) => Statement::Rechecked(Recheck { new_term, ..it }),
        other => other,
    };
    let (long, without) = (failed(Some(Term::natural(366))), failed(None));
    let alone = match pass(&["seen-4"]) {
        Statement::Rechecked(it) => Statement::Rechecked(Recheck { second: None, ..it }),
        other => other,
    };
    vec![
        row("recheck.pass", pass(&["seen-4"]), &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, TAKEN_LATER]),
        row("recheck.fail", recheck(false, &[]), &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, RETRIED]),
        row("recheck.fail_long", long, &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, RETRIED, TOO_LONG]),
        row("recheck.fail_no_term", without, &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER]),
        row("recheck.alone", alone, &[OFFICER_OF_NOTICE, OPEN, DUE, ALONE, TAKEN_LATER]),
        row("recheck.no_photo", pass(&[]), &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, WITHOUT_PHOTO]),
        row("recheck.found_photo", found, &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, FOUND_PHOTO]),
        row(
            "recheck.reply_photo",
            pass(&["after-1"]),
            &[OFFICER_OF_NOTICE, OPEN, DUE, OTHER, REPLY_PHOTO],
        ),
    ]
}
