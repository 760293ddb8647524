//! The shared vectors, judged by the core: a page passes a row of `fixtures/vectors` and compares itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Department;
use sync_core::domain::enterprise::CreditCode;
use sync_core::domain::term::Term;
use sync_core::id::HazardId;
use sync_core::ledger::case::Case;
use sync_core::ledger::fact::Fact;
use sync_core::ledger::fold::{Admitted, fold};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::statement::Statement;
use sync_core::rules::calendar::{Calendars, WorkCalendar};
use sync_core::rules::gates::{self, Context};
use sync_core::rules::merge_policy::{self, Policy};
use sync_core::rules::{deadline, numbering, status};
use sync_core::time::{CivilDate, Timestamp};
use sync_core::{Code, Refusal};

use crate::call::{json as text, read};

/// A fact as it travels, with its receipt.
#[derive(Deserialize)]
struct Row {
    fact: String,
    place: u64,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    person: Person,
}

#[derive(Deserialize)]
struct Gates {
    facts: Vec<Row>,
    now: Timestamp,
    departments: Vec<Department>,
    people: Vec<Named>,
    statement: Statement,
}

#[derive(Deserialize)]
struct Status {
    facts: Vec<Row>,
    now: Timestamp,
    hazard: HazardId,
}

#[derive(Deserialize)]
struct Numbering {
    departments: Vec<Department>,
    department: String,
    issued_at: Timestamp,
    last: u32,
}

#[derive(Deserialize)]
struct Count {
    calendars: Vec<WorkCalendar>,
    start: CivilDate,
    #[serde(flatten)]
    term: Term,
    roll: bool,
}

/// What the rules say of an input, as JSON. Kinds are `gates`, `status`, `numbering`, `merge_policy`,
/// `deadlines` and `credit_codes`.
pub fn judge(kind: &str, input: &str) -> Result<String, Refusal> {
    let answer = match kind {
        "gates" => gates_of(&read(input)?)?,
        "status" => status_of(&read(input)?)?,
        "numbering" => numbering_of(&read(input)?),
        "merge_policy" => policy_of(&read::<String>(input)?),
        "deadlines" => count(read(input)?),
        "credit_codes" => json!(CreditCode::parse(&read::<String>(input)?).is_ok()),
        _ => return Err(Refusal::new(Code::KindUnknown).field("kind")),
    };
    text(&answer)
}

fn unhex(hex: &str) -> Result<Vec<u8>, Refusal> {
    let malformed = || Refusal::new(Code::Malformed).field("fact");
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    hex.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect::<Option<_>>()
        .ok_or_else(malformed)
}

fn case(rows: &[Row]) -> Result<Case, Refusal> {
    let admitted = rows
        .iter()
        .map(|row| {
            let fact = Fact::decode(&unhex(&row.fact)?)?;
            let receipt = Some(Receipt { fact: fact.id, place: row.place, at: row.at });
            Ok(Admitted { fact, receipt })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    Ok(fold(&admitted))
}

/// The answer's code with the people who get it.
fn gates_of(input: &Gates) -> Result<Value, Refusal> {
    let case = case(&input.facts)?;
    let (now, departments) = (input.now, input.departments.as_slice());
    let mut codes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Named { name, person } in &input.people {
        let answer =
            gates::check(&input.statement, &case, &Context { author: person, now, departments });
        let code = answer.map_or_else(|refusal| refusal.code.name(), |()| "ok");
        codes.entry(code).or_default().push(name);
    }
    Ok(json!(codes))
}

fn status_of(input: &Status) -> Result<Value, Refusal> {
    let case = case(&input.facts)?;
    let refused = |refusal: Refusal| json!({"refused": refusal.code});
    let visit = status::inspection(&case).map_or_else(refused, |state| json!({"state": state}));
    let hazard = status::hazard(&case, input.hazard, input.now).map_or_else(refused, |it| {
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
    Ok(json!({"visit": visit, "hazard": hazard}))
}

fn numbering_of(input: &Numbering) -> Value {
    let department = input.departments.iter().find(|it| it.id.as_str() == input.department);
    let number = department
        .ok_or(Refusal::new(Code::FieldMalformed).field("department"))
        .and_then(|it| numbering::next(it, input.issued_at.date(), input.last));
    json!(number.map_or_else(|refusal| refusal.code.name().to_owned(), |it| it.to_string()))
}

fn policy_of(field: &str) -> Value {
    match merge_policy::of(field) {
        Some(Policy::Merge) => json!("merge"),
        Some(Policy::KeepAll) => json!("keep_all"),
        Some(Policy::NeedsDecision(field)) => {
            let name = json!(field);
            json!(format!("needs_decision:{}", name.as_str().unwrap_or_default()))
        }
        None => json!("unknown"),
    }
}

fn count(input: Count) -> Value {
    let calendars = Calendars::new(input.calendars);
    let counted = deadline::count(input.start, input.term, &calendars);
    let (mut date, mut provisional) = (counted.date, counted.provisional);
    if input.roll {
        let (rolled, missing) = deadline::roll(date, &calendars);
        (date, provisional) = (rolled, provisional || missing);
    }
    json!({"date": date, "provisional": provisional})
}
