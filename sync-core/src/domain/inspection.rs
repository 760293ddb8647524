//! Visits: planned, carried out, sealed.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::findings::Findings;
use super::hazard::Hazard;
use crate::id::{
    BlobHash, DepartmentId, Digest, EnterpriseId, FactId, InspectionId, ItemCode, NoticeId,
    PersonId, SectorCode,
};
use crate::limits;
use crate::refusal::{Code, Refusal};
use crate::time::{CivilDate, Timestamp};

/// Whether the enterprise hears of the visit beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    ///
    /// # Errors
    /// The code of the first field that is wrong: [`Code::TwoOfficersNeeded`], [`Code::PlanRefsMissing`]
    /// without an approval, [`Code::FieldMalformed`] for days in the wrong order, those of codes, counts and
    /// texts.
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
        if !crate::text::is_visible(&self.approval) {
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// What became of the part of each other member of the team, ascending by officer. Records that were
    /// sealed before parts were stated have none.
    #[n(8)]
    #[cbor(skip_if = "Vec::is_empty")]
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// What a record says of the part of one member of the team: it is in the record, or why it is not.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Part {
    /// Whose part.
    #[n(0)]
    pub officer: PersonId,
    /// The statement that it is done, with everything that it names in the record.
    #[n(1)]
    pub part: Option<FactId>,
    /// Why the record was sealed without it; empty where it is in the record.
    #[n(2)]
    pub reason: String,
}

impl Part {
    /// A part that the record holds.
    #[must_use]
    pub const fn taken_in(officer: PersonId, part: FactId) -> Self {
        Self { officer, part: Some(part), reason: String::new() }
    }

    /// A part without which the record is sealed.
    #[must_use]
    pub fn without(officer: PersonId, reason: impl Into<String>) -> Self {
        Self { officer, part: None, reason: reason.into() }
    }

    /// Checks that there is either the part or a reason.
    fn validate(&self) -> Result<(), Refusal> {
        match &self.part {
            Some(part) if self.reason.is_empty() => part.validate(),
            Some(_) => Err(Refusal::new(Code::FieldMalformed).field("reason")),
            None if !crate::text::is_visible(&self.reason) => {
                Err(Refusal::new(Code::ReasonNeeded).field("reason"))
            }
            None => limits::text("reason", &self.reason, limits::NAME_CHARS),
        }
    }
}

/// How much of a record's room is taken up: never less than what the record has in signed bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    answers: usize,
    hazards: usize,
    bytes: usize,
}

impl Size {
    /// Head, times, catalogue, the last changes of the draft, and a part with its reason for each of the team.
    const HEAD: usize = 256
        + 4 * limits::NAME_CHARS
        + 40 * limits::DRAFT_HEADS
        + limits::TEAM * (4 * limits::NAME_CHARS + 64);
    const ANSWER: usize = 16;
    const HAZARD: usize = 160;
    /// A photo stands with its hazard and in the manifest.
    const PHOTO: usize = 2 * 40;

    /// Counts an answer with this many bytes of text.
    pub const fn add_answer(&mut self, texts: usize) {
        self.answers += 1;
        self.bytes += Self::ANSWER + texts;
    }

    /// Counts a hazard with this many bytes of text and photos.
    pub const fn add_hazard(&mut self, texts: usize, photos: usize) {
        self.hazards += 1;
        self.bytes += Self::HAZARD + texts + Self::PHOTO * photos;
    }

    /// Bytes in all.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        Self::HEAD + self.bytes
    }

    /// Hazards.
    #[must_use]
    pub const fn hazards(&self) -> usize {
        self.hazards
    }

    /// Answers.
    #[must_use]
    pub const fn answers(&self) -> usize {
        self.answers
    }
}

impl Record {
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

    /// How much of its room is taken up.
    #[must_use]
    pub fn size(&self) -> Size {
        self.findings().size()
    }

    /// What it says of the part of a member of the team.
    #[must_use]
    pub fn part_of(&self, officer: PersonId) -> Option<&Part> {
        self.parts.iter().find(|part| part.officer == officer)
    }

    /// Checks form, bounds, order, and that the manifest names exactly the photos of the hazards.
    ///
    /// # Errors
    /// [`Code::NotCanonical`] for lists out of order or a manifest that does not fit, `Code::TooMany`, and
    /// those of answers and hazards.
    pub fn validate(&self) -> Result<(), Refusal> {
        self.findings().validate()?;
        limits::count("parts", self.parts.len(), limits::TEAM)?;
        if !self.parts.is_sorted_by(|a, b| a.officer < b.officer) {
            return Err(Refusal::new(Code::NotCanonical).field("parts"));
        }
        self.parts.iter().try_for_each(Part::validate)
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
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
    ///
    /// # Errors
    /// [`Code::ReasonNeeded`] for a refusal without one, otherwise the code of the text or digest that is
    /// wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        match self {
            Self::Signed { name, post, drawing } => {
                limits::text("name", name, limits::NAME_CHARS)?;
                limits::optional_text("post", post, limits::NAME_CHARS)?;
                drawing.validate()
            }
            Self::Refused { reason, witness } => {
                if !crate::text::is_visible(reason) {
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
