//! Signature suites in plain Rust: what phones without a faster library, browsers and tests use.

use p256::ecdsa::signature::hazmat::PrehashVerifier as _;

use super::fact::{Signer, Suite, Verifier};
use crate::refusal::{Code, Refusal};

/// Checks P-256 and Ed25519 signatures without C.
#[derive(Clone, Copy, Debug, Default)]
pub struct SoftVerifier;

impl Verifier for SoftVerifier {
    fn verify(
        &self,
        suite: Suite,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        match suite {
            Suite::P256 => p256(key, message, signature),
            Suite::Ed25519 => ed25519(key, message, signature),
            Suite::Sm2 => Err(Refusal::new(Code::SuiteUnknown)),
        }
    }
}

fn invalid() -> Refusal {
    Refusal::new(Code::SignatureInvalid)
}

/// Refuses a P-256 signature with a high `s`: of the two that fit a message, only the low one counts.
///
/// # Errors
/// [`Code::SignatureMalleable`] for the high one, [`Code::SignatureInvalid`] for another length.
pub fn require_low_s(signature: &[u8]) -> Result<(), Refusal> {
    /// Half of the order of P-256, rounded down (FIPS 186-5, SP 800-186).
    const HALF_ORDER: [u8; 32] = [
        0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31,
        0x92, 0xa8,
    ];
    match signature.split_at_checked(32) {
        Some((_, s)) if s.len() == 32 && *s <= HALF_ORDER[..] => Ok(()),
        Some((_, s)) if s.len() == 32 => Err(Refusal::new(Code::SignatureMalleable)),
        _ => Err(invalid()),
    }
}

fn p256(key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    require_low_s(signature)?;
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| invalid())?;
    let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| invalid())?;
    let digest = <sha2::Sha256 as sha2::Digest>::digest(message);
    key.verify_prehash(&digest, &signature).map_err(|_| invalid())
}

fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    let key: [u8; 32] = key.try_into().map_err(|_| invalid())?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| invalid())?;
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| invalid())?;
    key.verify_strict(message, &signature).map_err(|_| invalid())
}

/// A P-256 key held in memory: for hosts without a key store of their own.
#[derive(Clone)]
pub struct SoftSigner(p256::ecdsa::SigningKey);

impl std::fmt::Debug for SoftSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoftSigner")
    }
}

impl SoftSigner {
    /// Takes a secret of 32 bytes; refused if it is no valid key (practically never by chance).
    ///
    /// # Errors
    /// [`Code::KeyUnavailable`].
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, Refusal> {
        p256::ecdsa::SigningKey::from_slice(secret)
            .map(Self)
            .map_err(|_| Refusal::new(Code::KeyUnavailable))
    }

    /// The public key, SEC1 compressed, 33 bytes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(true).as_bytes().to_vec()
    }
}

impl Signer for SoftSigner {
    fn suite(&self) -> Suite {
        Suite::P256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        use p256::ecdsa::signature::hazmat::PrehashSigner as _;
        let digest = <sha2::Sha256 as sha2::Digest>::digest(message);
        let signature: p256::ecdsa::Signature =
            self.0.sign_prehash(&digest).map_err(|_| Refusal::new(Code::KeyUnavailable))?;
        Ok(signature.normalize_s().to_bytes().to_vec())
    }
}

/// The server's Ed25519 key.
#[derive(Clone)]
pub struct ServerSigner(ed25519_dalek::SigningKey);

impl std::fmt::Debug for ServerSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerSigner")
    }
}

impl ServerSigner {
    /// Takes the secret seed.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret))
    }

    /// The public key, 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.0.verifying_key().to_bytes().to_vec()
    }
}

impl Signer for ServerSigner {
    fn suite(&self) -> Suite {
        Suite::Ed25519
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        use ed25519_dalek::Signer as _;
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

/// A P-256 public key as an uncompressed point (SEC1, 65 bytes), which some libraries want.
///
/// # Errors
/// [`Code::SignatureInvalid`] for what is no key.
pub fn expand_p256(key: &[u8]) -> Result<Vec<u8>, Refusal> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| invalid())?;
    Ok(key.to_sec1_point(false).as_bytes().to_vec())
}

/// A P-256 public key as a compressed point (SEC1, 33 bytes), from either form of a key store.
///
/// # Errors
/// [`Code::KeyUnavailable`] for what is no key.
pub fn compress_p256(key: &[u8]) -> Result<Vec<u8>, Refusal> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key)
        .map_err(|_| Refusal::new(Code::KeyUnavailable).field("public_key"))?;
    Ok(key.to_sec1_point(true).as_bytes().to_vec())
}

/// A signature of a key store, DER or 64 bytes, as the 64 bytes with low S that facts carry. Key
/// stores in hardware answer with either half of the signatures.
///
/// # Errors
/// [`Code::KeyUnavailable`] for what is no signature.
pub fn plain_p256(signature: &[u8]) -> Result<Vec<u8>, Refusal> {
    p256::ecdsa::Signature::from_slice(signature)
        .or_else(|_| p256::ecdsa::Signature::from_der(signature))
        .map(|signature| signature.normalize_s().to_bytes().to_vec())
        .map_err(|_| Refusal::new(Code::KeyUnavailable).field("signature"))
}
