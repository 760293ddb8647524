//! Accounts: who there is, who is added, who is revoked.

use sync_core::domain::account::{Person, Role};
use sync_core::id::PersonId;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api::{AccountRow, NewAccount, Revoke};

use super::enrol;
use crate::auth::passwords;
use crate::config;
use crate::state::App;
use crate::store::accounts::{self, Account};

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// Every account.
pub async fn list(app: &App) -> Result<Vec<AccountRow>, Refusal> {
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let accounts = accounts::all(&mut db).await?;
    Ok(accounts
        .into_iter()
        .map(|it| AccountRow { username: it.username, person: it.person })
        .collect())
}

/// Adds an account.
pub async fn create(app: &App, body: NewAccount) -> Result<AccountRow, Refusal> {
    limits::text("username", &body.username, limits::NAME_CHARS)?;
    limits::text("name", &body.name, limits::NAME_CHARS)?;
    let fits = match body.role {
        Role::Enterprise => body.enterprise.is_some() && body.department.is_none(),
        Role::Inspector | Role::Supervisor => {
            body.department.is_some() && body.enterprise.is_none()
        }
        Role::Assistant
        | Role::Expert
        | Role::Coordinator
        | Role::Administrator
        | Role::Auditor => body.enterprise.is_none(),
    };
    if !fits {
        return Err(Refusal::new(Code::FieldMalformed).field("role"));
    }
    let directory = app.shared.directory.snapshot();
    if body.department.as_ref().is_some_and(|id| directory.department(id).is_none()) {
        return Err(Refusal::new(Code::FieldMalformed).field("department"));
    }
    if body.enterprise.is_some_and(|id| !directory.enterprises.contains_key(&id)) {
        return Err(Refusal::new(Code::FieldMalformed).field("enterprise"));
    }
    if let Some(certificate) = &body.certificate {
        limits::text("certificate", certificate, limits::NAME_CHARS)?;
    }
    let salt: [u8; 16] = config::entropy().map_err(unavailable)?;
    let id: [u8; 16] = config::entropy().map_err(unavailable)?;
    let password = body.password;
    let hashed = passwords::in_turn(move || passwords::hash(&password, &salt)).await??;
    let account = Account {
        person: Person {
            id: PersonId::from_entropy(id),
            name: body.name,
            role: body.role,
            department: body.department,
            enterprise: body.enterprise,
            certificate: body.certificate,
            from: app.clock.now(),
            revoked_at: None,
        },
        username: body.username,
        password: hashed,
    };
    let row = AccountRow { username: account.username.clone(), person: account.person.clone() };
    if !app.write(move |db| Box::pin(async move { accounts::add(db, &account).await })).await? {
        return Err(Refusal::new(Code::AlreadyExists).field("username"));
    }
    app.refresh_directory().await?;
    Ok(row)
}

/// Revokes a person, at once where the time is now. The person can only hand over what is still on
/// the device; it goes to quarantine.
pub async fn revoke(app: &App, person: PersonId, body: Revoke) -> Result<(), Refusal> {
    enrol::require_reason(&body)?;
    let Revoke { from, reason } = body;
    if !app
        .write(move |db| Box::pin(async move { accounts::revoke(db, person, from, &reason).await }))
        .await?
    {
        return Err(Refusal::new(Code::NotFound));
    }
    app.refresh_directory().await
}
