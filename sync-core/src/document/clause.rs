//! How a clause is cited on a paper. This is the one place that asks the law for it.

use crate::domain::catalogue::Catalogue;
use crate::domain::hazard::Clause;
use crate::law;
use crate::time::CivilDate;

/// A clause by its names, as it stood on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseName {
    /// Title of the document.
    pub title: String,
    /// Its number or edition, may be empty.
    pub edition: String,
    /// The clause within it, may be empty.
    pub clause: String,
    /// Its text, where it was imported.
    pub text: Option<String>,
    /// What it says in our own words, where that is known.
    pub gist: Option<String>,
    /// Whether the law of that day is known to have it.
    pub verified: bool,
}

impl ClauseName {
    /// As it is cited: `《安全生产法》（2021修正）第三十六条`.
    #[must_use]
    pub fn cited(&self) -> String {
        let edition = match self.edition.as_str() {
            "" => String::new(),
            edition => format!("（{edition}）"),
        };
        format!("《{}》{edition}{}", self.title, self.clause)
    }

    /// As it is cited, with what it says. Only its text stands in quotation marks; a gist says that it is one.
    #[must_use]
    pub fn cited_in_full(&self) -> String {
        let cited = self.cited();
        match (&self.text, &self.gist) {
            (Some(text), _) => format!("{cited}：“{text}”"),
            (None, Some(gist)) => format!("{cited}（要点：{}）", gist.trim_end_matches('。')),
            (None, None) => cited,
        }
    }
}

/// The names of a clause on a day. A document that the catalogue does not have is cited by its short id, unverified; so is
/// an empty clause.
pub(super) fn name(catalogue: &Catalogue, clause: &Clause, on: CivilDate) -> ClauseName {
    match law::reading(&catalogue.laws, clause, on) {
        Some(reading) => ClauseName {
            title: reading.title,
            edition: reading.edition,
            clause: reading.clause.clause,
            text: reading.text,
            gist: Some(reading.gist).filter(|it| !it.is_empty()),
            verified: reading.doubt.is_none() && reading.in_force && !clause.clause.is_empty(),
        },
        None => ClauseName {
            title: clause.document.clone(),
            edition: String::new(),
            clause: clause.clause.clone(),
            text: None,
            gist: None,
            verified: false,
        },
    }
}
