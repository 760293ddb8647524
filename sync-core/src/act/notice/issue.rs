//! 出具责令限期整改指令书: the server issues the notice once the record is signed.

use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::notice::Notice;
use crate::ledger::stream::StreamId;
use crate::refusal::Code;

impl Act for Notice {
    const KIND: u16 = 20;
    const NAME: &'static str = "notice.issued";
    const TITLE: &'static str = "出具责令限期整改指令书";
    const BY_SERVER: bool = true;

    fn about(&self) -> About {
        About::stream(StreamId::notice(self.id))
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        let photos = self.items.iter().flat_map(|item| &item.photos);
        Telling::of(Self::TITLE).words(self.number.to_string()).photos(photos)
    }
}
