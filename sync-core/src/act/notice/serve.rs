//! 送达: the notice reaches the enterprise. Several may be stated; the one that counts first is the service.

use super::{flag, is_open, offer};
use crate::act::capture::first_purpose;
use crate::act::conditions::{
    of_enterprise, officer_of_notice, second_officer, two_officers, two_officers_told,
};
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::notice::{Service, ServiceMethod};
use crate::domain::papers::PaperKind;
use crate::id::BlobHash;
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

impl Act for Service {
    const KIND: u16 = 21;
    const NAME: &'static str = "notice.served";
    const TITLE: &'static str = "送达";
    const PAPERS: &'static [PaperKind] = &[PaperKind::ProofOfService];

    fn about(&self) -> About {
        About::stream(StreamId::notice(self.notice))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    /// The enterprise agrees to the system and confirms there, or two officers hand over the paper against a signature or
    /// leave it with the reason of the refusal and a witness or a picture. What officers do counts once both have signed.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        let notice = case.notice(self.notice);
        unmet.require(notice.is_some(), Code::NoticeNotIssued);
        let department = notice.map(|it| &it.body.department);
        let proof = two_officers(context).is_some();
        match self.method {
            ServiceMethod::Electronic => {
                of_enterprise(context, notice.map(|it| it.body.enterprise), unmet);
                unmet.require(self.consent || !proof, Code::ConsentNeeded);
            }
            ServiceMethod::InPerson => {
                officer_of_notice(context, department, unmet);
                second_officer(self.second, department, context, unmet);
                unmet.require(self.signature.is_some() || !proof, Code::SignatureNeeded);
            }
            ServiceMethod::Left => {
                officer_of_notice(context, department, unmet);
                second_officer(self.second, department, context, unmet);
                let witnessed = self.witness.is_some() || self.photo.is_some();
                let proved = self.refusal.is_some() && witnessed;
                unmet.require(proved || !proof, Code::WitnessNeeded);
            }
        }
        let mut pictures = self.signature.iter().chain(&self.photo);
        let taken = |blob: &BlobHash| first_purpose(case, blob) == Some(Purpose::Signature);
        unmet.require(pictures.all(taken), Code::PhotoUnknown);
        unmet.require(case.service(self.notice).is_none(), Code::AlreadyServed);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some(notice) = about.stream.as_notice() else { return Vec::new() };
        let about = About::stream(about.stream);
        let Some(issued) = case.notice(notice) else { return Vec::new() };
        let open = |ask: &dyn Fn(&mut Unmet)| {
            case.service(notice).is_none() && is_open(context, |unmet| ask(unmet))
        };
        let enterprise = issued.body.enterprise;
        if open(&|unmet| of_enterprise(context, Some(enterprise), unmet)) {
            let confirm = offer("confirm_service", "notice_served", "确认送达", about)
                .given("method", "electronic")
                .given("receiver", &context.author.name)
                .background(
                    "点“同意并确认收到”，即同意本指令书以电子方式送达，整改期限自送达次日起算",
                );
            let agreed = Choice::new("同意并确认收到", Tone::Primary, &[]);
            return vec![confirm.choice(agreed.sets("consent", flag(true)))];
        }
        let department = &issued.body.department;
        if !open(&|unmet| officer_of_notice(context, Some(department), unmet)) {
            return Vec::new();
        }
        let second = || Input::officer("second", "另一名执法人员", department, context);
        let offer = |step, kind, title, about| {
            let offer = two_officers_told(offer(step, kind, title, about), context);
            match case.shown_paper(notice) {
                Some(paper) => offer.given("paper", paper),
                None => offer,
            }
        };
        let receiver = Input::text("receiver", "收件人", "谁收下了指令书", limits::NAME_CHARS);
        let in_person = offer("serve", "notice_served", "登记送达", about)
            .given("method", "in_person")
            .input(receiver)
            .input(Input::drawing("signature", "收件人签名"))
            .input(second())
            .choice(Choice::new("登记送达", Tone::Primary, &["receiver", "signature", "second"]));
        let hint = "谁拒收";
        let left = offer("leave", "notice_served", "登记留置送达", about)
            .given("method", "left")
            .input(Input::text("receiver", "应收件人", hint, limits::NAME_CHARS))
            .input(Input::text("refusal", "拒收理由", "对方怎么说", limits::TEXT_CHARS))
            .input(Input::text("witness", "见证人", "姓名、单位", limits::NAME_CHARS))
            .input(second())
            .choice(Choice::new(
                "登记留置送达",
                Tone::Plain,
                &["receiver", "refusal", "witness", "second"],
            ));
        vec![in_person, left]
    }

    fn tell(&self) -> Telling {
        let title = match self.method {
            ServiceMethod::Electronic => "企业确认收到",
            ServiceMethod::InPerson => "直接送达",
            ServiceMethod::Left => "留置送达",
        };
        let refusal = self.refusal.as_ref().map(|it| format!("拒收理由：{it}"));
        let witness = self.witness.as_ref().map(|it| format!("见证人：{it}"));
        Telling::of(title)
            .words(&self.receiver)
            .words(refusal.unwrap_or_default())
            .words(witness.unwrap_or_default())
            .photos(self.signature.iter().chain(&self.photo))
    }
}
