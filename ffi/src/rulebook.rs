//! The rules asked directly, so that every language proves the shared vectors through its own border.
//!
//! Tables come in as the JSON of `fixtures/vectors`, answers go out in the words of the same files. What is
//! expected never crosses: the asking language compares.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Department;
use sync_core::domain::enterprise::CreditCode;
use sync_core::domain::term::{DayUnit, Term};
use sync_core::id::{DepartmentId, HazardId};
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

use crate::DeviceError;

/// People, departments, facts and stages of one file of vectors.
#[derive(Debug, uniffi::Object)]
pub struct RuleBook {
    people: BTreeMap<String, Person>,
    departments: Vec<Department>,
    statements: Vec<Statement>,
    stages: BTreeMap<String, (Timestamp, Case)>,
    calendars: Calendars,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tables {
    people: Vec<NamedPerson>,
    departments: Vec<Department>,
    facts: Vec<StatedFact>,
    stages: Vec<Stage>,
    statements: Vec<Statement>,
    calendars: Vec<WorkCalendar>,
}

#[derive(Deserialize)]
struct NamedPerson {
    name: String,
    person: Person,
}

#[derive(Deserialize)]
struct StatedFact {
    fact: String,
    place: u64,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Stage {
    name: String,
    now: Timestamp,
    facts: Vec<usize>,
}

impl StatedFact {
    fn admitted(&self) -> Result<Admitted, Refusal> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let pairs = self.fact.as_bytes().chunks_exact(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| match pair {
                [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
                _ => None,
            })
            .collect();
        let fact = Fact::decode(&bytes.ok_or(Refusal::new(Code::Malformed).field("fact"))?)?;
        let receipt = Some(Receipt { fact: fact.id, place: self.place, at: self.at });
        Ok(Admitted { receipt, fact })
    }
}

fn missing(field: &str) -> Refusal {
    Refusal::new(Code::NotFound).field(field)
}

fn said<T>(answer: Result<T, Refusal>, word: impl FnOnce(T) -> String) -> String {
    answer.map_or_else(|refusal| refusal.code.name().to_owned(), word)
}

fn plain(value: impl serde::Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

#[uniffi::export]
impl RuleBook {
    /// Reads the tables of a file: people, departments, facts, stages, statements, calendars, all optional.
    #[uniffi::constructor]
    pub fn read(tables: String) -> Result<Self, DeviceError> {
        let malformed =
            |error: serde_json::Error| Refusal::new(Code::Malformed).detail(error.to_string());
        let tables: Tables = serde_json::from_str(&tables).map_err(malformed)?;
        let facts = tables.facts.iter().map(StatedFact::admitted);
        let facts = facts.collect::<Result<Vec<_>, _>>()?;
        let stage = |it: Stage| {
            let known = it.facts.iter().filter_map(|index| facts.get(*index));
            (it.name, (it.now, fold(known)))
        };
        Ok(Self {
            people: tables.people.into_iter().map(|it| (it.name, it.person)).collect(),
            departments: tables.departments,
            statements: tables.statements,
            stages: tables.stages.into_iter().map(stage).collect(),
            calendars: Calendars::new(tables.calendars),
        })
    }

    /// `ok`, or the code with which a person is refused who states something at a stage.
    pub fn gate(
        &self,
        stage: String,
        statement: u32,
        person: String,
    ) -> Result<String, DeviceError> {
        let (now, case) = self.stages.get(&stage).ok_or_else(|| missing("stage"))?;
        let index = usize::try_from(statement).unwrap_or(usize::MAX);
        let statement = self.statements.get(index).ok_or_else(|| missing("statement"))?;
        let author = self.people.get(&person).ok_or_else(|| missing("person"))?;
        let context = Context { author, now: *now, departments: &self.departments };
        Ok(said(gates::check(statement, case, &context), |()| "ok".to_owned()))
    }

    /// The state of the visit at a stage, or the code of the refusal.
    pub fn visit_state(&self, stage: String) -> Result<String, DeviceError> {
        let (_, case) = self.stages.get(&stage).ok_or_else(|| missing("stage"))?;
        Ok(said(status::inspection(case), plain))
    }

    /// The status of a hazard at a stage and an instant as JSON, or `{"refused": code}`.
    pub fn hazard_status(
        &self,
        stage: String,
        hazard: HazardId,
        now: Timestamp,
    ) -> Result<String, DeviceError> {
        let (_, case) = self.stages.get(&stage).ok_or_else(|| missing("stage"))?;
        let answer = status::hazard(case, hazard, now).map_or_else(
            |refusal| json!({"refused": refusal.code}),
            |it| {
                json!({
                    "state": it.state,
                    "overdue": it.overdue,
                    "deadline": it.deadline.map(|deadline| deadline.date),
                    "days_left": it.days_left,
                    "extension_pending": it.extension_pending,
                    "round": it.round,
                    "escalation": it.escalation,
                })
            },
        );
        Ok(answer.to_string())
    }

    /// The number of the next notice, or the code of the refusal.
    pub fn number(
        &self,
        department: DepartmentId,
        issued_at: Timestamp,
        last: u32,
    ) -> Result<String, DeviceError> {
        let found = self.departments.iter().find(|it| it.id == department);
        let department = found.ok_or_else(|| missing("department"))?;
        Ok(said(numbering::next(department, issued_at.date(), last), |number| number.to_string()))
    }

    /// How differing values of a field of a draft are merged.
    pub fn merge_policy(&self, field: String) -> String {
        match merge_policy::of(&field) {
            Some(Policy::Merge) => "merge".to_owned(),
            Some(Policy::KeepAll) => "keep_all".to_owned(),
            Some(Policy::NeedsDecision(field)) => format!("needs_decision:{}", plain(field)),
            None => "unknown".to_owned(),
        }
    }

    /// The last day of a term, with a question mark behind it where a calendar is not published yet.
    pub fn deadline(
        &self,
        start: CivilDate,
        days: u16,
        unit: DayUnit,
        roll: bool,
    ) -> Result<String, DeviceError> {
        let counted = deadline::count(start, Term { days, unit }, &self.calendars);
        let (rolled, missing) = deadline::roll(counted.date, &self.calendars);
        let (date, provisional) = if roll {
            (rolled, counted.provisional || missing)
        } else {
            (counted.date, counted.provisional)
        };
        Ok(format!("{date}{}", if provisional { "?" } else { "" }))
    }

    /// Whether a text is a credit code.
    pub fn is_credit_code(&self, text: String) -> bool {
        CreditCode::parse(&text).is_ok()
    }
}
