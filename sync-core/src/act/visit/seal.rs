//! 封存检查记录: an officer closes the record.

use super::{arrived, not_sealed, on_team};
use crate::act::capture::captured;
use crate::act::conditions::officer;
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::evidence::Purpose;
use crate::domain::hazard::Measure;
use crate::domain::inspection::Record;
use crate::ledger::stream::StreamId;
use crate::refusal::Refusal;

impl Act for Record {
    const KIND: u16 = 5;
    const NAME: &'static str = "inspection.sealed";
    const TITLE: &'static str = "封存检查记录";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        officer(context, unmet);
        on_team(case, context, unmet);
        arrived(case, context, unmet);
        not_sealed(case, unmet);
        for hazard in &self.hazards {
            captured(case, &hazard.photos, Purpose::Found, hazard.id, unmet);
            if let Measure::FixedOnSpot { after } = &hazard.measure {
                captured(case, after, Purpose::FixedOnSpot, hazard.id, unmet);
            }
        }
    }

    fn tell(&self) -> Telling {
        let counts = format!("检查事项 {} 项，隐患 {} 处", self.answers.len(), self.hazards.len());
        Telling::of(Self::TITLE).words(counts)
    }
}
