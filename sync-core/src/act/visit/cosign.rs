//! 第二执法人员签名.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{on_team, sealed};
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::{About, Case};
use crate::id::{FactId, InspectionId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

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

impl Act for Cosign {
    const KIND: u16 = 6;
    const NAME: &'static str = "inspection.cosigned";
    const TITLE: &'static str = "第二执法人员签名";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.seal.validate()
    }

    /// Another officer of the team than the one who sealed.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        if let Some(sealed) = sealed(case, self.seal, unmet) {
            unmet.require(sealed.by != context.author.id, Code::SamePerson);
        }
        let again = case.every::<Self>().any(|cosign| cosign.by == context.author.id);
        unmet.require(!again, Code::AlreadyExists);
    }
}
