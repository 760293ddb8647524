//! 裁定不同意见: the leading officer chooses between differing values.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{not_recorded, on_team};
use crate::act::conditions::officer;
use crate::act::form::reason;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::inspection::BindingField;
use crate::domain::parallel::{ParallelSubject, ParallelValue};
use crate::id::{HazardId, InspectionId};
use crate::ledger::stream::StreamId;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// A named person chose between differing values; the others stay readable here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct ParallelDecision {
    /// The visit.
    #[n(0)]
    pub inspection: InspectionId,
    /// What the values are about.
    #[n(1)]
    pub subject: ParallelSubject,
    /// Which field.
    #[n(2)]
    pub field: BindingField,
    /// The values that were there, as text, with their authors.
    #[n(3)]
    pub values: Vec<ParallelValue>,
    /// Index of the chosen one.
    #[n(4)]
    pub chosen: u32,
    /// Why.
    #[n(5)]
    pub reason: String,
}

impl Act for ParallelDecision {
    const KIND: u16 = 4;
    const NAME: &'static str = "parallel.decided";
    const TITLE: &'static str = "裁定不同意见";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        limits::count("values", self.values.len(), limits::TEAM)?;
        if usize::try_from(self.chosen).map_or(true, |chosen| chosen >= self.values.len()) {
            return Err(Refusal::new(Code::FieldMalformed).field("chosen"));
        }
        reason(&self.reason)
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        unmet.require(case.decider() == Some(context.author.id), Code::NotTheDecider);
        not_recorded(case, self.hazard(), unmet);
        let distinct: BTreeSet<_> = self.values.iter().map(|it| &it.value).collect();
        unmet.require(distinct.len() > 1, Code::NothingToDecide);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.reason)
    }
}

impl ParallelDecision {
    const fn hazard(&self) -> Option<HazardId> {
        match &self.subject {
            ParallelSubject::Hazard(hazard) => Some(*hazard),
            ParallelSubject::Item(_) => None,
        }
    }
}
