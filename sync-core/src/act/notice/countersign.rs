//! 另一名执法人员签名: of a service or a recheck, which counts only then.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{Recheck, is_open, offer};
use crate::act::conditions::officer_of_notice;
use crate::case::act::{Act, Context, Unmet};
use crate::case::offer::{Choice, Offer, Tone};
use crate::case::telling::Telling;
use crate::case::{About, Case, Of};
use crate::domain::notice::Service;
use crate::id::{FactId, HazardId, NoticeId, PersonId};
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

/// The other officer says that a service or a recheck was as it is stated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Countersigned {
    /// The notice.
    #[n(0)]
    pub notice: NoticeId,
    /// The hazard, for a recheck.
    #[n(1)]
    #[serde(default)]
    pub hazard: Option<HazardId>,
    /// The statement that is signed.
    #[n(2)]
    pub statement: FactId,
}

impl Act for Countersigned {
    const KIND: u16 = 37;
    const NAME: &'static str = "statement.countersigned";
    const TITLE: &'static str = "另一名执法人员签名";

    fn about(&self) -> About {
        About { stream: StreamId::notice(self.notice), hazard: self.hazard }
    }

    fn form(&self) -> Result<(), Refusal> {
        self.statement.validate()
    }

    fn follows(&self) -> Vec<FactId> {
        vec![self.statement]
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer_of_notice(context, case.notice(self.notice).map(|it| &it.body.department), unmet);
        let signable = signable(case, self.about()).find(|it| it.fact == self.statement);
        unmet.require(signable.is_some(), Code::NotFound);
        let Some(signable) = signable else { return };
        unmet.require(signable.second == context.author.id, Code::NotNamed);
        unmet.require(signable.by != context.author.id, Code::SamePerson);
        let signed = case.is_countersigned(self.about(), signable.fact, signable.second);
        unmet.require(!signed, Code::AlreadyExists);
    }

    fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
        let Some(notice) = about.stream.as_notice() else { return Vec::new() };
        let sign = |about: About| {
            let waits = move |it: &Signable| {
                let act = Self { notice, hazard: about.hazard, statement: it.fact };
                is_open(context, |unmet| act.check(case, context, unmet))
            };
            signable(case, about).filter(waits).map(move |it| {
                offer("countersign", "countersigned", it.title, about)
                    .decision()
                    .given("statement", it.fact)
                    .background(it.words)
                    .choice(Choice::new("签名确认", Tone::Primary, &[]))
            })
        };
        // A service is of the whole notice, whichever of its hazards is looked at.
        let of_hazard = about.hazard.map(|_| about);
        [Some(About::stream(about.stream)), of_hazard]
            .into_iter()
            .flatten()
            .flat_map(sign)
            .collect()
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE)
    }
}

/// A statement that waits for another officer, or waited.
struct Signable {
    fact: FactId,
    by: PersonId,
    second: PersonId,
    title: &'static str,
    words: String,
}

fn signable(case: &Case, about: About) -> impl Iterator<Item = Signable> {
    let services = case.all::<Service>(about).filter_map(|it| {
        let (second, words) = (it.body.second?, it.body.tell().line());
        let title = "确认送达经过并签名";
        Some(Signable { fact: it.fact, by: it.by, second, title, words })
    });
    let rechecks = case.all::<Recheck>(about).filter_map(|it| {
        let (second, words) = (it.body.second?, it.body.tell().line());
        let title = "确认复查意见并签名";
        Some(Signable { fact: it.fact, by: it.by, second, title, words })
    });
    services.chain(rechecks)
}

impl Case {
    /// Whether the officer that a statement names has signed it, too.
    #[must_use]
    pub fn is_countersigned(&self, about: About, statement: FactId, second: PersonId) -> bool {
        self.countersignature(about, statement, second).is_some()
    }

    fn countersignature(
        &self,
        about: About,
        statement: FactId,
        second: PersonId,
    ) -> Option<Of<'_, Countersigned>> {
        let signs = |it: &Of<'_, Countersigned>| it.body.statement == statement && it.by == second;
        self.all::<Countersigned>(about).find(signs)
    }

    /// The service of a notice: of those that count the one that counted first. What officers did counts once both have
    /// signed.
    #[must_use]
    pub fn service(&self, notice: NoticeId) -> Option<Of<'_, Service>> {
        let about = About::stream(StreamId::notice(notice));
        let counts = |it: Of<'_, Service>| {
            let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
            let second = match it.body.second {
                Some(second) => place(self.countersignature(about, it.fact, second)?.place),
                None => 0,
            };
            Some(place(it.place).max(second))
        };
        let counting = self.all::<Service>(about).filter_map(|it| Some((counts(it)?, it)));
        counting.min_by_key(|(from, _)| *from).map(|(_, it)| it)
    }
}
