//! 补充检查记录: an officer adds to the sealed record what it does not hold.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::seal::{clauses_cited, hazards_captured};
use super::{arrived, on_team, sealed};
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::findings::Findings;
use crate::domain::hazard::Hazard;
use crate::domain::inspection::Answer;
use crate::domain::papers::PaperKind;
use crate::id::{BlobHash, Digest, FactId, InspectionId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// What was found at the visit and is not in its record. It counts once another officer has signed it, and goes on a
/// notice of its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Supplement {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The seal of the record that is supplemented.
    #[n(1)]
    pub seal: FactId,
    /// Answers, ascending by item.
    #[n(2)]
    pub answers: Vec<Answer>,
    /// Hazards that no record or earlier supplement holds, ascending by id.
    #[n(3)]
    pub hazards: Vec<Hazard>,
    /// Every photo of the hazards.
    #[n(4)]
    pub manifest: Vec<BlobHash>,
    /// Version of the checklist catalogue that was used.
    #[n(5)]
    pub catalogue: String,
    /// Digests of the last changes of the draft that it was made of, ascending.
    #[n(6)]
    pub draft: Vec<Digest>,
}

impl Supplement {
    /// What was found.
    #[must_use]
    pub fn findings(&self) -> Findings<'_> {
        Findings {
            answers: &self.answers,
            hazards: &self.hazards,
            manifest: &self.manifest,
            catalogue: &self.catalogue,
            draft: &self.draft,
        }
    }
}

impl Act for Supplement {
    const KIND: u16 = 34;
    const NAME: &'static str = "inspection.supplemented";
    const TITLE: &'static str = "补充检查记录";
    const PAPERS: &'static [PaperKind] = &[PaperKind::InspectionRecord];

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.seal.validate()?;
        if self.hazards.is_empty() && self.answers.is_empty() {
            return Err(Refusal::new(Code::FieldMissing).field("hazards"));
        }
        self.findings().validate()
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        sealed(case, self.seal, unmet);
        let held = self.hazards.iter().any(|hazard| case.hazard(hazard.id).is_some());
        unmet.require(!held, Code::AlreadyExists);
        hazards_captured(case, &self.hazards, unmet);
        clauses_cited(&self.hazards, context, unmet);
    }

    fn tell(&self) -> Telling {
        let counts = format!("检查事项 {} 项，隐患 {} 处", self.answers.len(), self.hazards.len());
        Telling::of(Self::TITLE).words(counts).photos(&self.manifest)
    }
}
