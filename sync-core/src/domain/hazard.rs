//! Hazards as officers record them.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::term::Term;
use crate::id::{BlobHash, HazardId, ItemCode, PersonId};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// 隐患等级.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Grade {
    /// 一般隐患.
    #[n(0)]
    General,
    /// 重大隐患, only by a published criterion in force that day.
    #[n(1)]
    Major,
}

impl Grade {
    /// Every grade.
    pub const ALL: &[Self] = &[Self::General, Self::Major];

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::General => "一般隐患",
            Self::Major => "重大隐患",
        }
    }
}

/// A clause of a law, rule or standard, with the edition that was in force.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct Clause {
    /// Short id of the document in the catalogue, such as `AQF`.
    #[n(0)]
    pub document: String,
    /// Clause within it, such as `第三十六条`.
    #[n(1)]
    pub clause: String,
}

impl Clause {
    /// Checks form and bounds.
    ///
    /// # Errors
    /// `Code::FieldMissing`, `Code::FieldTooLong` or `Code::FieldMalformed` for the text that is wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::text("document", &self.document, limits::NAME_CHARS)?;
        limits::optional_text("clause", &self.clause, limits::NAME_CHARS)
    }
}

/// What the officers order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 责令限期整改 within a term.
    #[n(0)]
    Rectify {
        /// The term, counted from service of the notice.
        #[n(0)]
        term: Term,
    },
    /// 当场整改: fixed before the officers left, shown by these photos.
    #[n(1)]
    FixedOnSpot {
        /// Photos of the state after fixing.
        #[n(0)]
        after: Vec<BlobHash>,
    },
}

/// One hazard as sealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Hazard {
    /// Which hazard.
    #[n(0)]
    pub id: HazardId,
    /// The check item that failed; none for what no checklist foresaw.
    #[n(1)]
    pub item: Option<ItemCode>,
    /// What is wrong.
    #[n(2)]
    pub description: String,
    /// Where in the enterprise.
    #[n(3)]
    pub place: String,
    /// The duty that was broken.
    #[n(4)]
    pub basis: Clause,
    /// Grade.
    #[n(5)]
    pub grade: Grade,
    /// The criterion by which it is major.
    #[n(6)]
    pub criterion: Option<Clause>,
    /// What is asked of the enterprise.
    #[n(7)]
    pub measure: Measure,
    /// Photos as found.
    #[n(8)]
    pub photos: Vec<BlobHash>,
    /// Who found it.
    #[n(9)]
    pub found_by: PersonId,
}

impl Hazard {
    /// Checks form and bounds, that a major grade names its criterion, and that what was fixed on the spot is
    /// shown as fixed.
    ///
    /// # Errors
    /// The first of [`Hazard::faults`].
    pub fn validate(&self) -> Result<(), Refusal> {
        self.faults().into_iter().next().map_or(Ok(()), Err)
    }

    /// Everything for which [`Hazard::validate`] refuses, field by field.
    #[must_use]
    pub fn faults(&self) -> Vec<Refusal> {
        let checks = [
            limits::text("description", &self.description, limits::TEXT_CHARS),
            limits::optional_text("place", &self.place, limits::NAME_CHARS),
            self.basis.validate(),
            self.item.as_ref().map_or(Ok(()), ItemCode::validate),
            limits::count("photos", self.photos.len(), limits::PHOTOS),
            self.criterion_fits(),
            self.measure_fits(),
        ];
        checks.into_iter().filter_map(Result::err).collect()
    }

    /// What is cited without a clause: a document as a whole is no ground for an order.
    #[must_use]
    pub fn without_clause(&self) -> Option<Refusal> {
        let cited = [("basis", Some(&self.basis)), ("criterion", self.criterion.as_ref())];
        let empty = |it: &Clause| it.clause.trim().is_empty();
        let mut without = cited.into_iter().filter(|(_, it)| it.is_some_and(empty));
        without.next().map(|(field, _)| Refusal::new(Code::ClauseNeeded).field(field))
    }

    /// Bytes of its texts.
    pub(super) fn text_bytes(&self) -> usize {
        let clause = |it: &Clause| it.document.len() + it.clause.len();
        self.description.len()
            + self.place.len()
            + clause(&self.basis)
            + self.criterion.as_ref().map_or(0, clause)
            + self.item.as_ref().map_or(0, |it| it.as_str().len())
    }

    fn criterion_fits(&self) -> Result<(), Refusal> {
        match (self.grade, &self.criterion) {
            (Grade::Major, None) => Err(Refusal::new(Code::CriterionNeeded).field("criterion")),
            (_, Some(criterion)) => criterion.validate(),
            (Grade::General, None) => Ok(()),
        }
    }

    fn measure_fits(&self) -> Result<(), Refusal> {
        match &self.measure {
            Measure::Rectify { term } => term.validate(),
            Measure::FixedOnSpot { after } if after.is_empty() => {
                Err(Refusal::new(Code::PhotoNeeded).field("after"))
            }
            Measure::FixedOnSpot { after } if after.iter().any(|b| self.photos.contains(b)) => {
                Err(Refusal::new(Code::PhotoReused).field("after"))
            }
            Measure::FixedOnSpot { after } => limits::count("after", after.len(), limits::PHOTOS),
        }
    }
}
