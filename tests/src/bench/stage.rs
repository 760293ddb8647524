//! A town whose server is a process, with people who have a day's work.

use std::path::Path;

use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::domain::account::Role;
use sync_core::id::{InspectionId, PersonId};

use super::crowd::{self, Day, Member};
use crate::office::OfficeClient;
use crate::play::missed;
use crate::town::Town;

/// A town with a supervisor and members, each of whom has visits planned.
pub(super) struct Stage {
    pub(super) town: Town,
    pub(super) supervisor: Member,
    pub(super) members: Vec<Member>,
    pub(super) visits: Vec<Vec<InspectionId>>,
}

impl Stage {
    pub(super) fn set(folder: &Path, members: usize, visits: usize) -> Result<Self, Refusal> {
        let town = Town::process(folder, "127.0.0.1:0").map_err(|it| missed(&it.to_string()))?;
        let admin = office(&town, Role::Administrator)?;
        let mut supervisor = Member::enrol(office(&town, Role::Supervisor)?)?;
        let enterprise = town.accounts.values().find_map(|it| it.person.enterprise);
        let enterprise = enterprise.ok_or_else(|| missed("an enterprise"))?;
        let mut crowd = (0..members.max(2))
            .map(|n| Member::inspector(&admin, &town.address, n))
            .collect::<Result<Vec<_>, _>>()?;
        let mut planned = Vec::new();
        for n in 0..members {
            let (one, two) = (crowd.get(n), crowd.get((n + 1) % crowd.len()));
            let (Some(one), Some(two)) = (one, two) else { continue };
            let plans = (0..visits)
                .map(|_| crowd::plan([one, two], enterprise))
                .collect::<Result<Vec<_>, _>>()?;
            planned.push(plans.iter().map(|plan| plan.inspection).collect::<Vec<_>>());
            let facts = plans
                .into_iter()
                .map(|plan| supervisor.state(Statement::Planned(plan)))
                .collect::<Result<Vec<_>, _>>()?;
            let packed = supervisor.request(&facts, Vec::new());
            supervisor.exchange(packed)?;
        }
        for member in &mut crowd {
            member.pull()?;
        }
        Ok(Self { town, supervisor, members: crowd, visits: planned })
    }

    /// Somebody of a role at a desk.
    pub(super) fn office(&self, role: Role) -> Result<OfficeClient, Refusal> {
        office(&self.town, role)
    }

    /// One more inspector with a device.
    pub(super) fn another(&self, n: usize) -> Result<Member, Refusal> {
        Member::inspector(&self.office(Role::Administrator)?, &self.town.address, n)
    }

    pub(super) fn days(&mut self) -> Result<Vec<Day>, Refusal> {
        let visits = self.visits.iter();
        let people: Vec<PersonId> = self.members.iter().map(|it| it.person.id).collect();
        // The team of a member's visits is that member and the next one.
        let seconds = people.iter().cycle().skip(1);
        let days = self.members.iter_mut().zip(visits).zip(seconds);
        days.map(|((it, visits), second)| crowd::day(it, *second, visits)).collect()
    }
}

fn office(town: &Town, role: Role) -> Result<OfficeClient, Refusal> {
    let mine = town.accounts.values().find(|it| {
        let department = it.person.department.as_ref();
        it.person.role == role && department.is_none_or(|it| it.as_str() == "yingji")
    });
    mine.map(|it| OfficeClient::of(town, &it.username)).ok_or_else(|| missed("an office account"))
}

/// What a process says of its memory under a name, in KiB.
pub(super) fn of_process(pid: u32, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
