//! What a screen shows before a person states something: the title, what has to be filled in with its bounds, what
//! is filled in already and why, and the ways in which it can be decided.
//!
//! The body of the statement is `given`, the inputs that the choice wants, and what the choice itself `sets`; an
//! input that the choice does not want is null. A name with a dot, such as `order.scope`, is a field within a field.

use std::collections::BTreeMap;

use serde::Serialize;

use super::act::Context;
use crate::domain::evidence::Purpose;
use crate::domain::hazard::Clause;
use crate::domain::term::{DayUnit, Term};
use crate::id::{BlobHash, DepartmentId};
use crate::time::CivilDate;

/// One thing that a person may state now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Offer {
    /// Stable name of the step, such as `recheck`.
    pub step: &'static str,
    /// The kind of statement, as its JSON form names it.
    pub kind: &'static str,
    /// What a button says.
    pub title: &'static str,
    /// Whether others wait until this person has decided.
    pub decision: bool,
    /// Fields of the body that are fixed.
    pub given: BTreeMap<&'static str, Value>,
    /// What has to be known to decide, in words.
    pub background: Vec<String>,
    /// What is filled in.
    pub inputs: Vec<Input>,
    /// The ways to state it: one button each.
    pub choices: Vec<Choice>,
}

/// One thing to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Input {
    /// The field of the body.
    pub name: &'static str,
    /// What stands before it.
    pub label: &'static str,
    /// What is said inside of it while it is empty.
    pub hint: &'static str,
    /// What is filled in, with bounds.
    pub form: Form,
}

/// What can be filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "form", content = "of")]
pub enum Form {
    /// Free text of one or more lines.
    Text {
        /// Most characters.
        max: usize,
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
        max: usize,
    },
    /// One of several words.
    Choice {
        /// Stable name and title of each.
        options: Vec<(String, String)>,
    },
    /// Some of several words, in the order in which they are listed.
    Several {
        /// Stable name and title of each.
        options: Vec<(String, String)>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Choice {
    /// What the button says.
    pub title: &'static str,
    /// How the button looks.
    pub tone: Tone,
    /// Fields of the body that follow from it.
    pub sets: BTreeMap<&'static str, Value>,
    /// Inputs that it wants and that must be filled in.
    pub needs: Vec<&'static str>,
    /// Inputs that it takes as they are.
    pub takes: Vec<&'static str>,
    /// What stands for inputs that it takes and that are empty.
    pub fills: BTreeMap<&'static str, &'static str>,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The expected way.
    Primary,
    /// Another way.
    Plain,
    /// A way with consequences for somebody.
    Danger,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// Text, an id or a stable name.
    Word(String),
    /// Several of them.
    Words(Vec<String>),
}

impl Offer {
    /// An offer without inputs, stated by one button.
    #[must_use]
    pub fn new(step: &'static str, kind: &'static str, title: &'static str) -> Self {
        Self {
            step,
            kind,
            title,
            decision: false,
            given: BTreeMap::new(),
            background: Vec::new(),
            inputs: Vec::new(),
            choices: Vec::new(),
        }
    }

    /// Others wait for it.
    #[must_use]
    pub const fn decision(mut self) -> Self {
        self.decision = true;
        self
    }

    /// Fixes a field of the body.
    #[must_use]
    pub fn given(mut self, name: &'static str, value: impl ToString) -> Self {
        self.given.insert(name, Value::Word(value.to_string()));
        self
    }

    /// Says something that has to be known.
    #[must_use]
    pub fn background(mut self, words: impl Into<String>) -> Self {
        self.background.push(words.into());
        self
    }

    /// Adds an input.
    #[must_use]
    pub fn input(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }

    /// Adds a way to state it.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }
}

impl Input {
    /// Free text.
    #[must_use]
    pub fn text(name: &'static str, label: &'static str, hint: &'static str, max: usize) -> Self {
        let form = Form::Text { max, long: max > crate::limits::NAME_CHARS, value: String::new() };
        Self { name, label, hint, form }
    }

    /// A term.
    #[must_use]
    pub const fn term(name: &'static str, label: &'static str, value: Term, max: u16) -> Self {
        Self { name, label, hint: "", form: Form::Term { value, max, unit: value.unit } }
    }

    /// A signature that is drawn now.
    #[must_use]
    pub const fn drawing(name: &'static str, label: &'static str) -> Self {
        Self { name, label, hint: "", form: Form::Drawing }
    }

    /// Another officer of a department.
    #[must_use]
    pub fn officer(
        name: &'static str,
        label: &'static str,
        department: &DepartmentId,
        context: &Context<'_>,
    ) -> Self {
        let others = context.zone.officers(department).filter(|it| it.id != context.author.id);
        let options = others.map(|it| (it.id.to_string(), it.name.clone())).collect();
        Self { name, label, hint: "", form: Form::Choice { options } }
    }

    /// One of these clauses of the dated law.
    #[must_use]
    pub const fn clause(name: &'static str, label: &'static str, clauses: Vec<Clause>) -> Self {
        Self { name, label, hint: "", form: Form::Clause { clauses } }
    }

    /// Photos that are taken now.
    #[must_use]
    pub const fn photos(name: &'static str, label: &'static str, purpose: Purpose) -> Self {
        let form = Form::Photos { purpose, max: crate::limits::PHOTOS };
        Self { name, label, hint: "", form }
    }
}

impl Choice {
    /// A way that needs these inputs.
    #[must_use]
    pub fn new(title: &'static str, tone: Tone, needs: &[&'static str]) -> Self {
        let needs = needs.to_vec();
        Self {
            title,
            tone,
            needs,
            sets: BTreeMap::new(),
            takes: Vec::new(),
            fills: BTreeMap::new(),
        }
    }

    /// Sets a field of the body.
    #[must_use]
    pub fn sets(mut self, name: &'static str, value: Value) -> Self {
        self.sets.insert(name, value);
        self
    }

    /// Takes an input that may stay empty.
    #[must_use]
    pub fn takes(mut self, name: &'static str) -> Self {
        self.takes.push(name);
        self
    }

    /// Takes an input for which something stands while it is empty.
    #[must_use]
    pub fn fills(mut self, name: &'static str, value: &'static str) -> Self {
        self.fills.insert(name, value);
        self.takes(name)
    }
}
