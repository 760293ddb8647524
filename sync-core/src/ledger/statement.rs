//! Everything that can be stated as a fact.

mod escalation;
mod form;
mod major;

pub use escalation::Escalation;
use form::{reason, validate_decision, validate_recheck, validate_reply};
pub use major::MajorDecision;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::domain::evidence::{Fix, Photo};
use crate::domain::inspection::{BindingField, Plan, Record, SignOutcome};
use crate::domain::notice::{Notice, Service};
use crate::domain::term::{Deadline, Term};
use crate::id::{BlobHash, FactId, HazardId, InspectionId, ItemCode, NoticeId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::CivilDate;

/// The file of facts that a statement belongs to, and by which it is shown to an audience.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "stream", content = "id")]
pub enum StreamId {
    /// The visit and its record: the authority's side.
    #[n(0)]
    Inspection(#[n(0)] InspectionId),
    /// The notice and all that follows: shared with the enterprise.
    #[n(1)]
    Notice(#[n(0)] NoticeId),
}

/// 入企登记.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Arrival {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// Whether the certificate was shown.
    #[n(1)]
    pub certificate_shown: bool,
    /// Code on the plate at the gate, where it was scanned.
    #[n(2)]
    pub plate: Option<String>,
    /// Position fix, where there was one.
    #[n(3)]
    pub fix: Option<Fix>,
}

/// A photo was captured.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Capture {
    /// Where it belongs.
    #[n(0)]
    pub stream: StreamId,
    /// The photo.
    #[n(1)]
    pub photo: Photo,
}

/// What a decision on differing values is about.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "subject", content = "id")]
pub enum ParallelSubject {
    /// A hazard.
    #[n(0)]
    Hazard(#[n(0)] HazardId),
    /// A check item.
    #[n(1)]
    Item(#[n(0)] ItemCode),
}

/// A named person chose between differing values; the others stay readable here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct ParallelDecision {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// What the values are about.
    #[n(1)]
    pub subject: ParallelSubject,
    /// Which field.
    #[n(2)]
    pub field: BindingField,
    /// The values that were there, as text, with their authors.
    #[n(3)]
    pub values: Vec<ParallelValue>,
    /// Index of the chosen one.
    #[n(4)]
    pub chosen: u32,
    /// Why.
    #[n(5)]
    pub reason: String,
}

/// One of several differing values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(array)]
pub struct ParallelValue {
    /// Who wrote it, where known.
    #[n(0)]
    pub by: Option<crate::id::PersonId>,
    /// The value as the draft holds it.
    #[n(1)]
    pub value: String,
}

/// The second officer signs the sealed record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Cosign {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The seal that is signed.
    #[n(1)]
    pub seal: FactId,
}

/// The enterprise's person signed, or refused to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct PartySign {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The seal that was shown.
    #[n(1)]
    pub seal: FactId,
    /// What happened.
    #[n(2)]
    pub outcome: SignOutcome,
}

/// The server assigned a deadline. One per hazard and cause.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct DeadlineAssigned {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The fact that caused it: service, a granted extension or a failed recheck.
    #[n(2)]
    pub cause: FactId,
    /// The deadline.
    #[n(3)]
    pub deadline: Deadline,
}

/// 整改报告 for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Reply {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// What was done.
    #[n(2)]
    pub measures: String,
    /// Who was responsible.
    #[n(3)]
    pub responsible: String,
    /// When it was finished.
    #[n(4)]
    pub finished_on: CivilDate,
    /// Photos of the state after.
    #[n(5)]
    pub photos: Vec<BlobHash>,
}

/// The enterprise asks for more time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct ExtensionRequest {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// How much more, counted from the present deadline.
    #[n(2)]
    pub term: Term,
    /// Why.
    #[n(3)]
    pub reason: String,
}

/// A supervisor decides on more time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct ExtensionDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The request.
    #[n(2)]
    pub request: FactId,
    /// What is granted; none refuses.
    #[n(3)]
    pub granted: Option<Term>,
    /// Why.
    #[n(4)]
    pub reason: String,
}

/// 复查意见 for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Recheck {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Whether it is fixed.
    #[n(2)]
    pub passed: bool,
    /// The opinion in words.
    #[n(3)]
    pub opinion: String,
    /// Photos of the recheck.
    #[n(4)]
    pub photos: Vec<BlobHash>,
    /// The new term when it is not fixed.
    #[n(5)]
    pub new_term: Option<Term>,
}

/// 销号 or its return, for one hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct ClosureDecision {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The recheck that the decision rests on.
    #[n(2)]
    pub recheck: FactId,
    /// Whether it is closed; otherwise it goes back to recheck.
    #[n(3)]
    pub approved: bool,
    /// Why; needed when it goes back.
    #[n(4)]
    pub reason: String,
    /// The photos that were looked at.
    #[n(5)]
    pub evidence: Vec<BlobHash>,
}

/// More pressure on an open hazard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Escalated {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The step.
    #[n(2)]
    pub step: Escalation,
    /// Why.
    #[n(3)]
    pub reason: String,
}

/// A hazard should not have been recorded: proposed by an officer, confirmed by a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cbor(map)]
pub struct Dismissal {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// Why.
    #[n(2)]
    pub reason: String,
}

macro_rules! statements {
    ($($kind:literal $name:ident($body:ty) = $text:literal, $title:literal;)+) => {
        /// One official statement.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case", tag = "kind", content = "body")]
        #[non_exhaustive]
        pub enum Statement {
            $(#[doc = $title] $name($body),)+
            /// A kind that this build does not know, kept as it came.
            Unknown {
                /// Its number.
                kind: u16,
                /// Its bytes.
                body: Vec<u8>,
            },
        }

        impl Statement {
            /// Stable name and title of every kind.
            pub const TITLES: &[(&str, &str)] = &[$(($text, $title),)+];

            /// The stable number of the kind.
            #[must_use]
            pub const fn kind(&self) -> u16 {
                match self { $(Self::$name(_) => $kind,)+ Self::Unknown { kind, .. } => *kind }
            }

            /// The stable name of the kind.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => $text,)+ Self::Unknown { .. } => "unknown" }
            }

            /// What a timeline calls it.
            #[must_use]
            pub const fn title(&self) -> &'static str {
                match self { $(Self::$name(_) => $title,)+ Self::Unknown { .. } => "未知记录" }
            }

            /// The canonical bytes of the body.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                match self {
                    $(Self::$name(body) => crate::wire::codec::to_vec(body),)+
                    Self::Unknown { body, .. } => body.clone(),
                }
            }

            /// Reads the body of a kind; an unknown kind is kept as bytes.
            pub fn from_bytes(kind: u16, body: &[u8]) -> Result<Self, Refusal> {
                match kind {
                    $($kind => crate::wire::codec::from_slice(body).map(Self::$name),)+
                    _ => Ok(Self::Unknown { kind, body: body.to_vec() }),
                }
            }
        }
    };
}

statements! {
    1 Planned(Plan) = "inspection.planned", "下达检查任务";
    2 Arrived(Arrival) = "inspection.arrived", "入企登记";
    3 Captured(Capture) = "photo.captured", "拍摄照片";
    4 ParallelDecided(ParallelDecision) = "parallel.decided", "裁定不同意见";
    5 Sealed(Record) = "inspection.sealed", "封存检查记录";
    6 Cosigned(Cosign) = "inspection.cosigned", "第二执法人员签名";
    7 PartySigned(PartySign) = "inspection.party_signed", "被检查单位签名";
    20 NoticeIssued(Notice) = "notice.issued", "出具责令限期整改指令书";
    21 NoticeServed(Service) = "notice.served", "送达";
    22 DeadlineAssigned(DeadlineAssigned) = "deadline.assigned", "确定整改期限";
    23 Replied(Reply) = "hazard.replied", "提交整改报告";
    24 ExtensionRequested(ExtensionRequest) = "extension.requested", "申请延期";
    25 ExtensionDecided(ExtensionDecision) = "extension.decided", "审批延期";
    26 Rechecked(Recheck) = "hazard.rechecked", "复查";
    27 ClosureDecided(ClosureDecision) = "closure.decided", "销号审批";
    28 Escalated(Escalated) = "hazard.escalated", "督办";
    29 DismissalProposed(Dismissal) = "dismissal.proposed", "提请撤销隐患";
    30 Dismissed(Dismissal) = "hazard.dismissed", "撤销隐患";
    31 MajorDecided(MajorDecision) = "major.decided", "重大隐患认定";
}

impl Statement {
    /// The stream it belongs to; none for an unknown kind, whose fact says it.
    #[must_use]
    pub const fn stream(&self) -> Option<StreamId> {
        Some(match self {
            Self::Planned(plan) => StreamId::Inspection(plan.inspection),
            Self::Arrived(it) => StreamId::Inspection(it.inspection),
            Self::Captured(it) => it.stream,
            Self::ParallelDecided(it) => StreamId::Inspection(it.inspection),
            Self::Sealed(it) => StreamId::Inspection(it.inspection),
            Self::Cosigned(it) => StreamId::Inspection(it.inspection),
            Self::PartySigned(it) => StreamId::Inspection(it.inspection),
            Self::NoticeIssued(it) => StreamId::Notice(it.id),
            Self::NoticeServed(it) => StreamId::Notice(it.notice),
            Self::DeadlineAssigned(it) => StreamId::Notice(it.notice),
            Self::Replied(it) => StreamId::Notice(it.notice),
            Self::ExtensionRequested(it) => StreamId::Notice(it.notice),
            Self::ExtensionDecided(it) => StreamId::Notice(it.notice),
            Self::Rechecked(it) => StreamId::Notice(it.notice),
            Self::ClosureDecided(it) => StreamId::Notice(it.notice),
            Self::Escalated(it) => StreamId::Notice(it.notice),
            Self::DismissalProposed(it) | Self::Dismissed(it) => StreamId::Notice(it.notice),
            Self::MajorDecided(it) => StreamId::Notice(it.notice),
            Self::Unknown { .. } => return None,
        })
    }

    /// Whether only the server may state it.
    #[must_use]
    pub const fn is_server_only(&self) -> bool {
        matches!(self, Self::NoticeIssued(_) | Self::DeadlineAssigned(_))
    }

    /// Checks form and bounds. Order of steps and permissions are [`crate::rules::gates`].
    pub fn validate(&self) -> Result<(), Refusal> {
        match self {
            Self::Planned(plan) => plan.validate(),
            Self::Arrived(it) => it
                .plate
                .as_ref()
                .map_or(Ok(()), |plate| limits::text("plate", plate, limits::NAME_CHARS)),
            Self::Captured(it) => it.photo.validate(),
            Self::ParallelDecided(it) => validate_decision(it),
            Self::Sealed(record) => record.validate(),
            Self::Cosigned(it) => it.seal.validate(),
            Self::PartySigned(it) => it.outcome.validate(),
            Self::NoticeServed(it) => it.validate(),
            Self::Replied(it) => validate_reply(it),
            Self::ExtensionRequested(it) => {
                it.term.validate()?;
                reason(&it.reason)
            }
            Self::ExtensionDecided(it) => {
                it.granted.as_ref().map_or(Ok(()), Term::validate)?;
                reason(&it.reason)
            }
            Self::Rechecked(it) => validate_recheck(it),
            Self::ClosureDecided(it) => {
                limits::count("evidence", it.evidence.len(), limits::PHOTOS)?;
                if it.approved {
                    limits::optional_text("reason", &it.reason, limits::TEXT_CHARS)
                } else {
                    reason(&it.reason)
                }
            }
            Self::Escalated(it) => reason(&it.reason),
            Self::DismissalProposed(it) | Self::Dismissed(it) => reason(&it.reason),
            Self::MajorDecided(it) => reason(&it.reason),
            Self::NoticeIssued(_) | Self::DeadlineAssigned(_) | Self::Unknown { .. } => Ok(()),
        }
    }
}
