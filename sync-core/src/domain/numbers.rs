//! Numbers of documents that are given to a device in advance, so that it can issue without signal.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::notice::DocumentNumber;
use crate::id::{FactId, SeriesId};
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A series of numbers within one year: `（枣高）应急责改〔2026〕`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Series {
    /// Short name of the area, such as `枣高`.
    #[n(0)]
    pub area: String,
    /// Organ and kind of document, such as `应急责改`.
    #[n(1)]
    pub series: String,
    /// Year of issue.
    #[n(2)]
    pub year: i16,
}

impl Series {
    /// Its name in streams: the same wherever it is asked.
    #[must_use]
    pub fn id(&self) -> SeriesId {
        let digest = crate::id::Digest::of(&crate::cbor::to_vec(self));
        let mut id = [0; 16];
        id.copy_from_slice(digest.as_bytes().split_at(16).0);
        SeriesId::from_entropy(id)
    }

    /// One of its numbers.
    #[must_use]
    pub fn number(&self, serial: u32) -> DocumentNumber {
        let Self { area, series, year } = self.clone();
        DocumentNumber { area, series, year, serial }
    }

    /// The series that a number belongs to.
    #[must_use]
    pub fn of(number: &DocumentNumber) -> Self {
        let DocumentNumber { area, series, year, .. } = number.clone();
        Self { area, series, year }
    }

    /// Checks form and bounds.
    ///
    /// # Errors
    /// `Code::FieldMissing` or `Code::FieldTooLong` for `area` or `series`.
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::text("area", &self.area, limits::NAME_CHARS)?;
        limits::text("series", &self.series, limits::NAME_CHARS)
    }
}

/// Numbers that follow one another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct NumberBlock {
    /// Of which series.
    #[n(0)]
    pub series: Series,
    /// The first serial number.
    #[n(1)]
    pub first: u32,
    /// The last one.
    #[n(2)]
    pub last: u32,
}

impl NumberBlock {
    /// Whether a number is one of the block.
    #[must_use]
    pub fn holds(&self, number: &DocumentNumber) -> bool {
        (self.first..=self.last).contains(&number.serial) && self.series == Series::of(number)
    }

    /// How many numbers it has.
    #[must_use]
    pub const fn len(&self) -> u32 {
        (self.last + 1).saturating_sub(self.first)
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Checks form and bounds.
    ///
    /// # Errors
    /// As [`Series::validate`], and `Code::FieldMalformed` for a block without numbers.
    pub fn validate(&self) -> Result<(), Refusal> {
        self.series.validate()?;
        if self.first == 0 || self.is_empty() || self.last == u32::MAX {
            return Err(Refusal::new(Code::FieldMalformed).field("last"));
        }
        Ok(())
    }
}

/// A block that a device was leased and can still use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The fact that leased it.
    pub fact: FactId,
    /// The block.
    pub block: NumberBlock,
}
