//! Differing values of a draft's binding fields.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{HazardId, ItemCode, PersonId};

/// What a decision on differing values is about.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "subject", content = "id")]
pub enum ParallelSubject {
    /// A hazard.
    #[n(0)]
    Hazard(#[n(0)] HazardId),
    /// A check item.
    #[n(1)]
    Item(#[n(0)] ItemCode),
}

/// One of several differing values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(array)]
pub struct ParallelValue {
    /// Who wrote it, where known.
    #[n(0)]
    pub by: Option<PersonId>,
    /// The value as the draft holds it.
    #[n(1)]
    pub value: String,
}
