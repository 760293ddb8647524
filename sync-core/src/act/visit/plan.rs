//! 下达检查任务: a supervisor plans a visit.

use crate::act::conditions::{of_department, role};
use crate::case::act::{Act, Context, Unmet};
use crate::case::telling::Telling;
use crate::case::{About, Case};
use crate::domain::account::Role;
use crate::domain::inspection::Plan;
use crate::domain::papers::PaperKind;
use crate::ledger::stream::StreamId;
use crate::refusal::{Code, Refusal};

impl Act for Plan {
    const KIND: u16 = 1;
    const NAME: &'static str = "inspection.planned";
    const TITLE: &'static str = "下达检查任务";
    const PAPERS: &'static [PaperKind] = &[PaperKind::InspectionPlan, PaperKind::VisitNotice];

    fn about(&self) -> About {
        About::stream(StreamId::inspection(self.inspection))
    }

    fn form(&self) -> Result<(), Refusal> {
        self.validate()
    }

    fn repeats(&self, _earlier: &Self) -> bool {
        true
    }

    /// A supervisor plans for the own department, which must have enforcement power and competence for each sector.
    /// Two of the team are officers of the department with certificates: whoever else goes along does not count.
    fn check(&self, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
        role(context, &[Role::Supervisor], unmet);
        if context.author.role == Role::Supervisor {
            of_department(context, &self.department, unmet);
        }
        let powerful = context.zone.department(&self.department).is_some_and(|it| it.enforcement);
        unmet.require(powerful, Code::DepartmentNoPower);
        // Nobody arrives before the plan is known, whatever day it begins with.
        let day = self.from.max(context.now.date());
        let competent = |sector| context.zone.may_issue(&self.department, sector, day);
        if let Some(sector) = self.sectors.iter().find(|sector| !competent(sector)) {
            let refusal = Refusal::new(Code::NotCompetent).field("sectors");
            unmet.add(refusal.detail(sector.to_string()));
        }
        let officers = context.zone.officers(&self.department);
        let on_team = officers.filter(|it| self.team.contains(&it.id)).count();
        if on_team < 2 {
            unmet.add(Refusal::new(Code::TwoOfficersNeeded).field("team"));
        }
        unmet.require(case.plan().is_none(), Code::AlreadyExists);
    }

    fn tell(&self) -> Telling {
        Telling::of(Self::TITLE).words(&self.approval)
    }
}
