//! 入企登记: an officer arrives.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::on_team;
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::evidence::Fix;
use crate::domain::inspection::Plan;
use crate::id::InspectionId;
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// An officer is on the premises.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
        self.fix.map_or(Ok(()), |fix| fix.position.validate())?;
        self.plate.as_ref().map_or(Ok(()), |plate| limits::text("plate", plate, limits::NAME_CHARS))
    }

    /// Within the days of the plan, as the device's clock says and the server can bound it. Also after the seal: who was
    /// there without signal did not know of it, and what was recorded there rests on the arrival. When it was is signed.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        let day = context.stated.date();
        let within = |plan: Of<'_, Plan>| plan.body.from <= day && day <= plan.body.to;
        unmet.require(case.plan().is_none_or(within), Code::OutsideWindow);
        unmet.require(!case.has_arrived(context.author.id), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        let shown =
            if self.certificate_shown { "已出示执法证件" } else { "未出示执法证件" };
        Telling::of(Self::TITLE).words(shown)
    }
}
