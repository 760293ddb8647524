//! Signing in and renewing.

use std::net::IpAddr;

use sync_core::domain::account::Person;
use sync_core::id::Digest;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api::{Session, SignIn};

use crate::auth::passwords::{self, NOBODY};
use crate::auth::tokens::{self, GRACE_MS, SESSION_MS};
use crate::config;
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

/// A refresh token for new tokens. It works once; within the grace time it gives the same
/// successor again. An older one ends its family, since somebody else may hold the newer.
pub async fn renew(app: &App, text: &str) -> Result<Session, Refusal> {
    let now = app.clock.now();
    let (id, secret) = tokens::read_refresh(text)?;
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
    let graced = now.as_millis() - family.rotated_at.as_millis() <= GRACE_MS;
    let again = family.previous == Some(used) && family.current == next && graced;
    if family.current == used {
        let rotated = app
            .write(move |db| {
                Box::pin(async move { sessions::rotate(db, id, used, next, now).await })
            })
            .await?;
        // Another request with the same token may have been first: its successor is the same.
        let mut db = app.pool.acquire().await.map_err(unavailable)?;
        let after = sessions::find(&mut db, id).await?;
        if !rotated && !after.is_some_and(|it| it.current == next && !it.revoked) {
            return Err(Refusal::new(Code::NotSignedIn));
        }
    } else if !again {
        app.write(move |db| Box::pin(async move { sessions::revoke(db, id).await })).await?;
        app.ended.note(&[id], now);
        return Err(Refusal::new(Code::TokenReused));
    }
    give(app, person, (id, &successor), now)
}
