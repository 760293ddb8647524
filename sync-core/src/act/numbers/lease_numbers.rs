//! 配发文号: the server gives a block of numbers to one device.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::numbers::NumberBlock;
use crate::id::{DeviceId, FactId, PersonId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// A block of numbers belongs to one device from now on: neither the server nor another device uses them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct NumbersLeased {
    /// The request that it answers.
    #[n(0)]
    pub request: FactId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Whose it is.
    #[n(2)]
    pub person: PersonId,
    /// The numbers.
    #[n(3)]
    pub block: NumberBlock,
}

impl Act for NumbersLeased {
    const KIND: u16 = 43;
    const NAME: &'static str = "numbers.leased";
    const TITLE: &'static str = "配发文号";
    const BY_SERVER: bool = true;

    fn about(&self) -> About {
        About::stream(StreamId::numbers(self.block.series.id()))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.request.validate()?;
        self.block.validate()
    }

    /// One request is answered once.
    fn repeats(&self, earlier: &Self) -> bool {
        self.request == earlier.request
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        let (first, last) = (self.block.first, self.block.last);
        Telling::of(Self::TITLE).words(format!("{first} 至 {last} 号"))
    }
}
