//! Signing in and renewing.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::domain::account::Person;
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::{Suite, Verifier as _};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api::{Refresh, Session, SignIn, refresh_message};
use sync_core::wire::api_accounts::AuditKind;

use super::audit::note;
use crate::auth::attempts::Attempt;
use crate::auth::passwords::{self, NOBODY};
use crate::auth::tokens::{self, Access, GRACE_MS, SESSION_MS};
use crate::auth::username;
use crate::config;
use crate::directory::Directory;
use crate::state::App;
use crate::store::accounts::{self, Account};
use crate::store::audit::Event;
use crate::store::sessions::{self, Family};
use crate::store::{Db, StoreError};

/// Characters of a name that are noted of a failure.
const NAME_CHARS: usize = 64;

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// Name and password for tokens. The answer to a wrong name and to a wrong password is the same. A code for a forgotten
/// password signs in once, to set a new one.
///
/// # Errors
/// [`Code::TooManyAttempts`], [`Code::WrongPassword`], [`Code::AccountDisabled`] before the account begins,
/// [`Code::StorageFailed`].
pub async fn sign_in(app: &App, body: SignIn, peer: IpAddr) -> Result<Session, Refusal> {
    let now = app.clock.now();
    let name: String = username::one_form(&body.username).chars().take(NAME_CHARS).collect();
    let guess = app.attempts.begin(&name, peer, now)?;
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let account = named(&mut db, &name, &body.username).await?;
    drop(db);
    let hash = account.as_ref().map_or_else(|| NOBODY.to_owned(), |it| it.password.clone());
    let fits = passwords::in_turn(move || passwords::fits(&body.password, &hash)).await?;
    let in_time = |it: &Account| it.reset_until.is_none_or(|until| until > now);
    let Some(account) = account.filter(|it| fits && in_time(it)) else {
        failed(app, guess, (&name, peer), now).await?;
        return Err(Refusal::new(Code::WrongPassword));
    };
    guess.succeeded();
    require_begun(&account.person, now)?;
    let family: [u8; 16] = config::entropy().map_err(unavailable)?;
    let secret: [u8; 32] = config::entropy().map_err(unavailable)?;
    let person = account.person.clone();
    let access = Access {
        person: person.id,
        family,
        password_at: now,
        only_password: account.reset_until.is_some(),
    };
    let stored = Family {
        id: family,
        person: person.id,
        current: Digest::of(&secret),
        previous: None,
        rotated_at: now,
        ends_at: now.plus_millis(SESSION_MS),
        revoked: false,
        device: None,
        signed_in_at: now,
        password_at: now,
        address: if peer.is_unspecified() { String::new() } else { peer.to_string() },
        only_password: access.only_password,
    };
    let event = Event::new(AuditKind::SignedIn, now, peer).by(person.id);
    let ended = app
        .write_with_event(event, move |db| {
            Box::pin(async move { begin(db, account, stored).await })
        })
        .await?;
    app.ended.note(&ended, now);
    give(app, person, access, &secret, now)
}

/// The account of a name in its one form, or of an older one exactly as it is.
async fn named(db: &mut Db, name: &str, exactly: &str) -> Result<Option<Account>, StoreError> {
    match accounts::by_username(db, name).await? {
        None if name != exactly => accounts::by_username(db, exactly).await,
        found => Ok(found),
    }
}

/// Begins a session, if the password is still the one that was looked at. A code is used up with it.
async fn begin(
    db: &mut Db,
    account: Account,
    family: Family,
) -> Result<Result<Vec<[u8; 16]>, Refusal>, StoreError> {
    let next = if family.only_password { NOBODY } else { &account.password };
    if !accounts::set_password(db, family.person, &account.password, next, None).await? {
        return Ok(Err(Refusal::new(Code::WrongPassword)));
    }
    let ended = sessions::make_room(db, family.person, family.signed_in_at).await?;
    sessions::add(db, &family).await?;
    Ok(Ok(ended))
}

/// Notes a failure, and that the account has to wait from there.
pub(super) async fn failed(
    app: &App,
    guess: Attempt<'_>,
    (name, peer): (&str, IpAddr),
    now: Timestamp,
) -> Result<(), Refusal> {
    let waits = guess.failed();
    let event = |kind| Event::new(kind, now, peer).about(name);
    note(app, event(AuditKind::SignInFailed)).await?;
    if waits {
        note(app, event(AuditKind::Locked)).await?;
    }
    Ok(())
}

/// A revoked person can still sign in: to hand over what is on the device, and for nothing else.
fn require_begun(person: &Person, now: Timestamp) -> Result<(), Refusal> {
    if person.from > now {
        return Err(Refusal::new(Code::AccountDisabled));
    }
    Ok(())
}

fn give(
    app: &App,
    person: Person,
    access: Access,
    secret: &[u8],
    now: Timestamp,
) -> Result<Session, Refusal> {
    let (access_token, access_until) = app.tokens.access(access, now)?;
    let refresh_token = tokens::refresh_text(access.family, secret);
    let set_password = access.only_password;
    Ok(Session { access_token, access_until, refresh_token, person, set_password })
}

/// Gives new tokens for a refresh token, which works once. When the answer was lost, the same
/// successor is given again: to anyone within the grace time, later to the device of this session
/// alone. Any other use of an older token ends the session, since somebody else may hold the newer
/// one.
///
/// # Errors
/// [`Code::NotSignedIn`] for what is no token or has ended, [`Code::TokenReused`] when the family ends,
/// [`Code::PasswordChangeNeeded`] for one of a code for a forgotten password.
pub async fn renew(app: &App, body: &Refresh, peer: IpAddr) -> Result<Session, Refusal> {
    let now = app.clock.now();
    let (id, secret) = tokens::read_refresh(&body.refresh_token)?;
    let used = Digest::of(&secret);
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let family = sessions::find(&mut db, id).await?.ok_or(Refusal::new(Code::NotSignedIn))?;
    drop(db);
    if family.revoked || family.ends_at <= now {
        return Err(Refusal::new(Code::NotSignedIn));
    }
    let directory = app.shared.directory.snapshot();
    let person = directory.persons.get(&family.person).cloned();
    let person = person.ok_or(Refusal::new(Code::NotSignedIn))?;
    require_begun(&person, now)?;
    if family.only_password {
        return Err(Refusal::new(Code::PasswordChangeNeeded));
    }
    let successor = app.tokens.successor(&secret);
    let next = Digest::of(&successor);
    let device = proved(&directory, &person, body, now);
    let graced = now.as_millis() - family.rotated_at.as_millis() <= GRACE_MS;
    let another = device.is_some() && family.device.is_some() && device != family.device;
    let same = device.is_some() && device == family.device;
    let lost = family.previous == Some(used) && family.current == next && (graced || same);
    if another || (family.current != used && !lost) {
        let event = Event::new(AuditKind::TokenReused, now, peer).by(person.id);
        app.write_with_event(event, move |db| {
            Box::pin(async move { sessions::revoke(db, id).await.map(Ok) })
        })
        .await?;
        app.ended.note(&[id], now);
        return Err(Refusal::new(Code::TokenReused));
    }
    if family.current == used {
        let rotated = app
            .write(move |db| {
                Box::pin(async move { sessions::rotate(db, id, used, next, device, now).await })
            })
            .await?;
        // Another request with the same token may have been first: its successor is the same.
        let mut db = app.pool.acquire().await.map_err(unavailable)?;
        let after = sessions::find(&mut db, id).await?;
        if !rotated && !after.is_some_and(|it| it.current == next && !it.revoked) {
            return Err(Refusal::new(Code::NotSignedIn));
        }
    }
    let access = Access {
        person: person.id,
        family: id,
        password_at: family.password_at,
        only_password: false,
    };
    give(app, person, access, &successor, now)
}
/// The device of this person that signed the request; none for a proof that does not hold.
fn proved(
    directory: &Directory,
    person: &Person,
    body: &Refresh,
    now: Timestamp,
) -> Option<DeviceId> {
    let proof = body.proof.as_ref()?;
    let known = directory.devices.get(&proof.device)?;
    let trusted = known.device.revoked_at.is_none_or(|at| at > now);
    let signature = URL_SAFE_NO_PAD.decode(&proof.signature).ok()?;
    let message = refresh_message(&body.refresh_token);
    let holds =
        SoftVerifier.verify(Suite::P256, &known.device.public_key, &message, &signature).is_ok();
    (known.device.person == person.id && trusted && holds).then_some(proof.device)
}
