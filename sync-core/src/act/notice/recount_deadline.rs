//! 重新核定整改期限: the server counts a deadline again, once a calendar that was missing is published.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::DeadlineAssigned;
use crate::act::hazard::HazardCase;
use crate::calendar::reasons;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::term::Deadline;
use crate::id::{FactId, HazardId, NoticeId};
use crate::ledger::stream::StreamId;
use crate::refusal::Code;
use crate::time::CivilDate;

/// A deadline was counted again. One for each deadline and edition of the calendars.
///
/// A later date counts from here on. An earlier one does not, since the enterprise may rely on what it was told; it is
/// stated all the same, so that everybody can see that it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct DeadlineRecounted {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard.
    #[n(1)]
    pub hazard: HazardId,
    /// The fact that assigned the deadline.
    #[n(2)]
    pub assigned: FactId,
    /// The date that counted until then.
    #[n(3)]
    pub before: CivilDate,
    /// The deadline as it is counted now, with the calendars that were read.
    #[n(4)]
    pub deadline: Deadline,
}

impl Act for DeadlineRecounted {
    const KIND: u16 = 49;
    const NAME: &'static str = "deadline.recounted";
    const TITLE: &'static str = "重新核定整改期限";
    const BY_SERVER: bool = true;

    fn about(&self) -> About {
        About::hazard(StreamId::notice(self.notice), self.hazard)
    }

    fn repeats(&self, earlier: &Self) -> bool {
        self.assigned == earlier.assigned && self.is_of_edition(&earlier.deadline)
    }

    fn check(&self, _case: &Case, _context: &Context<'_>, unmet: &mut Unmet) {
        unmet.require(false, Code::ServerOnly);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(reasons::of_recount(self.before, &self.deadline))
    }
}

impl DeadlineRecounted {
    /// Whether it was counted from the same day and over the same edition of the calendars.
    #[must_use]
    pub fn is_of_edition(&self, other: &Deadline) -> bool {
        self.deadline.start == other.start && self.deadline.calendars == other.calendars
    }
}

impl<'c> HazardCase<'c> {
    /// How often a deadline was counted again, in the order in which it counts.
    pub fn recounts(
        &self,
        assigned: FactId,
    ) -> impl DoubleEndedIterator<Item = Of<'c, DeadlineRecounted>> + use<'c> {
        self.all::<DeadlineRecounted>().filter(move |it| it.body.assigned == assigned)
    }

    /// What counts of a deadline: the latest of the dates that it was assigned and counted again.
    #[must_use]
    pub fn counting(&self, assigned: Of<'c, DeadlineAssigned>) -> &'c Deadline {
        let again = self.recounts(assigned.fact).map(|it| &it.body.deadline);
        // Of two with one date the one that rests on published calendars, then the newer one.
        let later = again.max_by_key(|it| (it.date, !it.provisional));
        later.filter(|it| it.date >= assigned.body.deadline.date).unwrap_or(&assigned.body.deadline)
    }

    /// The deadline that counts.
    #[must_use]
    pub fn deadline(&self) -> Option<&'c Deadline> {
        self.last::<DeadlineAssigned>().map(|it| self.counting(it))
    }
}
