//! Passwords: hashed and compared, a bounded number at once.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use sync_core::refusal::{Code, Refusal};
use sync_core::{limits, text};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use super::username;
use crate::config;

/// Longest password: four bytes for each character.
const PASSWORD_BYTES: usize = 4 * limits::PASSWORD_CHARS;

/// Passwords that everybody tries first, one a line.
const KNOWN_BAD: &str = include_str!("../../../fixtures/passwords/known_bad.txt");

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

/// A password however a keyboard composes its characters.
fn one_form(password: &str) -> String {
    password.nfc().collect()
}

/// Refuses a new password that is too short or too long, holds what nobody sees, is the account name, or is one of those
/// that everybody tries.
///
/// # Errors
/// [`Code::PasswordUnfit`] with `length`, `invisible`, `username` or `known` as detail.
pub fn require_fit(password: &str, username: &str) -> Result<(), Refusal> {
    let unfit = |why| Err(Refusal::new(Code::PasswordUnfit).field("password").detail(why));
    let chars = one_form(password).chars().count();
    if !(limits::PASSWORD_CHARS_LEAST..=limits::PASSWORD_CHARS).contains(&chars) {
        return unfit("length");
    }
    if password.trim() != password || !password.chars().all(is_visible) {
        return unfit("invisible");
    }
    let folded = username::one_form(password);
    if folded == username::one_form(username) {
        return unfit("username");
    }
    if KNOWN_BAD.lines().any(|known| known == folded) {
        return unfit("known");
    }
    Ok(())
}

/// Whether a character can be seen, or is a space.
fn is_visible(c: char) -> bool {
    c == ' ' || text::is_visible(c.encode_utf8(&mut [0; 4]))
}

/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Twelve letters that nobody can guess.
///
/// # Errors
/// [`Code::StorageFailed`] when the machine gives no entropy.
pub fn fresh() -> Result<String, Refusal> {
    let random: [u8; 12] = config::entropy().map_err(unavailable)?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map(|it| char::from(*it));
    Ok(random.iter().filter_map(letter).collect())
}

/// Hashes a password.
///
/// # Errors
/// [`Code::FieldMalformed`] for an empty or overlong password, [`Code::KeyUnavailable`] when it cannot be
/// hashed.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, Refusal> {
    if password.is_empty() || password.len() > PASSWORD_BYTES {
        return Err(Refusal::new(Code::FieldMalformed).field("password"));
    }
    argon2()?
        .hash_password_with_salt(one_form(password).as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Refusal::new(Code::KeyUnavailable))
}

/// Whether a password fits its hash.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    password.len() <= PASSWORD_BYTES
        && PasswordHash::new(hash).is_ok_and(|hash| {
            argon2().is_ok_and(|argon2| {
                argon2.verify_password(one_form(password).as_bytes(), &hash).is_ok()
            })
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
    // A fresh thread for each hash: an allocator keeps the 19 MiB for the thread that used them,
    // and each thread of a pool would come to hold as much.
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
    fn a_password_is_long_visible_and_not_what_everybody_tries() {
        for good in ["long enough", "一个足够长的新口令！", "correct horse", &"啊".repeat(128)]
        {
            require_fit(good, "wangwu").unwrap();
        }
        for (bad, why) in [
            ("", "length"),
            ("123456789", "length"),
            (&"啊".repeat(129), "length"),
            // Nine characters, composed of eighteen.
            (&"e\u{301}".repeat(9), "length"),
            ("long\u{200b}enough", "invisible"),
            ("long\tenough", "invisible"),
            ("long\nenough", "invisible"),
            (" long enough", "invisible"),
            ("          ", "invisible"),
            (&"\u{3164}".repeat(10), "invisible"),
            (&"\u{2060}".repeat(10), "invisible"),
            ("long\u{202e}enough", "invisible"),
            ("Password123", "known"),
            ("ｐassword123", "known"),
            ("1234567890", "known"),
            ("Long.Username", "username"),
        ] {
            let name = if why == "username" { "long.username" } else { "wangwu" };
            let refusal = require_fit(bad, name).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.detail.as_deref()),
                (Code::PasswordUnfit, Some(why)),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_longest_password_can_be_used_and_a_composed_one_typed_otherwise() {
        let longest = "\u{20000}".repeat(limits::PASSWORD_CHARS);
        assert!(fits(&longest, &hash(&longest, &[1; 16]).unwrap()));
        let composed = hash("caf\u{e9} caf\u{e9}", &[1; 16]).unwrap();
        assert!(fits("cafe\u{301} cafe\u{301}", &composed));
    }

    #[test]
    fn known_passwords_are_in_the_form_in_which_they_are_looked_for() {
        for known in KNOWN_BAD.lines() {
            assert!(username::one_form(known) == known && known.chars().count() >= 10, "{known}");
        }
    }

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
