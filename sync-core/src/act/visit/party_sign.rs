//! 被检查单位签名: the enterprise's person signs, or refuses to.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{arrived, on_team, sealed};
use crate::act::capture::first_purpose;
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::inspection::SignOutcome;
use crate::id::{FactId, InspectionId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// The enterprise's person signed, or refused to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

impl Act for PartySign {
    const KIND: u16 = 7;
    const NAME: &'static str = "inspection.party_signed";
    const TITLE: &'static str = "被检查单位签名";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.outcome.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    /// An officer who has arrived records how the enterprise's person met the record.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        sealed(case, self.seal, unmet);
        if let SignOutcome::Signed { drawing, .. } = &self.outcome {
            let drawn = first_purpose(case, drawing) == Some(Purpose::Signature);
            unmet.require(drawn, Code::PhotoUnknown);
        }
        unmet.require(case.every::<Self>().next().is_none(), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        match &self.outcome {
            SignOutcome::Signed { name, post, drawing } => {
                Telling::of(Self::TITLE).words(format!("{name}　{post}")).photos([drawing])
            }
            SignOutcome::Refused { reason, witness } => {
                let witness = witness.as_ref().map(|name| format!("见证人：{name}"));
                Telling::of("被检查单位拒绝签名").words(reason).words(witness.unwrap_or_default())
            }
        }
    }
}
