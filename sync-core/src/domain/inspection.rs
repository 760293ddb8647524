//! Visits: planned, carried out, sealed.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hazard::Hazard;
use crate::id::{
    BlobHash, DepartmentId, Digest, EnterpriseId, InspectionId, ItemCode, NoticeId, PersonId,
    SectorCode,
};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::{CivilDate, Timestamp};

/// Whether the enterprise hears of the visit beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum VisitKind {
    /// 四不两直.
    #[n(0)]
    Unannounced,
    /// With notice.
    #[n(1)]
    Announced,
    /// 复查 of a notice.
    #[n(2)]
    Recheck,
}

/// A planned visit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Plan {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The place.
    #[n(1)]
    pub enterprise: EnterpriseId,
    /// The department in whose name it happens.
    #[n(2)]
    pub department: DepartmentId,
    /// The officers; the first one leads and decides differing opinions.
    #[n(3)]
    pub team: Vec<PersonId>,
    /// Kind of visit.
    #[n(4)]
    pub kind: VisitKind,
    /// Checklists to use.
    #[n(5)]
    pub sectors: Vec<SectorCode>,
    /// First day.
    #[n(6)]
    pub from: CivilDate,
    /// Last day.
    #[n(7)]
    pub to: CivilDate,
    /// Number of the approval, with the reason for the visit.
    #[n(8)]
    pub approval: String,
    /// The notice that a recheck is about.
    #[n(9)]
    pub recheck_of: Option<NoticeId>,
}

impl Plan {
    /// Checks form and bounds: two officers, no one twice, a window, an approval.
    pub fn validate(&self) -> Result<(), Refusal> {
        self.department.validate()?;
        limits::count("team", self.team.len(), limits::TEAM)?;
        let distinct: std::collections::BTreeSet<_> = self.team.iter().collect();
        if distinct.len() < 2 || distinct.len() != self.team.len() {
            return Err(Refusal::new(Code::TwoOfficersNeeded).field("team"));
        }
        limits::count("sectors", self.sectors.len(), limits::TEAM)?;
        self.sectors.iter().try_for_each(SectorCode::validate)?;
        if self.from > self.to {
            return Err(Refusal::new(Code::FieldMalformed).field("to"));
        }
        if self.approval.trim().is_empty() {
            return Err(Refusal::new(Code::PlanRefsMissing).field("approval"));
        }
        limits::text("approval", &self.approval, limits::NAME_CHARS)?;
        if (self.kind == VisitKind::Recheck) != self.recheck_of.is_some() {
            return Err(Refusal::new(Code::FieldMissing).field("recheck_of"));
        }
        Ok(())
    }
}

/// Result of one check item.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Verdict {
    /// 合格.
    #[n(0)]
    Pass,
    /// 不合格.
    #[n(1)]
    Fail,
    /// 不涉及.
    #[n(2)]
    NotApplicable,
}

/// One answered check item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(array)]
pub struct Answer {
    /// The item.
    #[n(0)]
    pub item: ItemCode,
    /// The result.
    #[n(1)]
    pub verdict: Verdict,
    /// A note, may be empty.
    #[n(2)]
    pub note: String,
}

/// 现场检查记录: what the officers sign. It stands alone, without the draft it came from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Record {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// When the officers arrived, by the device's clock.
    #[n(1)]
    pub arrived: Timestamp,
    /// When the record was closed, by the device's clock.
    #[n(2)]
    pub finished: Timestamp,
    /// Answers, ascending by item.
    #[n(3)]
    pub answers: Vec<Answer>,
    /// Hazards, ascending by id.
    #[n(4)]
    pub hazards: Vec<Hazard>,
    /// Every photo of the record: it is delivered when the server holds all of them.
    #[n(5)]
    pub manifest: Vec<BlobHash>,
    /// Version of the checklist catalogue that was used.
    #[n(6)]
    pub catalogue: String,
    /// Digests of the last changes of the draft that the record was made of, ascending, at most
    /// [`limits::DRAFT_HEADS`]: whoever signs the record signs for its draft.
    #[n(7)]
    pub draft: Vec<Digest>,
}

impl Record {
    /// Checks form, bounds, order, and that the manifest names exactly the photos of the hazards.
    pub fn validate(&self) -> Result<(), Refusal> {
        limits::count("answers", self.answers.len(), limits::ANSWERS)?;
        limits::count("hazards", self.hazards.len(), limits::HAZARDS)?;
        limits::count("draft", self.draft.len(), limits::DRAFT_HEADS)?;
        let ascending = |ok: bool, field: &'static str| {
            if ok { Ok(()) } else { Err(Refusal::new(Code::NotCanonical).field(field)) }
        };
        ascending(self.answers.is_sorted_by(|a, b| a.item < b.item), "answers")?;
        ascending(self.hazards.is_sorted_by(|a, b| a.id < b.id), "hazards")?;
        ascending(self.draft.is_sorted_by(|a, b| a < b), "draft")?;
        for answer in &self.answers {
            answer.item.validate()?;
            limits::optional_text("note", &answer.note, limits::TEXT_CHARS)?;
        }
        self.hazards.iter().try_for_each(Hazard::validate)?;
        let named: std::collections::BTreeSet<_> = self.hazards.iter().flat_map(photos).collect();
        ascending(self.manifest.iter().eq(named), "manifest")?;
        limits::optional_text("catalogue", &self.catalogue, limits::NAME_CHARS)
    }
}

/// Every photo that a hazard names.
pub fn photos(hazard: &Hazard) -> impl Iterator<Item = &BlobHash> {
    let after = match &hazard.measure {
        super::hazard::Measure::FixedOnSpot { after } => after.as_slice(),
        super::hazard::Measure::Rectify { .. } => &[],
    };
    hazard.photos.iter().chain(after)
}

/// How the enterprise's person met the record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum SignOutcome {
    /// Signed on the screen.
    #[n(0)]
    Signed {
        /// Name.
        #[n(0)]
        name: String,
        /// Post in the enterprise.
        #[n(1)]
        post: String,
        /// The drawing.
        #[n(2)]
        drawing: BlobHash,
    },
    /// Refused to sign (安全生产法 第六十八条).
    #[n(1)]
    Refused {
        /// Why, as stated or observed.
        #[n(0)]
        reason: String,
        /// A witness, where there was one.
        #[n(1)]
        witness: Option<String>,
    },
}

impl SignOutcome {
    /// Checks form and bounds; a refusal needs its reason.
    pub fn validate(&self) -> Result<(), Refusal> {
        match self {
            Self::Signed { name, post, drawing } => {
                limits::text("name", name, limits::NAME_CHARS)?;
                limits::optional_text("post", post, limits::NAME_CHARS)?;
                drawing.validate()
            }
            Self::Refused { reason, witness } => {
                if reason.trim().is_empty() {
                    return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
                }
                limits::text("reason", reason, limits::TEXT_CHARS)?;
                witness
                    .as_ref()
                    .map_or(Ok(()), |name| limits::text("witness", name, limits::NAME_CHARS))
            }
        }
    }
}

/// A field whose value binds the enterprise. Differing values are kept until one is chosen.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum BindingField {
    /// Grade of a hazard.
    #[n(0)]
    Grade,
    /// Legal basis of a hazard.
    #[n(1)]
    Basis,
    /// What is ordered for a hazard.
    #[n(2)]
    Measure,
    /// Verdict of a check item.
    #[n(3)]
    Verdict,
}
