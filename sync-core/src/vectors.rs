//! The rules asked as `fixtures/vectors` asks them, so that every language proves the same rows through its
//! own border.
//!
//! The tables of a file make a [`Book`], a row becomes a [`Question`], and an [`RuleAnswer`] has the form that the
//! row expects. What is expected never comes here: the asking language compares.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::act::state::{self, HazardState, InspectionState};
use crate::act::{Admitted, Fact, Statement};
use crate::calendar::{Calendars, deadline};
use crate::case::Case;
use crate::case::act::{Context, Photos, Unmet, Zone};
use crate::case::fold::fold;
use crate::domain::account::Person;
use crate::domain::calendar::WorkCalendar;
use crate::domain::catalogue::{Catalogue, Colleague, Department};
use crate::domain::competence::Competence;
use crate::domain::enterprise::CreditCode;
use crate::domain::escalation::Escalation;
use crate::domain::hazard::Grade;
use crate::domain::inspection::BindingField;
use crate::domain::law::{LawDocument, SectorCriteria};
use crate::domain::procedure::Procedure;
use crate::domain::term::Term;
use crate::id::{BlobHash, DepartmentId, HazardId};
use crate::ledger::fact::Content as _;
use crate::ledger::receipt::Receipt;
use crate::refusal::{Code, Refusal};
use crate::rules::merge_policy::{self, Policy};
use crate::rules::{gates, numbering};
use crate::time::{CivilDate, Timestamp};

/// What stands in a file of vectors besides its rows; every table may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tables {
    people: Vec<NamedPerson>,
    departments: Vec<Department>,
    competence: Vec<Competence>,
    procedures: Vec<Procedure>,
    criteria: Vec<SectorCriteria>,
    laws: Vec<LawDocument>,
    facts: Vec<StatedFact>,
    stages: Vec<Stage>,
    statements: Vec<Statement>,
    calendars: Vec<WorkCalendar>,
}

#[derive(Debug, Deserialize)]
struct NamedPerson {
    name: String,
    person: Person,
}

/// A fact as it travels, in hexadecimal, with its receipt.
#[derive(Debug, Deserialize)]
struct StatedFact {
    kind: String,
    fact: String,
    place: u64,
    at: Timestamp,
}

#[derive(Debug, Deserialize)]
struct Stage {
    name: String,
    now: Timestamp,
    facts: Vec<usize>,
    /// The photos that are at the server, where that counts.
    there: Option<BTreeSet<BlobHash>>,
}

/// A stage, ready to be asked.
#[derive(Debug)]
struct Staged {
    now: Timestamp,
    case: Case,
    there: Option<BTreeSet<BlobHash>>,
}

/// The tables of a file, ready to be asked.
#[derive(Debug)]
pub struct Book {
    people: BTreeMap<String, Person>,
    zone: Catalogue,
    statements: Vec<Statement>,
    stages: BTreeMap<String, Staged>,
    calendars: Calendars,
}

/// What a row asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// May a person state something at a stage?
    Gate {
        /// Name of the stage.
        stage: String,
        /// Place of the statement in its table.
        statement: usize,
        /// Name of the person.
        person: String,
    },
    /// What state are a visit and a hazard in?
    Status {
        /// Name of the stage.
        stage: String,
        /// The hazard.
        hazard: HazardId,
        /// At which instant.
        now: Timestamp,
    },
    /// What number does the next notice get?
    Number {
        /// Of which department.
        department: DepartmentId,
        /// When it is issued.
        issued_at: Timestamp,
        /// The last number given.
        last: u32,
    },
    /// How are differing values of a field of a draft merged?
    MergePolicy {
        /// The field.
        field: String,
    },
    /// On which day does a term end?
    Deadline {
        /// The day that is not counted.
        start: CivilDate,
        /// How long.
        term: Term,
        /// Whether a last day without work moves on.
        roll: bool,
    },
    /// Is a text a credit code?
    CreditCode {
        /// The text.
        text: String,
    },
}

/// What the rules say, in the form of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum RuleAnswer {
    /// `ok` or codes of refusals, a number, a policy.
    Word(String),
    /// Whether it is so.
    Is(bool),
    /// A last day.
    Day {
        /// The day.
        date: CivilDate,
        /// Whether a calendar is not published yet.
        provisional: bool,
    },
    /// Both states.
    Status {
        /// Of the visit.
        visit: OrRefused<VisitAnswer>,
        /// Of the hazard.
        hazard: OrRefused<HazardAnswer>,
    },
}

/// An answer of the rules, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OrRefused<T> {
    /// The answer.
    Is(T),
    /// There is none.
    Refused {
        /// Why.
        refused: Code,
    },
}

impl<T> From<Result<T, Refusal>> for OrRefused<T> {
    fn from(answer: Result<T, Refusal>) -> Self {
        answer.map_or_else(|refusal| Self::Refused { refused: refusal.code }, Self::Is)
    }
}

/// What is said of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitAnswer {
    state: InspectionState,
}

/// What is said of a hazard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HazardAnswer {
    state: HazardState,
    grade: Option<Grade>,
    overdue: bool,
    deadline: Option<CivilDate>,
    days_left: Option<i32>,
    extension_pending: bool,
    round: u32,
    escalation: Option<Escalation>,
}

impl Book {
    /// Reads the tables of a file. Each fact is read from bytes, each statement is held to its form.
    ///
    /// # Errors
    /// The code of a fact or statement that does not hold, [`Code::NotFound`] for a stage that names a fact
    /// that is not there.
    pub fn read(tables: Tables) -> Result<Self, Refusal> {
        let facts = tables.facts.iter().map(admitted).collect::<Result<Vec<_>, _>>()?;
        tables.statements.iter().try_for_each(Statement::validate)?;
        let stage = |it: Stage| {
            let of_stage =
                it.facts.iter().map(|index| facts.get(*index).ok_or_else(|| missing("facts")));
            let of_stage = of_stage.collect::<Result<Vec<_>, _>>()?;
            Ok((it.name, Staged { now: it.now, case: fold(of_stage), there: it.there }))
        };
        Ok(Self {
            zone: zone(&tables),
            people: tables.people.into_iter().map(|it| (it.name, it.person)).collect(),
            statements: tables.statements,
            stages: tables.stages.into_iter().map(stage).collect::<Result<_, Refusal>>()?,
            calendars: Calendars::new(tables.calendars),
        })
    }

    /// The names of the people in the table.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.people.keys().map(String::as_str)
    }

    /// Asks the rules. Refused when the tables lack what the question names.
    ///
    /// # Errors
    /// [`Code::NotFound`] with what the tables lack.
    pub fn answer(&self, question: &Question) -> Result<RuleAnswer, Refusal> {
        Ok(match question {
            Question::Gate { stage, statement, person } => {
                let Staged { now, case, there } = self.stage(stage)?;
                let statement =
                    self.statements.get(*statement).ok_or_else(|| missing("statement"))?;
                let author = self.people.get(person).ok_or_else(|| missing("person"))?;
                let photos = Photos { there: there.as_ref(), ..Photos::default() };
                let context = Context::new(author, *now, (&self.zone).into()).with_photos(photos);
                codes(&gates::unmet(statement, case, &context))
            }
            Question::Status { stage, hazard, now } => {
                let case = &self.stage(stage)?.case;
                let visit = state::inspection(case).map(|state| VisitAnswer { state });
                RuleAnswer::Status {
                    visit: visit.into(),
                    hazard: hazard_answer(case, *hazard, *now).into(),
                }
            }
            Question::Number { department, issued_at, last } => {
                let found = Zone::from(&self.zone).department(department);
                let department = found.ok_or_else(|| missing("department"))?;
                let series = numbering::series(department, issued_at.date().year());
                let number = series.map(|series| numbering::next(&series, *last));
                word(number.map(|number| number.to_string()))
            }
            Question::MergePolicy { field } => RuleAnswer::Word(policy(field)),
            Question::Deadline { start, term, roll } => self.last_day(*start, *term, *roll),
            Question::CreditCode { text } => RuleAnswer::Is(CreditCode::parse(text).is_ok()),
        })
    }

    fn stage(&self, name: &str) -> Result<&Staged, Refusal> {
        self.stages.get(name).ok_or_else(|| missing("stage"))
    }

    fn last_day(&self, start: CivilDate, term: Term, roll: bool) -> RuleAnswer {
        let counted = deadline::count(start, term, &self.calendars);
        let (mut date, mut provisional) = (counted.date, counted.provisional);
        if roll {
            let (rolled, missing) = deadline::roll(date, &self.calendars);
            (date, provisional) = (rolled, provisional || missing);
        }
        RuleAnswer::Day { date, provisional }
    }
}

/// The zone that the tables tell of; the people of a department are its colleagues.
fn zone(tables: &Tables) -> Catalogue {
    let people = tables.people.iter().map(|it| &it.person);
    Catalogue {
        departments: tables.departments.clone(),
        colleagues: people.filter_map(Colleague::of).collect(),
        competence: tables.competence.clone(),
        procedures: tables.procedures.clone(),
        criteria: tables.criteria.clone(),
        laws: tables.laws.clone(),
        ..Catalogue::default()
    }
}

fn missing(field: &str) -> Refusal {
    Refusal::new(Code::NotFound).field(field)
}

fn word(answer: Result<String, Refusal>) -> RuleAnswer {
    RuleAnswer::Word(answer.unwrap_or_else(|refusal| refusal.code.name().to_owned()))
}

/// `ok`, or the codes of all conditions that do not hold, the one that people are told of first.
fn codes(unmet: &Unmet) -> RuleAnswer {
    let codes: Vec<&str> = unmet.codes().map(Code::name).collect();
    RuleAnswer::Word(if codes.is_empty() { "ok".to_owned() } else { codes.join(" ") })
}

fn admitted(row: &StatedFact) -> Result<Admitted, Refusal> {
    let malformed = || Refusal::new(Code::Malformed).field("fact");
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let pairs = row.fact.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    let fact = Fact::decode(&pairs.collect::<Option<Vec<u8>>>().ok_or_else(malformed)?)?;
    if fact.statement.name() != row.kind {
        return Err(malformed().detail(fact.statement.name()));
    }
    let receipt = Some(Receipt { fact: fact.id, place: row.place, at: row.at });
    Ok(Admitted { fact, receipt })
}

fn hazard_answer(case: &Case, hazard: HazardId, now: Timestamp) -> Result<HazardAnswer, Refusal> {
    let it = state::hazard(case, hazard, now)?;
    Ok(HazardAnswer {
        state: it.state,
        grade: it.grade,
        overdue: it.overdue,
        deadline: it.deadline.map(|deadline| deadline.date),
        days_left: it.days_left,
        extension_pending: it.extension_pending,
        round: it.round,
        escalation: it.escalation,
    })
}

fn policy(field: &str) -> String {
    match merge_policy::of(field) {
        Some(Policy::Merge) => "merge".to_owned(),
        Some(Policy::KeepAll) => "keep_all".to_owned(),
        Some(Policy::NeedsDecision(field)) => format!("needs_decision:{}", binding(field)),
        None => "unknown".to_owned(),
    }
}

const fn binding(field: BindingField) -> &'static str {
    match field {
        BindingField::Verdict => "verdict",
        BindingField::Basis => "basis",
        BindingField::Grade => "grade",
        BindingField::Measure => "measure",
    }
}
