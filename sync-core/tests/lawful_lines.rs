//! What gates let through once and the law does not: each line by its letter, with the cells of the shared table that
//! refuse it now. A device asks its gate for each cell (`vectors`), and a client that asks none states each of them to a
//! server (`exchange::gate_table`).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use sync_core::Code;

#[derive(Deserialize)]
struct Table {
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    name: String,
    stage: String,
    codes: BTreeMap<String, Vec<String>>,
}

/// Letter, stage, statement, who tries, and what is among the conditions that do not hold.
const LINES: &[(&str, &str, &str, &str, Code)] = &[
    ("A: one officer alone on the site", "planned", "cosign", "second", Code::NotArrived),
    (
        "A: one officer on the plan",
        "empty",
        "plan.one_officer",
        "supervisor",
        Code::TwoOfficersNeeded,
    ),
    ("B: served by one officer", "issued", "serve.alone", "lead", Code::TwoOfficersNeeded),
    (
        "B: served without a signature",
        "issued",
        "serve.no_signature",
        "lead",
        Code::SignatureNeeded,
    ),
    ("B: left without a witness", "issued", "serve.no_witness", "lead", Code::WitnessNeeded),
    (
        "B': served by the system without consent",
        "issued",
        "serve.no_consent",
        "safety",
        Code::ConsentNeeded,
    ),
    ("D: a term of a year", "replied", "recheck.fail_long", "colleague", Code::TermInvalid),
    ("D: a term again and again", "failed_again", "recheck.fail", "colleague", Code::RetriesUsedUp),
    (
        "D: a supervisor's term of a year",
        "failed_again",
        "order_term.long",
        "supervisor",
        Code::TermInvalid,
    ),
    (
        "E: a referral before the enterprise",
        "overdue",
        "escalate.refer_openly",
        "supervisor",
        Code::InternalMatter,
    ),
    (
        "E: a proposal before the enterprise",
        "served",
        "dismissal.openly",
        "lead",
        Code::InternalMatter,
    ),
    ("F: raised by who inspected", "served", "raise_grade", "witness_supervisor", Code::SamePerson),
    (
        "G: a major hazard before its grade is decided",
        "major_passed",
        "close.approve",
        "supervisor",
        Code::MajorUndecided,
    ),
    (
        "G: a major hazard without a plan",
        "major_issued",
        "close.approve",
        "supervisor",
        Code::PlanNeeded,
    ),
    (
        "G: closed while work is stopped",
        "stopped",
        "close.approve",
        "supervisor",
        Code::ResumptionNeeded,
    ),
    ("I: a sector of others", "empty", "plan.other_sector", "supervisor", Code::NotCompetent),
    (
        "I: a department without power",
        "empty",
        "plan.powerless",
        "supervisor",
        Code::DepartmentNoPower,
    ),
    (
        "J: more than was asked for",
        "asked",
        "extension.grant_more",
        "supervisor",
        Code::ExtensionTooLong,
    ),
    ("K: an arrival outside of the plan's days", "planned", "arrive", "lead", Code::OutsideWindow),
    ("L: rechecked by one officer", "replied", "recheck.alone", "lead", Code::TwoOfficersNeeded),
    (
        "L: closed before the other officer has signed",
        "seen",
        "close.approve",
        "supervisor",
        Code::NotRechecked,
    ),
];

#[test]
fn each_line_that_was_let_through_once_is_refused_with_its_sentence() {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).expect("set by cargo");
    let text = std::fs::read_to_string(root.join("../fixtures/vectors/gates.json"));
    let table: Table = serde_json::from_str(&text.expect("the table")).expect("the table");
    for (line, stage, name, who, code) in LINES {
        let cell = table.cells.iter().find(|it| it.stage == *stage && it.name == *name);
        let codes = &cell.expect(line).codes;
        let said = codes.iter().find(|(_, people)| people.iter().any(|it| it == who));
        let (said, _) = said.expect(line);
        assert!(said.split(' ').any(|it| it == code.name()), "{line}: {said}");
        assert!(!code.sentence().is_empty() && !code.action().is_empty(), "{line}");
    }
}
