//! 更正文书: a supervisor corrects a paper that was issued. The paper stays as it was; the server issues a new edition that
//! names it and says what was corrected.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{PaperName, names, stream_of};
use crate::act::conditions::{of_department, role};
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Input, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::account::Role;
use crate::domain::papers::PaperKind;
use crate::id::{Digest, FactId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// What is wrong in an issued paper, and how it reads rightly.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct PaperCorrected {
    /// The stream in which the paper was issued.
    #[n(0)]
    pub stream: StreamId,
    /// Its kind.
    #[n(1)]
    pub paper: PaperKind,
    /// The fact that it rests on.
    #[n(2)]
    pub fact: FactId,
    /// Digest of the edition that is corrected.
    #[n(3)]
    pub replaces: Digest,
    /// What is wrong and how it reads rightly.
    #[n(4)]
    pub correction: String,
    /// Why.
    #[n(5)]
    pub reason: String,
}

impl PaperCorrected {
    /// What names the paper, in all its editions.
    #[must_use]
    pub const fn name(&self) -> PaperName {
        (self.paper, self.fact)
    }
}

impl Act for PaperCorrected {
    const KIND: u16 = 48;
    const NAME: &'static str = "paper.corrected";
    const TITLE: &'static str = "更正文书";

    fn about(&self) -> About {
        About::stream(self.stream)
    }

    fn form(&self) -> Result<(), Refusal> {
        self.fact.validate()?;
        self.replaces.validate()?;
        if !crate::text::is_visible(&self.correction) {
            return Err(Refusal::new(Code::FieldMissing).field("correction"));
        }
        limits::text("correction", &self.correction, limits::TEXT_CHARS)?;
        reason(&self.reason)
    }

    /// An edition is corrected once; the next correction is of the edition that replaces it.
    fn repeats(&self, earlier: &Self) -> bool {
        self.replaces == earlier.replaces
    }

    /// A supervisor of the organ corrects the edition that stands.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        role(context, &[Role::Supervisor], unmet);
        let is_supervisor = context.author.role == Role::Supervisor;
        if let Some(organ) = case.organ_of(self.stream).filter(|_| is_supervisor) {
            of_department(context, organ, unmet);
        }
        let issued_here = stream_of(case, self.name()) == Some(self.stream);
        let stands = case.editions(self.name()).last().is_some_and(|it| it.digest == self.replaces);
        unmet.require(issued_here && stands, Code::PaperUnknown);
        let mut corrections = case.corrections(self.stream, self.name());
        unmet.require(
            !corrections.any(|it| it.body.replaces == self.replaces),
            Code::AlreadyDecided,
        );
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let stream = about.stream;
        if about.hazard.is_some() {
            return Vec::new();
        }
        let kind = if stream.as_notice().is_some() { "notice" } else { "inspection" };
        let offer = |name: PaperName| {
            let replaces = case.editions(name).last()?.digest;
            let (correction, reason) = (String::new(), String::new());
            let act = Self { stream, paper: name.0, fact: name.1, replaces, correction, reason };
            let mut unmet = Unmet::new(context.pardoned);
            act.check(case, context, &mut unmet);
            let hint = "哪里有误，应当是什么（必填）";
            let correct = Offer::new("correct_paper", "paper_corrected", Self::TITLE)
                .given("stream.stream", kind)
                .given("stream.id", stream.id)
                .given("paper", name.0.name())
                .given("fact", name.1)
                .given("replaces", replaces)
                .input(Input::text("correction", "更正内容", hint, limits::TEXT_CHARS))
                .input(Input::text("reason", "理由", "为什么更正（必填）", limits::TEXT_CHARS));
            let choice = Choice::new("更正并重新出具", Tone::Danger, &["correction", "reason"]);
            unmet.is_empty().then(|| correct.choice(choice))
        };
        let here = names(case).into_iter().filter(|it| stream_of(case, *it) == Some(stream));
        here.filter_map(offer).collect()
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.correction).words(&self.reason)
    }
}
