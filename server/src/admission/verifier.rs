//! Signature checks on the server: P-256 in assembly, the rest in plain Rust.

use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use sync_core::ledger::fact::{Suite, Verifier};
use sync_core::ledger::suites::{SoftVerifier, require_low_s};
use sync_core::refusal::{Code, Refusal};

/// Checks P-256 with `ring` and everything else as the core does.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastVerifier;

impl Verifier for FastVerifier {
    fn verify(
        &self,
        suite: Suite,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        if suite != Suite::P256 {
            return SoftVerifier.verify(suite, key, message, signature);
        }
        require_low_s(signature)?;
        match key.len() {
            65 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
                .verify(message, signature)
                .map_err(|_| Refusal::new(Code::SignatureInvalid)),
            // `ring` reads uncompressed points alone; whoever verifies often expands keys before.
            _ => SoftVerifier.verify(suite, key, message, signature),
        }
    }
}
