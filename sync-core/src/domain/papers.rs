//! What papers of an organ look like: titles, series, sentences of law, as dated data.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hazard::Clause;
use crate::id::DepartmentId;
use crate::time::CivilDate;

/// Kinds of papers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum PaperKind {
    /// 现场检查方案, with its approval.
    #[n(0)]
    InspectionPlan,
    /// 行政检查通知书, shown at the door.
    #[n(1)]
    VisitNotice,
    /// 现场检查记录, and each supplement of it.
    #[n(2)]
    InspectionRecord,
    /// 现场处理措施决定书.
    #[n(3)]
    MeasureDecision,
    /// 责令限期整改指令书.
    #[n(4)]
    RectificationNotice,
    /// 送达回证.
    #[n(5)]
    ProofOfService,
    /// 延期整改审批.
    #[n(6)]
    Extension,
    /// 整改复查意见书.
    #[n(7)]
    RecheckOpinion,
    /// 再次责令限期整改指令书.
    #[n(13)]
    FurtherTerm,
    /// 恢复生产、使用审查意见书.
    #[n(12)]
    ResumptionOpinion,
    /// 挂牌督办通知书.
    #[n(8)]
    ListedSupervision,
    /// 案件移送书.
    #[n(9)]
    Referral,
    /// 卷宗封面.
    #[n(10)]
    FileCover,
    /// 卷内目录.
    #[n(11)]
    FileIndex,
}

impl PaperKind {
    /// Every kind, in the order in which papers lie in a case file.
    pub const ALL: &[Self] = &[
        Self::FileCover,
        Self::FileIndex,
        Self::InspectionPlan,
        Self::VisitNotice,
        Self::InspectionRecord,
        Self::MeasureDecision,
        Self::RectificationNotice,
        Self::ProofOfService,
        Self::Extension,
        Self::RecheckOpinion,
        Self::FurtherTerm,
        Self::ResumptionOpinion,
        Self::ListedSupervision,
        Self::Referral,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InspectionPlan => "inspection_plan",
            Self::VisitNotice => "visit_notice",
            Self::InspectionRecord => "inspection_record",
            Self::MeasureDecision => "measure_decision",
            Self::RectificationNotice => "rectification_notice",
            Self::ProofOfService => "proof_of_service",
            Self::Extension => "extension",
            Self::RecheckOpinion => "recheck_opinion",
            Self::FurtherTerm => "further_term",
            Self::ResumptionOpinion => "resumption_opinion",
            Self::ListedSupervision => "listed_supervision",
            Self::Referral => "referral",
            Self::FileCover => "file_cover",
            Self::FileIndex => "file_index",
        }
    }

    /// Whether the authority keeps it to itself: the enterprise is never given it.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::InspectionPlan | Self::Referral | Self::FileCover | Self::FileIndex)
    }
}

/// The places of papers at which a form may have a text.
pub const PLACES: [&str; 18] = [
    "acceptance",
    "basis",
    "complaints",
    "conduct",
    "consequences",
    "demands",
    "granted",
    "lifting",
    "major",
    "manner",
    "notes",
    "opening",
    "reach",
    "refused",
    "remedies",
    "retention",
    "rights",
    "safety",
];

/// The names in braces that such a text may hold.
pub const NAMES: [&str; 9] =
    ["approval", "court", "date", "enterprise", "issued_on", "number", "organ", "phone", "review"];

/// A text of a paper at a named place, such as `remedies`. Names in braces stand for what the paper is about, such as
/// `{enterprise}`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Passage {
    /// Where it stands.
    #[n(0)]
    pub place: String,
    /// The text.
    #[n(1)]
    pub text: String,
    /// What it rests on.
    #[n(2)]
    #[serde(default)]
    #[cbor(default)]
    pub basis: Vec<Clause>,
    /// Whether a legal office has confirmed it; the paper says so where not.
    #[n(3)]
    #[serde(default)]
    #[cbor(default)]
    pub verified: bool,
}

/// The form of one kind of paper, of one organ or of all that have none of their own, within its days.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct PaperTemplate {
    /// Of which kind.
    #[n(0)]
    pub kind: PaperKind,
    /// Of which organ; none for all that have no own one.
    #[n(1)]
    pub department: Option<DepartmentId>,
    /// First day.
    #[n(2)]
    pub from: CivilDate,
    /// Last day; none while it is in use.
    #[n(3)]
    pub until: Option<CivilDate>,
    /// Title.
    #[n(4)]
    pub title: String,
    /// Organ and kind in its number, such as `应急检记` or, with the organ's own code, `{code}检记`; none for a paper
    /// without a number.
    #[n(5)]
    pub series: Option<String>,
    /// Its texts.
    #[n(6)]
    pub passages: Vec<Passage>,
    /// Whether a legal office has confirmed title and fields.
    #[n(7)]
    #[serde(default)]
    #[cbor(default)]
    pub verified: bool,
}

/// How an organ stands on its papers, within its days.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Organ {
    /// Which.
    #[n(0)]
    pub department: DepartmentId,
    /// First day.
    #[n(1)]
    pub from: CivilDate,
    /// Last day; none while it is so.
    #[n(2)]
    pub until: Option<CivilDate>,
    /// Full name, as on its seal.
    #[n(3)]
    pub name: String,
    /// Who decides on an application for review (复议机关).
    #[n(4)]
    pub review: Option<String>,
    /// The court of a suit.
    #[n(5)]
    pub court: Option<String>,
    /// Where to complain.
    #[n(6)]
    pub phone: Option<String>,
    /// Whether a legal office has confirmed it.
    #[n(7)]
    #[serde(default)]
    #[cbor(default)]
    pub verified: bool,
    /// Its code in numbers, such as `应急`.
    #[n(8)]
    pub code: String,
}

/// By which rules days are counted, within their days: each as it is cited.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct CountingRule {
    /// First day.
    #[n(0)]
    pub from: CivilDate,
    /// Last day; none while it is in use.
    #[n(1)]
    pub until: Option<CivilDate>,
    /// That the day of the event is not counted.
    #[n(2)]
    pub start: String,
    /// Which days are worked; `{year}` stands for the year.
    #[n(3)]
    pub working: String,
    /// That a last day which is a holiday moves.
    #[n(4)]
    pub roll: String,
    /// Whether a legal office has confirmed it.
    #[n(5)]
    #[serde(default)]
    #[cbor(default)]
    pub verified: bool,
    /// How natural days are counted, and whether their last day moves: a clause of a sentence, may be empty.
    #[n(6)]
    #[serde(default)]
    #[cbor(default)]
    pub natural: String,
}

/// Everything that papers need besides the case and the law.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Papers {
    /// Forms.
    #[n(0)]
    pub templates: Vec<PaperTemplate>,
    /// Organs.
    #[n(1)]
    pub organs: Vec<Organ>,
    /// Rules of counting.
    #[n(2)]
    pub counting: Vec<CountingRule>,
}

impl Papers {
    /// The form in use on a day: the organ's own, else the one of all; of several the youngest.
    #[must_use]
    pub fn template(
        &self,
        kind: PaperKind,
        department: &DepartmentId,
        on: CivilDate,
    ) -> Option<&PaperTemplate> {
        let of_kind = self.templates.iter().filter(|it| it.kind == kind);
        let fits = |it: &&PaperTemplate| {
            it.department.as_ref().is_none_or(|it| it == department)
                && within(it.from, it.until, on)
        };
        of_kind.filter(fits).max_by_key(|it| (it.department.is_some(), it.from))
    }

    /// How an organ stands on papers of a day.
    #[must_use]
    pub fn organ(&self, department: &DepartmentId, on: CivilDate) -> Option<&Organ> {
        let of = self.organs.iter().filter(|it| it.department == *department);
        of.filter(|it| within(it.from, it.until, on)).max_by_key(|it| it.from)
    }

    /// The rules of counting in use on a day.
    #[must_use]
    pub fn counting(&self, on: CivilDate) -> Option<&CountingRule> {
        let in_use = self.counting.iter().filter(|it| within(it.from, it.until, on));
        in_use.max_by_key(|it| it.from)
    }
}

fn within(from: CivilDate, until: Option<CivilDate>, on: CivilDate) -> bool {
    from <= on && until.is_none_or(|until| on <= until)
}
