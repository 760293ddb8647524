//! 下达检查任务: a supervisor plans a visit.

use crate::act::conditions::{of_department, role};
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::account::Role;
use crate::domain::inspection::Plan;
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

impl Act for Plan {
    const KIND: u16 = 1;
    const NAME: &'static str = "inspection.planned";
    const TITLE: &'static str = "下达检查任务";

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    /// A supervisor plans for the own department, which must have enforcement power.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        role(context, &[Role::Supervisor], unmet);
        if context.author.role == Role::Supervisor {
            of_department(context, &self.department, unmet);
        }
        let powerful = |known: &crate::domain::catalogue::Department| {
            known.id == self.department && known.enforcement
        };
        unmet.require(context.departments.iter().any(powerful), Code::DepartmentNoPower);
        unmet.require(case.plan().is_none(), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.approval)
    }
}
