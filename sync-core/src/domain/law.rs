//! Law as dated data: documents with their editions and clauses, criteria for major hazards, penalties, default terms.
//!
//! Nothing here is a constant of the product. What is not verified says why; it is shown and blocks nothing.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hazard::{Clause, Grade};
use super::term::Term;
use crate::id::SectorCode;
use crate::time::CivilDate;

/// How well something is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Compared with the text.
    #[n(0)]
    #[default]
    Verified,
    /// Not compared; says why.
    #[n(1)]
    Unverified(#[n(0)] String),
}

impl Known {
    /// Why it is not verified, where it is not.
    #[must_use]
    pub fn doubt(&self) -> Option<&str> {
        match self {
            Self::Verified => None,
            Self::Unverified(why) => Some(why),
        }
    }
}

/// What kind of document it is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum LawKind {
    /// 法律、行政法规、地方性法规 or 规章: its clauses impose duties.
    #[n(0)]
    #[default]
    Statute,
    /// 国家标准、行业标准 and technical rules: says how a duty is met.
    #[n(1)]
    Standard,
    /// 重大事故隐患判定标准: grades what is found and imposes no duty.
    #[n(2)]
    Criteria,
    /// 规范性文件.
    #[n(3)]
    Notice,
}

/// One clause of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Provision {
    /// Which, in its one form: `第三十六条第一款`, or `4.2a` in a standard.
    #[n(0)]
    pub clause: String,
    /// What it says, in one or two sentences of our own. Empty where only the text was imported.
    #[n(1)]
    #[cbor(default)]
    #[serde(default)]
    pub gist: String,
    /// Its text, where it was imported.
    #[n(2)]
    #[serde(default)]
    pub text: Option<String>,
    /// How well number and gist are known.
    #[n(3)]
    #[cbor(default)]
    #[serde(default)]
    pub known: Known,
}

/// One edition of a document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Edition {
    /// Number or year, such as `2021修正`.
    #[n(0)]
    pub number: String,
    /// First day in force; none where it is not known: then it counts as in force, and is not verified.
    #[n(1)]
    #[serde(default)]
    pub from: Option<CivilDate>,
    /// Last day in force; none while it is open.
    #[n(2)]
    #[serde(default)]
    pub until: Option<CivilDate>,
    /// Day on which it was passed; imported texts name their edition by it.
    #[n(3)]
    #[serde(default)]
    pub passed: Option<CivilDate>,
    /// How well the edition is known.
    #[n(4)]
    pub known: Known,
    /// Clauses that are cited somewhere.
    #[n(5)]
    #[cbor(default)]
    #[serde(default)]
    pub clauses: Vec<Provision>,
}

/// A law, rule or standard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct LawDocument {
    /// Short id.
    #[n(0)]
    pub id: String,
    /// Title.
    #[n(1)]
    pub title: String,
    /// Number of the newest edition, for readers that know no editions; files leave it out.
    #[n(2)]
    #[serde(default)]
    pub number: String,
    /// First day of the newest edition, likewise.
    #[n(3)]
    #[serde(default)]
    pub effective: Option<CivilDate>,
    /// What kind of document.
    #[n(4)]
    #[cbor(default)]
    #[serde(default)]
    pub kind: LawKind,
    /// Editions, oldest first.
    #[n(5)]
    #[cbor(default)]
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// The title as papers cite it, where it is longer than the one that people use.
    #[n(6)]
    #[serde(default)]
    pub full_title: Option<String>,
}

impl LawDocument {
    /// The title as it stands on papers.
    #[must_use]
    pub fn printed_title(&self) -> &str {
        self.full_title.as_ref().unwrap_or(&self.title)
    }

    /// The document with number and first day of its newest edition at its head.
    #[must_use]
    pub fn headed(mut self) -> Self {
        if let Some(newest) = self.editions.last() {
            self.number.clone_from(&newest.number);
            self.effective = newest.from;
        }
        self
    }
}

/// The criteria by which hazards of a sector are major, to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct SectorCriteria {
    /// The sector.
    #[n(0)]
    pub sector: SectorCode,
    /// What whoever chooses has to know, such as who confirms the grade.
    #[n(1)]
    #[cbor(default)]
    #[serde(default)]
    pub note: String,
    /// Clauses of criteria in the order in which they are offered. Their documents say from when to when.
    #[n(2)]
    pub clauses: Vec<Clause>,
    /// How well the choice for this sector is known.
    #[n(3)]
    pub known: Known,
}

/// Which clause punishes that a duty was broken.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Penalty {
    /// The duty.
    #[n(0)]
    pub duty: Clause,
    /// The clause that punishes it; its gist says how.
    #[n(1)]
    pub clause: Clause,
    /// How well it is known that this clause punishes this duty.
    #[n(2)]
    pub known: Known,
}

/// The term, and the duty, that are proposed where no check item proposes one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct DefaultTerm {
    /// Sector; none is any sector without a row of its own.
    #[n(0)]
    #[serde(default)]
    pub sector: Option<SectorCode>,
    /// Grade of the hazard.
    #[n(1)]
    pub grade: Grade,
    /// The term.
    #[n(2)]
    pub term: Term,
    /// Clause that sets it; none where no law does.
    #[n(3)]
    #[serde(default)]
    pub basis: Option<Clause>,
    /// First day; none is always.
    #[n(4)]
    #[serde(default)]
    pub from: Option<CivilDate>,
    /// Last day; none while it is open.
    #[n(5)]
    #[serde(default)]
    pub until: Option<CivilDate>,
    /// How well it is known.
    #[n(6)]
    pub known: Known,
    /// The duty that is proposed; none where the officer has to choose one.
    #[n(7)]
    #[serde(default)]
    pub duty: Option<Clause>,
}

/// How sure it is that the basis of a check item fits.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Sure {
    /// The clause carries the finding.
    #[n(0)]
    #[default]
    High,
    /// Probably; the item says what is open.
    #[n(1)]
    Medium,
    /// A lawyer has to choose before anything rests on it.
    #[n(2)]
    Low,
}

/// A clause as it reads on a day: what a screen or a paper shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ClauseReading {
    /// The clause.
    pub clause: Clause,
    /// Title of its document.
    pub title: String,
    /// The edition.
    pub edition: String,
    /// What it says, in our words; empty where only the text is there.
    pub gist: String,
    /// Its text, where it was imported.
    pub text: Option<String>,
    /// Why it is not verified, where it is not.
    pub doubt: Option<String>,
    /// Whether an edition with this clause is in force on the day.
    pub in_force: bool,
}
