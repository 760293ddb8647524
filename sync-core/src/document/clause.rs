//! How a clause is cited on a paper. This is the one place that asks the law for it.

use crate::domain::catalogue::Catalogue;
use crate::domain::hazard::Clause;
use crate::law;
use crate::time::CivilDate;

/// A clause by its names, as it stood on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseName {
    /// Title of the document, in full where it is known.
    pub title: String,
    /// Its number or edition, may be empty.
    pub edition: String,
    /// The clause within it, may be empty.
    pub clause: String,
    /// What it says: its text where that is known, else its gist.
    pub says: Option<String>,
    /// Whether the law of that day is known to have it.
    pub verified: bool,
}

impl ClauseName {
    /// As it is cited: `《中华人民共和国安全生产法》（2021修正）第三十六条`.
    #[must_use]
    pub fn cited(&self) -> String {
        let edition = match self.edition.as_str() {
            "" => String::new(),
            edition => format!("（{edition}）"),
        };
        format!("《{}》{edition}{}", self.title, self.clause)
    }
}

/// The names of a clause on a day. A document that the catalogue does not have is cited by its short id, unverified; so is
/// an empty clause.
pub(super) fn name(catalogue: &Catalogue, clause: &Clause, on: CivilDate) -> ClauseName {
    match law::reading(&catalogue.laws, clause, on) {
        Some(reading) => {
            let gist = Some(reading.gist).filter(|it| !it.is_empty());
            let law = law::document(&catalogue.laws, &clause.document);
            ClauseName {
                title: law.map_or(reading.title, |it| it.printed_title().to_owned()),
                edition: reading.edition,
                clause: reading.clause.clause,
                says: reading.text.or(gist),
                verified: reading.doubt.is_none() && reading.in_force && !clause.clause.is_empty(),
            }
        }
        None => ClauseName {
            title: clause.document.clone(),
            edition: String::new(),
            clause: clause.clause.clone(),
            says: None,
            verified: false,
        },
    }
}
