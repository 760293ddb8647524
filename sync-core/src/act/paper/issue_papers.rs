//! 出具文书: the server states the digests of papers to which nothing is added any more.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::PaperName;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::notice::DocumentNumber;
use crate::domain::numbers::Series;
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Papers as they are from here on, word for word. The bytes are kept beside the fact; whoever holds them finds here that
/// they are genuine.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct PapersIssued {
    /// The stream of the facts that they rest on: whoever reads it may have them.
    #[n(0)]
    pub stream: StreamId,
    /// The papers.
    #[n(1)]
    pub papers: Vec<IssuedPaper>,
}

/// One paper as it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct IssuedPaper {
    /// Which kind.
    #[n(0)]
    pub kind: PaperKind,
    /// The fact that it rests on.
    #[n(1)]
    pub fact: FactId,
    /// Digest of its canonical bytes.
    #[n(2)]
    pub digest: Digest,
    /// The number that it was given with its first edition; none for a paper that has its number from its fact, and for one
    /// without numbers.
    #[n(3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cbor(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub number: Option<DocumentNumber>,
}

impl IssuedPaper {
    /// What names it, in all its editions.
    #[must_use]
    pub const fn name(&self) -> PaperName {
        (self.kind, self.fact)
    }
}

impl Act for PapersIssued {
    const KIND: u16 = 47;
    const NAME: &'static str = "papers.issued";
    const TITLE: &'static str = "出具文书";
    const BY_SERVER: bool = true;

    fn about(&self) -> About {
        About::stream(self.stream)
    }

    fn form(&self) -> Result<(), Refusal> {
        if self.papers.is_empty() {
            return Err(Refusal::new(Code::FieldMissing).field("papers"));
        }
        limits::count("papers", self.papers.len(), limits::PAPERS)?;
        let names: BTreeSet<_> = self.papers.iter().map(IssuedPaper::name).collect();
        if names.len() < self.papers.len() {
            return Err(Refusal::new(Code::FieldMalformed).field("papers"));
        }
        self.papers.iter().try_for_each(|it| {
            it.fact.validate()?;
            it.digest.validate()?;
            it.number.as_ref().map_or(Ok(()), |number| Series::of(number).validate())
        })
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        Telling::of(format!("出具文书 {} 份", self.papers.len()))
    }
}
