//! The field's Chinese terms by their stable names, for screens in languages that have no access to them.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::state::{HazardState, InspectionState};
use sync_core::domain::account::Role;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::hazard::Grade;
use sync_core::limits;

/// What is said of a refusal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RefusalWords {
    /// One plain sentence.
    pub sentence: String,
    /// The one thing to do next.
    pub action: String,
}

/// Terms by stable name, in the order in which the field uses them: states and steps follow the loop.
#[derive(Clone, Debug)]
pub struct Terms(Vec<(String, String)>);

impl IntoIterator for Terms {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Terms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, title)| (name, title)))
    }
}

/// How long texts may be, in characters.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Bounds {
    /// A name, title or code.
    pub name: usize,
    /// A description, reason or opinion.
    pub text: usize,
    /// A new password, at least.
    pub password_least: usize,
    /// A new password, at most.
    pub password_most: usize,
}

/// Chinese terms, each list by stable name.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Words {
    /// States of a visit.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub inspection_state: Terms,
    /// States of a hazard.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub hazard_state: Terms,
    /// Names of the states in which nothing more is to be done.
    pub settled: Vec<String>,
    /// Roles.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub role: Terms,
    /// Grades of a hazard.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub grade: Terms,
    /// Steps of escalation.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub escalation: Terms,
    /// Statements, such as `inspection.arrived`.
    #[cfg_attr(feature = "ts", ts(type = "{ [key in string]: string }"))]
    pub statement: Terms,
    /// Refusals.
    pub refusal: BTreeMap<String, RefusalWords>,
    /// How long texts may be.
    pub bounds: Bounds,
}

/// All terms.
#[must_use]
pub fn words() -> Words {
    let words_of = |code: &Code| RefusalWords {
        sentence: code.sentence().to_owned(),
        action: code.action().to_owned(),
    };
    Words {
        inspection_state: terms(InspectionState::ALL, InspectionState::title),
        hazard_state: terms(HazardState::ALL, HazardState::title),
        settled: HazardState::ALL.iter().filter(|it| it.is_settled()).map(name).collect(),
        role: terms(Role::ALL, Role::title),
        grade: terms(Grade::ALL, Grade::title),
        escalation: terms(Escalation::ALL, Escalation::title),
        statement: Terms(
            Statement::TITLES
                .iter()
                .map(|(name, title)| ((*name).to_owned(), (*title).to_owned()))
                .collect(),
        ),
        refusal: Code::ALL.iter().map(|code| (code.name().to_owned(), words_of(code))).collect(),
        bounds: Bounds {
            name: limits::NAME_CHARS,
            text: limits::TEXT_CHARS,
            password_least: limits::PASSWORD_CHARS_LEAST,
            password_most: limits::PASSWORD_CHARS,
        },
    }
}

fn name<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn terms<T: Copy + Serialize>(all: &[T], title: fn(T) -> &'static str) -> Terms {
    Terms(all.iter().map(|value| (name(value), title(*value).to_owned())).collect())
}
