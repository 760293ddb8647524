//! What may be stated next, in the form of records.

use std::collections::{BTreeMap, HashMap};

use sync_core::case::offer::{self, Tone, Value};
use sync_core::domain::evidence::Purpose;
use sync_core::domain::hazard::Clause;
use sync_core::domain::term::{DayUnit, Term};
use sync_core::id::BlobHash;
use sync_core::time::CivilDate;

use crate::lists::Word;
use crate::outbox::count;

#[uniffi::remote(Enum)]
pub enum Tone {
    Primary,
    Plain,
    Danger,
}

/// One thing that a person may state now. Its body is `given`, the inputs that the choice wants, and what the choice
/// `sets`; an input that the choice does not want is none. A name with a dot is a field within a field.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Offer {
    /// Stable name of the step, such as `recheck`.
    pub step: String,
    /// The kind of statement, as its JSON form names it.
    pub kind: String,
    /// What a button says.
    pub title: String,
    /// Whether others wait until this person has decided.
    pub decision: bool,
    /// Fields of the body that are fixed.
    pub given: HashMap<String, Value>,
    /// What has to be known to decide, in words.
    pub background: Vec<String>,
    /// What is filled in.
    pub inputs: Vec<Input>,
    /// The ways to state it: one button each.
    pub choices: Vec<Choice>,
}

/// One thing to fill in.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Input {
    /// The field of the body.
    pub name: String,
    /// What stands before it.
    pub label: String,
    /// What is said inside of it while it is empty.
    pub hint: String,
    /// What is filled in, with bounds.
    pub form: Form,
}

/// What can be filled in.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Form {
    /// Free text of one or more lines.
    Text {
        /// Most characters.
        max: u32,
        /// Whether it usually has several lines.
        long: bool,
        /// What is filled in already.
        value: String,
    },
    /// A term.
    Term {
        /// What is filled in already.
        value: Term,
        /// Most days.
        max: u16,
        /// Which days count.
        unit: DayUnit,
    },
    /// Photos that are taken now.
    Photos {
        /// What they are for.
        purpose: Purpose,
        /// Most photos.
        max: u32,
    },
    /// One of several words.
    Choice {
        /// Stable name and title of each.
        options: Vec<Word>,
    },
    /// Some of several words, in the order in which they are listed.
    Several {
        /// Stable name and title of each.
        options: Vec<Word>,
    },
    /// A day.
    Date {
        /// What is proposed, for the reason that the hint says; none where the day is a claim of whoever states it.
        value: Option<CivilDate>,
        /// The earliest that is taken; none without a bound.
        from: Option<CivilDate>,
        /// The latest that is taken; none without a bound.
        to: Option<CivilDate>,
    },
    /// A clause of the dated law.
    Clause {
        /// From which it is chosen.
        clauses: Vec<Clause>,
    },
    /// A signature that is drawn now.
    Drawing,
    /// Photos of which those count that were opened.
    Look {
        /// The photos.
        photos: Vec<BlobHash>,
    },
}

/// A way to state it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Choice {
    /// What the button says.
    pub title: String,
    /// How the button looks.
    pub tone: Tone,
    /// Fields of the body that follow from it.
    pub sets: HashMap<String, Value>,
    /// Inputs that it wants and that must be filled in.
    pub needs: Vec<String>,
    /// Inputs that it takes as they are.
    pub takes: Vec<String>,
    /// What stands for inputs that it takes and that are empty.
    pub fills: HashMap<String, String>,
}

#[uniffi::remote(Enum)]
pub enum Value {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
}

impl From<offer::Offer> for Offer {
    fn from(it: offer::Offer) -> Self {
        Self {
            step: it.step.to_owned(),
            kind: it.kind.to_owned(),
            title: it.title.to_owned(),
            decision: it.decision,
            given: values(it.given),
            background: it.background,
            inputs: it.inputs.into_iter().map(Input::from).collect(),
            choices: it.choices.into_iter().map(Choice::from).collect(),
        }
    }
}

impl From<offer::Input> for Input {
    fn from(it: offer::Input) -> Self {
        Self {
            name: it.name.to_owned(),
            label: it.label.to_owned(),
            hint: it.hint.to_owned(),
            form: it.form.into(),
        }
    }
}

impl From<offer::Form> for Form {
    fn from(form: offer::Form) -> Self {
        match form {
            offer::Form::Text { max, long, value } => Self::Text { max: count(max), long, value },
            offer::Form::Term { value, max, unit } => Self::Term { value, max, unit },
            offer::Form::Photos { purpose, max } => Self::Photos { purpose, max: count(max) },
            offer::Form::Choice { options } => Self::Choice { options: words(options) },
            offer::Form::Several { options } => Self::Several { options: words(options) },
            offer::Form::Date { value, from, to } => Self::Date { value, from, to },
            offer::Form::Look { photos } => Self::Look { photos },
            offer::Form::Clause { clauses } => Self::Clause { clauses },
            offer::Form::Drawing => Self::Drawing,
        }
    }
}

impl From<offer::Choice> for Choice {
    fn from(it: offer::Choice) -> Self {
        let fill = |(name, fill): (&str, &str)| (name.to_owned(), fill.to_owned());
        Self {
            title: it.title.to_owned(),
            tone: it.tone,
            sets: values(it.sets),
            needs: names(&it.needs),
            takes: names(&it.takes),
            fills: it.fills.into_iter().map(fill).collect(),
        }
    }
}

fn words(options: Vec<(String, String)>) -> Vec<Word> {
    options.into_iter().map(|(name, title)| Word { name, title }).collect()
}

fn values(fields: BTreeMap<&str, Value>) -> HashMap<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
