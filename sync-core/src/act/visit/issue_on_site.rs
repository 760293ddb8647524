//! 当场出具责令限期整改指令书: an officer issues the notice where the record was signed, without signal, with a number that
//! the device was leased.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{arrived, on_team};
use crate::act::conditions::officer;
use crate::act::notice::{items_of, signed};
use crate::act::state;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::hazard::Hazard;
use crate::domain::notice::{Notice, NoticeItem, OfficerLine};
use crate::domain::numbers::Series;
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId, InspectionId, PersonId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// The notice as it was handed over. From here on it is issued: the server repeats it word for word in the stream that
/// the enterprise reads and never takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct IssuedOnSite {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// The notice.
    #[n(1)]
    pub notice: Notice,
    /// The lease of its number.
    #[n(2)]
    pub lease: FactId,
    /// Digest of the paper that was shown and signed by hand.
    #[n(3)]
    pub paper: Digest,
}

impl Act for IssuedOnSite {
    const KIND: u16 = 45;
    const NAME: &'static str = "notice.issued_on_site";
    const TITLE: &'static str = "当场出具责令限期整改指令书";
    const PAPERS: &'static [PaperKind] = &[PaperKind::RectificationNotice];

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.lease.validate()?;
        self.paper.validate()?;
        self.notice.validate()
    }

    fn repeats(&self, earlier: &Self) -> bool {
        self.notice.id == earlier.notice.id
    }

    /// An officer who was there issues exactly what the signed record orders, in the name of the department of the plan,
    /// with a number of the own device. Whether another notice orders the same by now is not asked: the paper is in the
    /// hands of the enterprise, and which of the two counts follows from the case. For the same reason a colleague who
    /// arrived without the author's knowledge may be missing on it, and so may an order that was given meanwhile.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        unmet.require(case.seal().is_some(), Code::NotSealed);
        unmet.require(case.seal().is_none() || state::is_signed(case), Code::SignaturesMissing);
        let notice = &self.notice;
        let department = context.zone.department(&notice.department);
        let series = department.filter(|it| it.enforcement).and_then(|it| it.series.as_ref());
        unmet.require(series.is_some(), Code::DepartmentNoPower);
        let malformed = |field| Refusal::new(Code::FieldMalformed).field(field);
        if let Some(plan) = case.plan() {
            if plan.body.enterprise != notice.enterprise {
                unmet.add(malformed("notice.enterprise"));
            }
            if plan.body.department != notice.department {
                unmet.add(malformed("notice.department"));
            }
        }
        if notice.number.year != notice.issued_on.year() {
            unmet.add(malformed("notice.number"));
        }
        // What differs may follow from what the author could not know: a supervisor looks at the paper.
        let differs = |field| Refusal::new(Code::PaperDiffers).field(field);
        if state::is_signed(case) && !signed(case).any(|it| orders(&notice.items, case, it)) {
            unmet.add(differs("notice.items"));
        }
        let there = |it: &OfficerLine| {
            case.has_arrived(it.id)
                && case.plan().is_some_and(|plan| plan.body.team.contains(&it.id))
        };
        let named = |id: PersonId| notice.officers.iter().any(|it| it.id == id);
        let signers = case.seal().map(|it| state::signers(case, it)).unwrap_or_default();
        // The record was signed before it: whoever issues it knows two who did.
        let signed_by_two = signers.iter().filter(|it| named(**it)).count() > 1;
        let all_there = notice.officers.iter().all(there);
        let right = named(context.author.id) && all_there && signed_by_two;
        if state::is_signed(case) && !right {
            unmet.add(differs("notice.officers"));
        }
        if notice.issued_on != context.stated.date() {
            unmet.add(differs("notice.issued_on"));
        }
        let own = Series::of(&notice.number);
        let of_department =
            series.is_none_or(|(area, name)| (&own.area, &own.series) == (area, name));
        let leased = context.leases.is_none_or(|leases| {
            leases.iter().any(|it| it.fact == self.lease && it.block.holds(&notice.number))
        });
        unmet.require(of_department && leased, Code::NumberNotLeased);
        let same = |it: &Notice| it.number == notice.number && it.id != notice.id;
        let taken = context.number_taken || case.notices().any(|it| same(it.body));
        unmet.require(!taken, Code::NumberTaken);
    }

    fn tell(&self) -> Telling {
        let photos = self.notice.items.iter().flat_map(|item| &item.photos);
        Telling::of(Self::TITLE).words(self.notice.number.to_string()).photos(photos)
    }
}

/// Whether the items of a notice are what recorded hazards order. An order on the spot that the notice does not know of may
/// have been given by a colleague.
fn orders(items: &[NoticeItem], case: &Case, hazards: &[Hazard]) -> bool {
    let recorded = items_of(case, hazards);
    let same = |(own, mut of_record): (&NoticeItem, NoticeItem)| {
        if own.site_order.is_none() {
            of_record.site_order = None;
        }
        *own == of_record
    };
    items.len() == recorded.len() && items.iter().zip(recorded).all(same)
}
