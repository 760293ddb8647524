//! The kinds of statements. A new kind is a file of its own and a line here.

use serde::{Deserialize, Serialize};

use super::capture::Capture;
use super::notice::{
    ClosureDecision, Countersigned, DeadlineAssigned, DeadlineRecounted, DismissalProposed,
    Dismissed, Escalated, ExtensionDecision, ExtensionRequest, GradeRaised, MajorDecision, Recheck,
    RectificationPlan, Reply, ResumptionDecision, ResumptionRequest, SupervisionListed,
    TermOrdered,
};
use super::numbers::{NumbersLeased, NumbersRequested, NumbersVoided};
use super::paper::{PaperCorrected, PapersIssued};
use super::visit::{
    Arrival, Cosign, IssuedOnSite, MeasureOrdered, ParallelDecision, PartFinished, PartySign,
    Supplement,
};
use crate::case::act::{Act, Context, Kind, ProofPhotos, Unmet};
use crate::case::fold::{CaseEntry, Folds};
use crate::case::offer::Offer;
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::cbor;
use crate::domain::inspection::{Plan, Record};
use crate::domain::notice::{Notice, Service};
use crate::id::FactId;
use crate::ledger::fact::Content;
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

macro_rules! statements {
    ($($name:ident: $body:ty,)+) => {
        /// One official statement.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case", tag = "kind", content = "body")]
        #[non_exhaustive]
        pub enum Statement {
            $(
                #[doc = concat!("[`", stringify!($body), "`].")]
                #[cfg_attr(feature = "schema", schemars(title = <$body as Act>::TITLE))]
                $name($body),
            )+
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
            pub const TITLES: &[(&str, &str)] =
                &[$((<$body as Act>::NAME, <$body as Act>::TITLE),)+];

            /// The stable name of the kind.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => <$body as Act>::NAME,)+
                    Self::Unknown { .. } => "unknown",
                }
            }

            /// What a timeline calls it.
            #[must_use]
            pub const fn title(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => <$body as Act>::TITLE,)+
                    Self::Unknown { .. } => "未知记录",
                }
            }

            /// What is shown of it.
            #[must_use]
            pub fn tell(&self) -> Telling {
                match self {
                    $(Self::$name(body) => body.tell(),)+
                    Self::Unknown { .. } => Telling::of(self.title()),
                }
            }

            /// Whether only the server may state it.
            #[must_use]
            pub const fn is_by_server(&self) -> bool {
                match self {
                    $(Self::$name(_) => <$body as Act>::BY_SERVER,)+
                    Self::Unknown { .. } => false,
                }
            }

            /// What it is about; none for a kind that this build does not know.
            #[must_use]
            pub fn about(&self) -> Option<About> {
                match self {
                    $(Self::$name(body) => Some(body.about()),)+
                    Self::Unknown { .. } => None,
                }
            }

            /// The same with what its device adds from the case as it knows it, before it is signed.
            #[must_use]
            pub fn knowing(self, case: &Case) -> Self {
                match self {
                    $(Self::$name(body) => Self::$name(body.knowing(case)),)+
                    unknown @ Self::Unknown { .. } => unknown,
                }
            }

            /// The facts that it names.
            #[must_use]
            pub fn follows(&self) -> Vec<FactId> {
                match self {
                    $(Self::$name(body) => body.follows(),)+
                    Self::Unknown { .. } => Vec::new(),
                }
            }

            /// The photos that it rests on, for a decision.
            #[must_use]
            pub fn rests_on(&self) -> Option<ProofPhotos<'_>> {
                match self {
                    $(Self::$name(body) => body.rests_on(),)+
                    Self::Unknown { .. } => None,
                }
            }

            /// Names every condition that does not hold for the author to state this now.
            pub(crate) fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
                match self {
                    $(Self::$name(body) => body.check(case, context, unmet),)+
                    // One critical fact of an unknown kind stops every status of a case, so no gate lets it in.
                    Self::Unknown { .. } => unmet.require(false, Code::KindUnknown),
                }
            }

            /// What the author may state about something now, in the order of the loop.
            pub(crate) fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
                let mut offers = Vec::new();
                $(offers.extend(<$body as Act>::offers(case, about, context));)+
                offers
            }
        }

        impl Content for Statement {
            fn kind(&self) -> u16 {
                match self {
                    $(Self::$name(_) => <$body as Act>::KIND,)+
                    Self::Unknown { kind, .. } => *kind,
                }
            }

            fn stream(&self) -> Option<StreamId> {
                match self {
                    $(Self::$name(body) => Some(body.about().stream),)+
                    Self::Unknown { .. } => None,
                }
            }

            fn to_bytes(&self) -> Vec<u8> {
                match self {
                    $(Self::$name(body) => cbor::to_vec(body),)+
                    Self::Unknown { body, .. } => body.clone(),
                }
            }

            fn from_bytes(kind: u16, body: &[u8]) -> Result<Self, Refusal> {
                match kind {
                    $(<$body as Act>::KIND => cbor::from_slice(body).map(Self::$name),)+
                    _ => Ok(Self::Unknown { kind, body: body.to_vec() }),
                }
            }

            fn validate(&self) -> Result<(), Refusal> {
                match self {
                    $(Self::$name(body) => body.form(),)+
                    Self::Unknown { .. } => Ok(()),
                }
            }
        }

        impl Folds for Statement {
            fn entry(&self) -> Option<CaseEntry> {
                match self {
                    $(Self::$name(body) => Some(CaseEntry {
                        kind: const { &Kind::of::<$body>() },
                        about: body.about(),
                        body: std::sync::Arc::new(body.clone()),
                    }),)+
                    Self::Unknown { .. } => None,
                }
            }
        }
    };
}

// In the order of the loop, which is the order in which steps are offered.
statements! {
    Planned: Plan,
    Arrived: Arrival,
    Captured: Capture,
    ParallelDecided: ParallelDecision,
    MeasureOrdered: MeasureOrdered,
    PartFinished: PartFinished,
    Sealed: Record,
    Supplemented: Supplement,
    Cosigned: Cosign,
    PartySigned: PartySign,
    IssuedOnSite: IssuedOnSite,
    NoticeIssued: Notice,
    NoticeServed: Service,
    Countersigned: Countersigned,
    MajorDecided: MajorDecision,
    GradeRaised: GradeRaised,
    DeadlineAssigned: DeadlineAssigned,
    DeadlineRecounted: DeadlineRecounted,
    PlanSubmitted: RectificationPlan,
    Replied: Reply,
    ResumptionRequested: ResumptionRequest,
    ResumptionDecided: ResumptionDecision,
    ExtensionRequested: ExtensionRequest,
    ExtensionDecided: ExtensionDecision,
    Rechecked: Recheck,
    TermOrdered: TermOrdered,
    ClosureDecided: ClosureDecision,
    SupervisionListed: SupervisionListed,
    Escalated: Escalated,
    DismissalProposed: DismissalProposed,
    Dismissed: Dismissed,
    PapersIssued: PapersIssued,
    PaperCorrected: PaperCorrected,
    NumbersRequested: NumbersRequested,
    NumbersLeased: NumbersLeased,
    NumbersVoided: NumbersVoided,
}
