//! Passwords: changed by their owners, reset by administrators.

use std::net::IpAddr;

use sync_core::domain::account::Person;
use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_accounts::{
    AccountReason, AuditKind, ChangePassword, PasswordChanged, PasswordReset,
};

use super::{enrol, session};
use crate::auth::passwords;
use crate::auth::tokens::Access;
use crate::config;
use crate::state::App;
use crate::store::accounts::{self, Account};
use crate::store::audit::Event;
use crate::store::{StoreError, sessions};

/// How long a code signs in that was given for a forgotten password.
const RESET_MS: i64 = 72 * 3_600_000;

/// Sets a new password for the caller, who says the old one; a session of a code for a forgotten password needs none.
/// Every other session of the person ends.
///
/// # Errors
/// [`Code::TooManyAttempts`], [`Code::OldPasswordWrong`], [`Code::PasswordUnfit`], [`Code::StorageFailed`].
pub async fn change(
    app: &App,
    (person, address): (&Person, IpAddr),
    access: Access,
    body: ChangePassword,
) -> Result<PasswordChanged, Refusal> {
    let now = app.clock.now();
    let wrong = || Refusal::new(Code::OldPasswordWrong).field("old");
    let Account { username, password, .. } = account(app, person.id).await?;
    if !access.only_password {
        let old = body.old.unwrap_or_default();
        let hash = password.clone();
        let guess = app.attempts.begin(&username, address, now)?;
        if !passwords::in_turn(move || passwords::fits(&old, &hash)).await? {
            session::failed(app, guess, (&username, address), now).await?;
            return Err(wrong());
        }
    }
    passwords::require_fit(&body.new, &username)?;
    let hash = hashed(body.new).await?;
    let event = Event::new(AuditKind::PasswordChanged, now, address).by(person.id);
    let person = person.id;
    let ended = app.write_with_event(event.about(person), move |db| {
        Box::pin(async move {
            // Somebody may have set another one meanwhile.
            if !accounts::set_password(db, person, &password, &hash, None).await? {
                return Ok(Err(wrong()));
            }
            sessions::note_password(db, access.family, now).await?;
            sessions::revoke_others(db, person, Some(access.family)).await.map(Ok)
        })
    });
    let ended = ended.await?;
    app.ended.note(&ended, now);
    Ok(PasswordChanged { ended: ended.len() as u64 })
}

/// Gives a code in the place of a forgotten password, once. It signs in once, to set a new password. The old one and
/// every session of the person end.
///
/// # Errors
/// [`Code::ReasonNeeded`], [`Code::SamePerson`] for oneself, [`Code::NotFound`], [`Code::StorageFailed`].
pub async fn reset(
    app: &App,
    (caller, address): (&Person, IpAddr),
    person: PersonId,
    AccountReason { reason }: AccountReason,
) -> Result<PasswordReset, Refusal> {
    enrol::require_reason(&reason)?;
    if caller.id == person {
        return Err(Refusal::new(Code::SamePerson));
    }
    let now = app.clock.now();
    let known = account(app, person).await?;
    let code = passwords::fresh()?;
    let hash = hashed(code.clone()).await?;
    let until = now.plus_millis(RESET_MS);
    let event = Event::new(AuditKind::PasswordReset, now, address).by(caller.id).about(person);
    let ended = app.write_with_event(event.detail(reason), move |db| {
        Box::pin(async move {
            if !accounts::set_password(db, person, &known.password, &hash, Some(until)).await? {
                return Ok(Err(Refusal::new(Code::ServerBusy)));
            }
            sessions::revoke_others(db, person, None).await.map(Ok)
        })
    });
    app.ended.note(&ended.await?, now);
    Ok(PasswordReset { code, until })
}

pub(super) async fn hashed(password: String) -> Result<String, Refusal> {
    let salt: [u8; 16] = config::entropy().map_err(|_| Refusal::new(Code::StorageFailed))?;
    passwords::in_turn(move || passwords::hash(&password, &salt)).await?
}

async fn account(app: &App, person: PersonId) -> Result<Account, Refusal> {
    let mut db = app.pool.acquire().await.map_err(StoreError::from)?;
    let found = accounts::find(&mut db, person).await?;
    found.ok_or(Refusal::new(Code::NotFound))
}
