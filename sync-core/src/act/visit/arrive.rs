//! 入企登记: an officer arrives.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{not_sealed, on_team};
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Fix;
use crate::id::InspectionId;
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// An officer is on the premises.
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

impl Act for Arrival {
    const KIND: u16 = 2;
    const NAME: &'static str = "inspection.arrived";
    const TITLE: &'static str = "入企登记";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.plate.as_ref().map_or(Ok(()), |plate| limits::text("plate", plate, limits::NAME_CHARS))
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        not_sealed(case, unmet);
        unmet.require(!case.has_arrived(context.author.id), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        let shown =
            if self.certificate_shown { "已出示执法证件" } else { "未出示执法证件" };
        Telling::of(Self::TITLE).words(shown)
    }
}
