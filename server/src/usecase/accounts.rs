//! Accounts: who there is, who is added, who is revoked.

use std::net::IpAddr;

use sync_core::domain::account::{Person, Role};
use sync_core::id::PersonId;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::wire::api::{AccountRow, NewAccount, Revoke};
use sync_core::wire::api_accounts::{AuditKind, RestoreProposal};

use super::{enrol, passwords as hashing};
use crate::auth::{passwords, username};
use crate::config;
use crate::state::App;
use crate::store::accounts::{self, Account};
use crate::store::audit::Event;
use crate::store::restorations;

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// Every account.
///
/// # Errors
/// [`Code::StorageFailed`].
pub async fn list(app: &App) -> Result<Vec<AccountRow>, Refusal> {
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let accounts = accounts::all(&mut db).await?;
    let proposals = restorations::all(&mut db, app.clock.now()).await?;
    drop(db);
    let row = |it: Account| {
        let proposal = proposals.iter().find(|proposal| proposal.person == it.person.id);
        let proposed = |it: &restorations::Proposal| RestoreProposal {
            by: it.by,
            at: it.at,
            reason: it.reason.clone(),
        };
        let restore_proposed = proposal.map(proposed);
        AccountRow { username: it.username, person: it.person, restore_proposed }
    };
    Ok(accounts.into_iter().map(row).collect())
}

/// Whether a role is held in a department, in an enterprise, or in neither.
///
/// # Errors
/// [`Code::FieldMalformed`] for the role.
pub(super) fn require_place(role: Role, department: bool, enterprise: bool) -> Result<(), Refusal> {
    let fits = match role {
        Role::Enterprise => enterprise && !department,
        Role::Inspector | Role::Supervisor => department && !enterprise,
        Role::Assistant
        | Role::Expert
        | Role::Coordinator
        | Role::Administrator
        | Role::Auditor => !enterprise,
    };
    if fits { Ok(()) } else { Err(Refusal::new(Code::FieldMalformed).field("role")) }
}

/// Adds an account.
///
/// # Errors
/// The code of a field that is wrong, [`Code::PasswordUnfit`], [`Code::FieldMalformed`] for a role that does not fit department or
/// enterprise, [`Code::AlreadyExists`] for a name that is taken, [`Code::StorageFailed`].
pub async fn create(
    app: &App,
    (caller, address): (&Person, IpAddr),
    body: NewAccount,
) -> Result<AccountRow, Refusal> {
    let username = username::new_name(&body.username)?;
    passwords::require_fit(&body.password, &username)?;
    limits::text("name", &body.name, limits::NAME_CHARS)?;
    require_place(body.role, body.department.is_some(), body.enterprise.is_some())?;
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
    let id: [u8; 16] = config::entropy().map_err(unavailable)?;
    let hashed = hashing::hashed(body.password).await?;
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
        username,
        password: hashed,
        reset_until: None,
    };
    let row = AccountRow {
        username: account.username.clone(),
        person: account.person.clone(),
        restore_proposed: None,
    };
    let event = Event::new(AuditKind::AccountAdded, app.clock.now(), address).by(caller.id);
    let event = event.about(row.person.id).detail(format!(
        "{}（{}）",
        row.username,
        row.person.role.title()
    ));
    app.write_with_event(event, move |db| {
        Box::pin(async move {
            let taken = Refusal::new(Code::AlreadyExists).field("username");
            // Names that are older than the one form of names are told apart by it, too.
            let known = accounts::all(&mut *db).await?;
            if known.iter().any(|it| username::one_form(&it.username) == account.username) {
                return Ok(Err(taken));
            }
            Ok(accounts::add(db, &account).await?.then_some(()).ok_or(taken))
        })
    })
    .await?;
    app.refresh_directory().await?;
    Ok(row)
}

/// Revokes a person, at once where the time is now. The person can only hand over what is still on
/// the device; it goes to quarantine.
///
/// # Errors
/// [`Code::ReasonNeeded`], [`Code::NotFound`] for a person who is not there, [`Code::SamePerson`] for oneself,
/// [`Code::LastAdministrator`], [`Code::RevokedEarlier`], [`Code::StorageFailed`].
pub async fn revoke(
    app: &App,
    (caller, address): (&Person, IpAddr),
    person: PersonId,
    body: Revoke,
) -> Result<(), Refusal> {
    enrol::require_reason(&body.reason)?;
    let Revoke { from, reason } = body;
    let (now, by) = (app.clock.now(), caller.id);
    let event = Event::new(AuditKind::PersonRevoked, now, address).by(by);
    let event = event.about(person).detail(enrol::revoked_from(from, &reason));
    app.write_with_event(event, move |db| {
        Box::pin(async move {
            let everyone = accounts::all(&mut *db).await?;
            let Some(of) = everyone.iter().find(|it| it.person.id == person) else {
                return Ok(Err(Refusal::new(Code::NotFound)));
            };
            let persons = everyone.iter().map(|it| &it.person);
            if let Err(refusal) = authority::may_revoke(by, &of.person, persons, from, now) {
                return Ok(Err(refusal));
            }
            // Whoever wants to restore a person has to know of this revocation.
            restorations::forget(&mut *db, person).await?;
            accounts::revoke(db, person, from, &reason).await.map(Ok)
        })
    })
    .await?;
    app.refresh_directory().await
}
