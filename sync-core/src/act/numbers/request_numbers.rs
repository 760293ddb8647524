//! 申领文号: an officer's device asks for numbers with which it can issue without signal.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{BLOCK, DAY, NumbersLeased};
use crate::act::conditions::{of_department, officer};
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::numbers::Series;
use crate::id::{DepartmentId, PersonId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Days after which an officer's phone issues nothing any more before it has reached the server.
const WITHOUT_SIGNAL: i32 = 31;

/// The device that signs this asks for a block of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct NumbersRequested {
    /// The series.
    #[n(0)]
    pub series: Series,
    /// Whose series it is.
    #[n(1)]
    pub department: DepartmentId,
}

impl Act for NumbersRequested {
    const KIND: u16 = 42;
    const NAME: &'static str = "numbers.requested";
    const TITLE: &'static str = "申领文号";

    fn about(&self) -> About {
        About::stream(StreamId::numbers(self.series.id()))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.series.validate()?;
        self.department.validate()
    }

    /// An officer asks for the own department, whose series it has to be; for this year, and for the next one within a
    /// month of it. Nobody waits longer than a month for signal, so an older clock counts as a month. What one person is leased within a day has a bound.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        of_department(context, &self.department, unmet);
        let department = context.zone.department(&self.department);
        let series = department.filter(|it| it.enforcement).and_then(|it| it.series.as_ref());
        unmet.require(series.is_some(), Code::DepartmentNoPower);
        let own = (&self.series.area, &self.series.series);
        let fits = series.is_none_or(|(area, series)| own == (area, series));
        let longest = context.now.date().plus_days(-WITHOUT_SIGNAL);
        let stated = context.stated.date().max(longest);
        let soon = stated.plus_days(31).year();
        let year = self.series.year == stated.year() || self.series.year == soon;
        if !fits || !year {
            unmet.add(Refusal::new(Code::FieldMalformed).field("series"));
        }
        let enough = leased_within_a_day(case, context.author.id, context.now) + BLOCK > DAY;
        unmet.require(!enough, Code::RateLimited);
        let waits = case.open_requests().any(|it| it.by == context.author.id);
        unmet.require(!waits, Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(self.series.series.clone())
    }
}

fn leased_within_a_day(case: &Case, person: PersonId, now: Timestamp) -> u32 {
    let since = now.plus_millis(-24 * 60 * 60 * 1000);
    let own = |it: &NumbersLeased| it.person == person;
    let recent = case.leases().filter(|it| own(it.body) && it.at > since);
    recent.map(|it| it.body.block.len()).sum()
}
