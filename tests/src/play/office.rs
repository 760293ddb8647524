//! What administrator and supervisor do at a desk.

use sync_core::Refusal;
use sync_core::domain::account::Role;
use sync_core::id::{FactId, PersonId};
use sync_core::wire::api::Revoke;
use sync_core::wire::api_office::QuarantineDecision;

use super::{Play, expect, missed};
use crate::office::OfficeClient;

impl Play<'_> {
    fn office_of(&self, role: Role) -> Result<OfficeClient, Refusal> {
        let mine = self.town.accounts.values().find(|it| {
            let department = it.person.department.as_ref();
            it.person.role == role && department.is_none_or(|it| it.as_str() == "yingji")
        });
        let name = mine.map(|it| it.username.clone()).ok_or_else(|| missed("an office account"))?;
        Ok(OfficeClient::of(self.town, &name))
    }

    pub(super) fn administrator_revokes(&self, person: PersonId) -> Result<(), Refusal> {
        let from = self.supervisor.device.now()?;
        let body = Revoke { from, reason: "执法资格暂停".to_owned() };
        let office = self.office_of(Role::Administrator)?;
        let answer = office.post(&format!("/api/v1/accounts/{person}/revoke"), &body);
        expect(answer.status == 200, "the administrator revokes")
    }

    pub(super) fn supervisor_accepts(&self, fact: FactId) -> Result<(), Refusal> {
        let office = self.office_of(Role::Supervisor)?;
        let listed = office.get("/api/v1/quarantine");
        let rows = listed.json.get("rows").and_then(serde_json::Value::as_array);
        let mine = |row: &serde_json::Value| {
            row.get("item").and_then(serde_json::Value::as_str) == Some(fact.to_string().as_str())
        };
        expect(rows.is_some_and(|rows| rows.iter().any(mine)), "the supervisor sees the work")?;
        let bare = QuarantineDecision { accept: true, reason: String::new() };
        let path = format!("/api/v1/quarantine/{fact}");
        expect(office.post(&path, &bare).status == 422, "a reason is needed")?;
        let reason = "经核实，记录形成于资格暂停之前".to_owned();
        let answer = office.post(&path, &QuarantineDecision { accept: true, reason });
        expect(answer.status == 200, "the supervisor accepts")
    }
}
