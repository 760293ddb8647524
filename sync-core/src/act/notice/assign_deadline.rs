//! 确定整改期限: the server counts a deadline.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::term::Deadline;
use crate::id::{FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::refusal::Code;

/// The server assigned a deadline. One per hazard and cause.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

impl Act for DeadlineAssigned {
    const KIND: u16 = 22;
    const NAME: &'static str = "deadline.assigned";
    const TITLE: &'static str = "确定整改期限";
    const BY_SERVER: bool = true;

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn repeats(&self, earlier: &Self) -> bool {
        self.cause == earlier.cause
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        Telling::of(format!("整改期限至 {}", self.deadline.date))
    }
}
