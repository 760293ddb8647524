//! A device that met something unreadable asks again once its build reads more. So whoever teaches the core a new
//! variant of what travels has to raise [`READS`]: what this build reads is written down here beside the number.
//!
//! Kinds of statements are not among it: an unknown one is kept as it came and read by the next build.

use minicbor::Decode;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::{FixSource, Purpose, Source};
use sync_core::domain::hazard::{Grade, Measure};
use sync_core::domain::inspection::{BindingField, SignOutcome, Verdict, VisitKind};
use sync_core::domain::notice::ServiceMethod;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::DayUnit;
use sync_core::ledger::fact::Suite;
use sync_core::ledger::stream::StreamId;
use sync_core::wire::exchange::{Item, Outcome, READS};

/// The numbers of the variants that a type reads, found by trying each.
fn known<T: for<'b> Decode<'b, ()>>() -> Vec<u32> {
    let refused = |bytes: Vec<u8>| {
        minicbor::decode::<T>(&bytes).is_err_and(|error| error.is_unknown_variant())
    };
    // A type takes one of two forms; the other one fails before its number is looked at.
    let unknown = |number: &u32| {
        refused(minicbor::to_vec(number).expect("memory"))
            || refused(minicbor::to_vec((number, [0_u8; 0])).expect("memory"))
    };
    let all: Vec<u32> = (0..300).filter(|number| !unknown(number)).collect();
    assert!(all.len() < 300, "no number is refused");
    all
}

#[test]
fn a_build_that_reads_more_says_so() {
    let read = [
        ("items", known::<Item>()),
        ("outcomes", known::<Outcome>()),
        ("streams", known::<StreamId>()),
        ("suites", known::<Suite>()),
        ("kinds of visits", known::<VisitKind>()),
        ("verdicts", known::<Verdict>()),
        ("signatures", known::<SignOutcome>()),
        ("binding fields", known::<BindingField>()),
        ("subjects of decisions", known::<ParallelSubject>()),
        ("grades", known::<Grade>()),
        ("measures", known::<Measure>()),
        ("units", known::<DayUnit>()),
        ("ways of service", known::<ServiceMethod>()),
        ("escalations", known::<Escalation>()),
        ("sources of photos", known::<Source>()),
        ("purposes of photos", known::<Purpose>()),
        ("sources of positions", known::<FixSource>()),
    ];
    let read = read.map(|(what, numbers)| format!("{what} {numbers:?}"));
    // As of READS = 7, with facts of version 2.
    let written = [
        "items [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31]",
        "outcomes [0, 1, 2, 3]",
        "streams [0, 1, 3]",
        "suites [1, 2, 3]",
        "kinds of visits [0, 1, 2]",
        "verdicts [0, 1, 2]",
        "signatures [0, 1]",
        "binding fields [0, 1, 2, 3]",
        "subjects of decisions [0, 1]",
        "grades [0, 1]",
        "measures [0, 1]",
        "units [0, 1]",
        "ways of service [0, 1, 2]",
        "escalations [0, 1, 2, 3, 4, 5, 6]",
        "sources of photos [0, 1, 2]",
        "purposes of photos [0, 1, 2, 3, 4]",
        "sources of positions [0, 1, 2]",
    ];
    assert_eq!(read, written, "raise READS, and write down what is read now");
    assert_eq!(READS, 7, "write down what is read now, and this number");
}
