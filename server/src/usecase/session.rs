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

use crate::auth::passwords::{self, NOBODY};
use crate::auth::tokens::{self, GRACE_MS, SESSION_MS};
use crate::config;
use crate::directory::Directory;
use crate::state::App;
use crate::store::accounts;
use crate::store::sessions::{self, Family};

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// Name and password for tokens. The answer to a wrong name and to a wrong password is the same.
pub async fn sign_in(app: &App, body: SignIn, peer: IpAddr) -> Result<Session, Refusal> {
    let now = app.clock.now();
    let who = (body.username.chars().take(64).collect::<String>(), peer);
    if app.failures.locked(&who, now) {
        return Err(Refusal::new(Code::TooManyAttempts));
    }
    let mut db = app.pool.acquire().await.map_err(unavailable)?;
    let account = accounts::by_username(&mut db, &body.username).await?;
    drop(db);
    let hash = account.as_ref().map_or_else(|| NOBODY.to_owned(), |it| it.password.clone());
    let fits = passwords::in_turn(move || passwords::fits(&body.password, &hash)).await?;
    let Some(account) = account.filter(|_| fits) else {
        app.failures.note(who, now);
        return Err(Refusal::new(Code::WrongPassword));
    };
    app.failures.forget(&who);
    let person = account.person;
    require_begun(&person, now)?;
    let family: [u8; 16] = config::entropy().map_err(unavailable)?;
    let secret: [u8; 32] = config::entropy().map_err(unavailable)?;
    let stored = Family {
        id: family,
        person: person.id,
        current: Digest::of(&secret),
        previous: None,
        rotated_at: now,
        ends_at: now.plus_millis(SESSION_MS),
        revoked: false,
        device: None,
    };
    app.write(move |db| Box::pin(async move { sessions::add(db, &stored).await })).await?;
    give(app, person, (family, &secret), now)
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
    (family, secret): ([u8; 16], &[u8]),
    now: Timestamp,
) -> Result<Session, Refusal> {
    let (access_token, access_until) = app.tokens.access(person.id, family, now)?;
    let refresh_token = tokens::refresh_text(family, secret);
    Ok(Session { access_token, access_until, refresh_token, person })
}

/// A refresh token for new tokens. It works once. For an answer that was lost the same successor is given
/// again: within the grace time, and to the device of this session at any later time. Whoever else comes
/// with an older token ends the family, since somebody else may hold the newer.
///
/// # Errors
/// [`Code::NotSignedIn`] for what is no token or has ended, [`Code::TokenReused`] when the family ends.
pub async fn renew(app: &App, body: &Refresh) -> Result<Session, Refusal> {
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
    let successor = app.tokens.successor(&secret);
    let next = Digest::of(&successor);
    let device = proved(&directory, &person, body, now);
    let graced = now.as_millis() - family.rotated_at.as_millis() <= GRACE_MS;
    let another = device.is_some() && family.device.is_some() && device != family.device;
    let same = device.is_some() && device == family.device;
    let lost = family.previous == Some(used) && family.current == next && (graced || same);
    if another || (family.current != used && !lost) {
        app.write(move |db| Box::pin(async move { sessions::revoke(db, id).await })).await?;
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
    give(app, person, (id, &successor), now)
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
