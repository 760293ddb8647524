//! 文号作废: what was not used of a block never will be.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::act::conditions::role;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::account::Role;
use crate::domain::numbers::Series;
use crate::id::FactId;
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// The numbers of a block that no paper carries are void, such as those of a lost phone. A paper that was issued with
/// one of them before and comes later stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct NumbersVoided {
    /// The series.
    #[n(0)]
    pub series: Series,
    /// The lease of the block.
    #[n(1)]
    pub lease: FactId,
    /// Why.
    #[n(2)]
    pub reason: String,
}

impl Act for NumbersVoided {
    const KIND: u16 = 44;
    const NAME: &'static str = "numbers.voided";
    const TITLE: &'static str = "文号作废";

    fn about(&self) -> About {
        About::stream(StreamId::numbers(self.series.id()))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.series.validate()?;
        self.lease.validate()?;
        limits::text("reason", &self.reason, limits::TEXT_CHARS)
    }

    fn repeats(&self, earlier: &Self) -> bool {
        self.lease == earlier.lease
    }

    /// A supervisor of the department whose numbers they are, once for each block.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        role(context, &[Role::Supervisor], unmet);
        let lease = case.leases().find(|it| it.fact == self.lease);
        unmet.require(lease.is_some(), Code::NotFound);
        let request = lease.and_then(|it| {
            case.every::<super::NumbersRequested>().find(|asked| asked.fact == it.body.request)
        });
        let department = request.map(|it| &it.body.department);
        let own = department.is_none_or(|it| context.author.department.as_ref() == Some(it));
        unmet.require(own || context.author.role != Role::Supervisor, Code::OtherDepartment);
        unmet.require(case.voided(self.lease).is_none(), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.reason)
    }
}
