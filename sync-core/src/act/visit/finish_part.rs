//! 完成本人部分: a member of the team says that the own part of the record is done.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::records;
use crate::case::act::{Act, Context, Unmet};
use crate::case::{About, Case};
use crate::id::{Digest, InspectionId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A member of the team has recorded everything of the own. The last one of a person counts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct PartFinished {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// Digests of the last changes that the author wrote to the draft, ascending, at most
    /// [`limits::DRAFT_HEADS`]; none where nothing was written.
    #[n(1)]
    pub heads: Vec<Digest>,
}

impl Act for PartFinished {
    const KIND: u16 = 33;
    const NAME: &'static str = "inspection.part_finished";
    const TITLE: &'static str = "完成本人部分";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::count("heads", self.heads.len(), limits::DRAFT_HEADS)?;
        if !self.heads.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::new(Code::NotCanonical).field("heads"));
        }
        self.heads.iter().try_for_each(Digest::validate)
    }

    /// Whoever may record. Also after the seal: it may have been stated before and come later.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        records(case, context, unmet);
    }
}
