//! What a draft lacks before it can be sealed.

use serde::Serialize;

use super::{Draft, read, room};
use crate::domain::hazard::Hazard;
use crate::domain::parallel::ParallelSubject;
use crate::id::HazardId;
use crate::refusal::{Code, Refusal};

/// One thing that a draft lacks, with the refusal that sealing gives for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Lack {
    /// What it is about.
    pub subject: ParallelSubject,
    /// Why sealing is refused, with the field.
    pub refusal: Refusal,
}

impl Draft {
    /// Everything for which [`Draft::record`] refuses, in its order: differing values of binding fields, then
    /// what is missing in hazards that were not taken back, what the record has no room for.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let mut lacks = self.missing();
        lacks.extend(room::lack(&self.view()));
        lacks
    }

    /// The same, however much it is.
    pub(super) fn missing(&self) -> Vec<Lack> {
        let differing = self.parallels().into_iter().map(|(subject, field, _)| {
            let name = format!("{field:?}").to_lowercase();
            Lack { subject, refusal: Refusal::new(Code::DecisionNeeded).field(name) }
        });
        let hazards = self.view().hazards.into_iter().filter(|(_, it)| it.withdrawn.is_none());
        let incomplete = hazards.flat_map(|(id, hazard)| incomplete(id, hazard));
        differing.chain(incomplete).collect()
    }
}

fn incomplete(id: HazardId, hazard: read::HazardView) -> Vec<Lack> {
    let all = |it: Hazard| it.faults().into_iter().chain(it.without_clause()).collect();
    let faults: Vec<_> = read::sealed(id, hazard).map_or_else(|missing| vec![missing], all);
    let subject = ParallelSubject::Hazard(id);
    faults.into_iter().map(|refusal| Lack { subject: subject.clone(), refusal }).collect()
}
