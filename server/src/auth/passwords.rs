//! Passwords: hashed and compared, a bounded number at once.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use sync_core::refusal::{Code, Refusal};
use tokio::sync::Semaphore;

/// Longest password.
const PASSWORD_BYTES: usize = 256;

/// At most two Argon2 hashes run at once; each needs 19 MiB.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash that no password fits, for names that do not exist: they take as long as others.
pub(crate) const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id with 19 MiB and two passes.
fn argon2() -> Result<Argon2<'static>, Refusal> {
    let params =
        Params::new(19 * 1024, 2, 1, None).map_err(|_| Refusal::new(Code::KeyUnavailable))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, Refusal> {
    if password.is_empty() || password.len() > PASSWORD_BYTES {
        return Err(Refusal::new(Code::FieldMalformed).field("password"));
    }
    argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Refusal::new(Code::KeyUnavailable))
}

/// Whether a password fits its hash.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    password.len() <= PASSWORD_BYTES
        && PasswordHash::new(hash).is_ok_and(|hash| {
            argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok())
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_exist_costs_what_a_password_costs() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        let real = super::hash("x", &[1; 16]).unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(hash.algorithm, real.algorithm);
        assert_eq!(hash.params, real.params);
        assert!(hash.hash.is_some() && !fits("x", NOBODY));
    }
}
