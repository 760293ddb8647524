//! Signing in and renewing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sync_core::domain::account::Person;
use sync_core::id::Digest;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api::{Session, SignIn};
use tokio::sync::Semaphore;

use super::tokens::{self, ACCESS_MS, GRACE_MS, SESSION_MS};
use crate::app::App;
use crate::config;
use crate::store::accounts;
use crate::store::sessions::{self, Family};

/// Failures in a row that lock an account for a peer.
const FAILURES: u32 = 10;
/// How long.
const LOCK_MS: i64 = 15 * 60_000;
/// Entries that are remembered; beyond it the oldest failures are forgotten first.
const REMEMBERED: usize = 10_000;

/// Two passwords are judged at a time, whatever is asked: each takes 19 MiB.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash that no password fits, for names that do not exist: they take as long as others.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Who failed to sign in lately.
#[derive(Debug, Default)]
pub struct Failures(Mutex<HashMap<(String, IpAddr), (u32, Timestamp)>>);

impl Failures {
    fn locked(&self, who: &(String, IpAddr), now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(who).is_some_and(|(count, last)| {
            *count >= FAILURES && now.as_millis() - last.as_millis() < LOCK_MS
        })
    }

    fn note(&self, who: (String, IpAddr), now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, last)| now.as_millis() - last.as_millis() < LOCK_MS);
        }
        if known.len() >= REMEMBERED {
            let oldest = known.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(who, _)| who.clone()) {
                known.remove(&oldest);
            }
        }
        let entry = known.entry(who).or_insert((0, now));
        if now.as_millis() - entry.1.as_millis() >= LOCK_MS {
            entry.0 = 0;
        }
        *entry = (entry.0 + 1, now);
    }

    fn forget(&self, who: &(String, IpAddr)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}

/// Sessions that ended while an access token of theirs may still work.
#[derive(Debug, Default)]
pub struct Ended(Mutex<HashMap<[u8; 16], Timestamp>>);

impl Ended {
    /// Notes sessions that end now, and forgets those whose last access token has ended.
    pub fn note(&self, families: &[[u8; 16]], now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, at| at.plus_millis(ACCESS_MS) > now);
        known.extend(families.iter().map(|family| (*family, now)));
    }

    /// Whether a session ended.
    pub fn contains(&self, family: [u8; 16]) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&family)
    }
}

fn unavailable<E>(_: E) -> Refusal {
    Refusal::new(Code::StorageFailed)
}

/// Does work on a password when its turn comes.
pub(crate) async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    let turn = TURNS.acquire().await.map_err(unavailable)?;
    let (done, outcome) = tokio::sync::oneshot::channel();
    // A thread that ends with the work: an allocator keeps the 19 MiB of a hash for the thread that it
    // worked on, and a pool of threads would come to hold as much for each of them.
    std::thread::spawn(move || {
        // The turn belongs to this work: it lasts as long, even if nobody waits any more.
        let _turn = turn;
        // Nobody may be waiting.
        let _ = done.send(work());
    });
    outcome.await.map_err(unavailable)
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
    let fits = in_turn(move || tokens::password_fits(&body.password, &hash)).await?;
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
    let picture = app.exchange.registry.picture();
    let person = picture.persons.get(&family.person).cloned();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_exist_costs_what_a_password_costs() {
        let hash = argon2::password_hash::phc::PasswordHash::new(NOBODY).unwrap();
        let real = tokens::hash_password("x", &[1; 16]).unwrap();
        let real = argon2::password_hash::phc::PasswordHash::new(&real).unwrap();
        assert_eq!(hash.algorithm, real.algorithm);
        assert_eq!(hash.params, real.params);
        assert!(hash.hash.is_some() && !tokens::password_fits("x", NOBODY));
    }

    #[test]
    fn many_names_do_not_open_a_lock() {
        let failures = Failures::default();
        let peer = IpAddr::from([192, 0, 2, 1]);
        let (who, now) = (("locked".to_owned(), peer), Timestamp::from_millis(1));
        for _ in 0..FAILURES {
            failures.note(who.clone(), now.plus_millis(1));
        }
        for number in 0..2 * REMEMBERED {
            failures.note((number.to_string(), peer), now);
        }
        assert!(failures.locked(&who, now));
        assert!(failures.0.lock().unwrap().len() <= REMEMBERED);
    }
}
