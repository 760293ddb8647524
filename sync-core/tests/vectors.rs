//! The rules give what `fixtures/vectors` says: `gates.json`, `status.json`, `numbering.json`,
//! `merge_policy.json`, `deadlines.json`, `credit_codes.json`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test whose table cannot be read has to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Department;
use sync_core::domain::enterprise::CreditCode;
use sync_core::domain::term::{DayUnit, Term};
use sync_core::ledger::case::Case;
use sync_core::ledger::fact::Fact;
use sync_core::ledger::fold::{Admitted, fold};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::statement::Statement;
use sync_core::refusal::Refusal;
use sync_core::rules::calendar::{Calendars, WorkCalendar};
use sync_core::rules::gates::{self, Context};
use sync_core::rules::merge_policy::{self, Policy};
use sync_core::rules::{deadline, numbering, status};
use sync_core::testing::builders::hazard_id;
use sync_core::time::{CivilDate, Timestamp};

fn fixture(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the serde form")
}

fn rows(file: &Value, part: &str) -> Vec<Value> {
    read(&file[part])
}

fn name(row: &Value) -> String {
    read(&row["name"])
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(byte).collect()
}

/// The stages of a file with their instants, folded from bytes as they travel.
fn stages(file: &Value) -> BTreeMap<String, (Timestamp, Case)> {
    let admitted = |row: &Value| {
        let fact = Fact::decode(&unhex(&read::<String>(&row["fact"]))).expect("a fact");
        assert_eq!(fact.statement.name(), row["kind"]);
        let (place, at) = (read(&row["place"]), read(&row["at"]));
        Admitted { receipt: Some(Receipt { fact: fact.id, place, at }), fact }
    };
    let facts: Vec<Admitted> = rows(file, "facts").iter().map(admitted).collect();
    let stage = |row: &Value| {
        let of_stage: Vec<usize> = read(&row["facts"]);
        (name(row), (read(&row["now"]), fold(of_stage.into_iter().map(|index| &facts[index]))))
    };
    rows(file, "stages").iter().map(stage).collect()
}

fn code(answer: Result<(), Refusal>) -> String {
    answer.map_or_else(|refusal| refusal.code.name().to_owned(), |()| "ok".to_owned())
}

#[test]
fn gates_answer_every_role_statement_and_stage_as_the_table_says() {
    let file = fixture("vectors/gates.json");
    let stages = stages(&file);
    let departments: Vec<Department> = rows(&file, "departments").iter().map(read).collect();
    let people: BTreeMap<String, Person> =
        rows(&file, "people").iter().map(|row| (name(row), read(&row["person"]))).collect();
    let statements: Vec<Statement> = rows(&file, "statements").iter().map(read).collect();
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for row in rows(&file, "cells") {
        let stage: String = read(&row["stage"]);
        let (now, case) = &stages[&stage];
        let statement = &statements[read::<usize>(&row["statement"])];
        statement.validate().expect("a well-formed statement");
        let table: BTreeMap<String, Vec<String>> = read(&row["codes"]);
        let named: BTreeSet<&String> = table.values().flatten().collect();
        assert_eq!(named.len(), people.len(), "every person once");
        for (expected, who) in
            table.iter().flat_map(|(code, all)| all.iter().map(move |w| (code, w)))
        {
            let context = Context { author: &people[who], now: *now, departments: &departments };
            let answer = code(gates::check(statement, case, &context));
            cells += 1;
            if answer != *expected {
                wrong.push(format!("{} {stage} {who}: {answer}, not {expected}", name(&row)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 10_000, "{cells}");
}

#[test]
fn statuses_are_what_the_table_says_on_every_day() {
    let file = fixture("vectors/status.json");
    let stages = stages(&file);
    for row in rows(&file, "cases") {
        let (_, case) = &stages[&read::<String>(&row["stage"])];
        let refused = |refusal: Refusal| json!({"refused": refusal.code});
        let visit = status::inspection(case).map_or_else(refused, |state| json!({"state": state}));
        let hazard = status::hazard(case, hazard_id(1), read(&row["now"]));
        let hazard = hazard.map_or_else(refused, |it| {
            json!({
                "state": it.state,
                "overdue": it.overdue,
                "deadline": it.deadline.map(|deadline| deadline.date),
                "days_left": it.days_left,
                "extension_pending": it.extension_pending,
                "round": it.round,
                "escalation": it.escalation,
            })
        });
        assert_eq!((&visit, &hazard), (&row["visit"], &row["hazard"]), "{row}");
    }
}

#[test]
fn numbers_of_notices_count_by_department_and_by_the_year_in_china() {
    let file = fixture("vectors/numbering.json");
    let departments: Vec<Department> = rows(&file, "departments").iter().map(read).collect();
    for row in rows(&file, "cases") {
        let department = departments.iter().find(|it| it.id.as_str() == row["department"]);
        let issued: Timestamp = read(&row["issued_at"]);
        let number = numbering::next(department.expect("known"), issued.date(), read(&row["last"]));
        let answer = number
            .map_or_else(|refusal| refusal.code.name().to_owned(), |number| number.to_string());
        assert_eq!(answer, row["answer"], "{row}");
    }
}

#[test]
fn every_field_of_a_draft_has_the_policy_of_the_table() {
    let rows = rows(&fixture("vectors/merge_policy.json"), "fields");
    for row in &rows {
        let policy = match merge_policy::of(&read::<String>(&row["field"])) {
            Some(Policy::Merge) => "merge".to_owned(),
            Some(Policy::KeepAll) => "keep_all".to_owned(),
            Some(Policy::NeedsDecision(field)) => {
                format!("needs_decision:{}", read::<String>(&json!(field)))
            }
            None => "unknown".to_owned(),
        };
        assert_eq!(policy, row["policy"], "{row}");
    }
    let listed = |field: &str| rows.iter().any(|row| row["field"] == field);
    assert!(merge_policy::FIELDS.iter().all(|(field, _)| listed(field)));
}

#[test]
fn deadlines_fall_on_the_days_that_an_independent_count_gave() {
    let calendar = |year: &str| read::<WorkCalendar>(&fixture(&format!("calendars/{year}.json")));
    let calendars = Calendars::new(["2025", "2026"].map(calendar));
    for row in read::<Vec<Value>>(&fixture("vectors/deadlines.json")) {
        let unit: DayUnit = read(&row["unit"]);
        let term = Term { days: read(&row["days"]), unit };
        let counted = deadline::count(read(&row["start"]), term, &calendars);
        let (mut date, mut provisional) = (counted.date, counted.provisional);
        if read(&row["roll"]) {
            let (rolled, missing) = deadline::roll(date, &calendars);
            (date, provisional) = (rolled, provisional || missing);
        }
        assert_eq!(date, read::<CivilDate>(&row["date"]), "{row}");
        assert_eq!(provisional, read::<bool>(&row["provisional"]), "{row}");
    }
}

#[test]
fn credit_codes_are_told_from_texts_that_are_none() {
    for row in read::<Vec<Value>>(&fixture("vectors/credit_codes.json")) {
        let valid = CreditCode::parse(&read::<String>(&row["text"])).is_ok();
        assert_eq!(valid, read::<bool>(&row["valid"]), "{row}");
    }
}

#[test]
fn the_vectors_are_five_hundred_at_least() {
    let plain = ["deadlines", "credit_codes"]
        .map(|name| read::<Vec<Value>>(&fixture(&format!("vectors/{name}.json"))).len());
    let parts = [("gates", "cells"), ("status", "cases"), ("numbering", "cases")]
        .map(|(name, part)| rows(&fixture(&format!("vectors/{name}.json")), part).len());
    assert!(plain.iter().chain(&parts).sum::<usize>() >= 500);
}
