//! 第二执法人员签名: of the record, and of each supplement of it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{arrived, on_team};
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::{About, Case};
use crate::id::{FactId, InspectionId, PersonId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// The second officer signs the sealed record, or a supplement of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Cosign {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The seal or the supplement that is signed.
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

    /// Another officer of the team than the one who sealed or supplemented, who was there.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        unmet.require(case.seal().is_some(), Code::NotSealed);
        let by = stated_by(case, self.seal);
        unmet.require(case.seal().is_none() || by.is_some(), Code::SealMismatch);
        unmet.require(by != Some(context.author.id), Code::SamePerson);
        let mut signed = case.every::<Self>().filter(|it| it.body.seal == self.seal);
        unmet.require(!signed.any(|it| it.by == context.author.id), Code::AlreadyExists);
    }
}

/// Who stated the record or the supplement that a fact is.
fn stated_by(case: &Case, fact: FactId) -> Option<PersonId> {
    let record = case.seal().filter(|seal| seal.fact == fact).map(|seal| seal.by);
    record.or_else(|| case.supplements().find(|it| it.fact == fact).map(|it| it.by))
}
