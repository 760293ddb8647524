//! Bytes that nobody can guess.

use sync_core::refusal::{Code, Refusal};

/// Gives 16 bytes of entropy.
pub type EntropySource = fn() -> Result<[u8; 16], Refusal>;

/// Entropy of the operating system.
///
/// # Errors
/// [`Code::ServerBusy`] when the operating system gives none.
pub fn system_entropy() -> Result<[u8; 16], Refusal> {
    use ring::rand::SecureRandom as _;
    let mut bytes = [0; 16];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| Refusal::new(Code::ServerBusy))?;
    Ok(bytes)
}
