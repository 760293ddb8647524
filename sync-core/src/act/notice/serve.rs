//! 送达: the notice reaches the enterprise.

use super::{is_open, offer};
use crate::act::conditions::{of_enterprise, officer_of_notice};
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::notice::{Service, ServiceMethod};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

impl Act for Service {
    const KIND: u16 = 21;
    const NAME: &'static str = "notice.served";
    const TITLE: &'static str = "送达";

    fn about(&self) -> About {
        About::stream(StreamId::notice(self.notice))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    /// The enterprise confirms in the system, or an officer hands over or leaves the paper.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let notice = case.notice(self.notice);
        unmet.require(notice.is_some(), Code::NoticeNotIssued);
        match self.method {
            ServiceMethod::Electronic => {
                of_enterprise(context, notice.map(|it| it.body.enterprise), unmet);
            }
            ServiceMethod::InPerson | ServiceMethod::Left => {
                officer_of_notice(context, notice.map(|it| &it.body.department), unmet);
            }
        }
        let served = case.first::<Self>(About::stream(StreamId::notice(self.notice)));
        unmet.require(served.is_none(), Code::AlreadyServed);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some(notice) = about.stream.as_notice() else { return Vec::new() };
        let about = About::stream(about.stream);
        let may = |method| {
            let service = Self { notice, method, receiver: context.author.name.clone() };
            is_open(context, |unmet| service.check(case, context, unmet))
        };
        let mut offers = Vec::new();
        if may(ServiceMethod::Electronic) {
            let confirm = offer("confirm_service", "notice_served", "确认送达", about)
                .given("method", "electronic")
                .given("receiver", &context.author.name);
            offers.push(confirm.choice(Choice::new("确认收到", Tone::Primary, &[])));
        }
        if may(ServiceMethod::InPerson) {
            let label = "收件人";
            let serve = offer("serve", "notice_served", "登记送达", about)
                .given("method", "in_person")
                .input(Input::text("receiver", label, "谁收下了指令书", limits::NAME_CHARS));
            offers.push(serve.choice(Choice::new("登记送达", Tone::Primary, &["receiver"])));
        }
        offers
    }

    fn tell(&self) -> Telling {
        let title = match self.method {
            ServiceMethod::Electronic => "企业确认收到",
            ServiceMethod::InPerson => "直接送达",
            ServiceMethod::Left => "留置送达",
        };
        Telling::of(title).words(&self.receiver)
    }
}
