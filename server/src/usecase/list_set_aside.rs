//! The files in which the server cannot state what it owes, for those who have to see to it.

use std::collections::BTreeSet;

use sync_core::act::streams::Audience;
use sync_core::domain::account::{Person, Role};
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::wire::api_office::{PAGE_ROWS_MAX, SetAsidePage, SetAsideRow};

use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::set_aside::{self, Listed};

/// Most files that are looked at, the oldest first: a fault that hits more of them is one fault.
const LOOKED_AT: i64 = 10_000;

/// What a reader may know of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// All of the row.
    Whole,
    /// That it is there and why, and not which enterprise it is about.
    Bare,
}

/// The files that wait for their reason to go, those that wait longest first. Whoever reads a stream knows of it, so a
/// check that is only planned stays with the department that plans it. A file of which nobody can say whose it is shows
/// without a name to supervisors, and so does every file to administrators, who mend it.
///
/// # Errors
/// `Code::StorageFailed`.
pub async fn list(shared: &Shared, reader: &Person) -> Result<SetAsidePage, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let listed = set_aside::listed(&mut db, LOOKED_AT).await?;
    drop(db);
    let directory = shared.directory.snapshot();
    let of_reader: BTreeSet<String> =
        authority::reads(reader).iter().map(ToString::to_string).collect();
    let leads: BTreeSet<String> =
        directory.departments.iter().map(|it| Audience::Leads(it.id.clone()).to_string()).collect();
    let known = |row: &Listed| match reader.role {
        _ if !row.audiences.is_disjoint(&of_reader) => Some(Known::Whole),
        Role::Administrator => Some(Known::Bare),
        Role::Supervisor => row.audiences.is_disjoint(&leads).then_some(Known::Bare),
        _ => None,
    };
    let rows = listed.iter().filter_map(|row| shown(row, known(row)?, &directory));
    let mut rows: Vec<SetAsideRow> = rows.collect();
    let total = rows.len() as u64;
    rows.truncate(usize::try_from(PAGE_ROWS_MAX).unwrap_or(usize::MAX));
    Ok(SetAsidePage { total, rows })
}

fn shown(row: &Listed, known: Known, directory: &Directory) -> Option<SetAsideRow> {
    let code = row.aside.refusal.code;
    let enterprise = row.enterprise.filter(|_| known == Known::Whole);
    let place = enterprise.and_then(|id| directory.enterprises.get(&id));
    Some(SetAsideRow {
        stream: row.aside.stream.stream()?,
        enterprise,
        enterprise_name: place.map(|it| it.name.clone()),
        code,
        sentence: code.sentence().to_owned(),
        action: action(code).to_owned(),
        since: row.aside.since,
    })
}

/// What people do about it, where it is the server that cannot go on.
fn action(code: Code) -> &'static str {
    match code {
        Code::NewerAppNeeded => "请联系管理员更新服务器",
        Code::StorageFailed => "服务器会自动重试；一小时后仍在这里，请联系管理员",
        _ => code.action(),
    }
}
