//! A small picture on the wire: the JPEG, then the server's signature that names its original. JPEG
//! readers ignore what follows; a device refuses it without the signature.

use crate::id::{BlobHash, Digest};
use crate::ledger::fact::{Suite, Verifier};
use crate::refusal::{Code, Refusal};

const MARK: &[u8; 8] = b"zhichat\x01";
const SIGNATURE_BYTES: usize = 64;

/// What the server signs.
#[must_use]
pub fn signed_message(original: BlobHash, jpeg: &[u8]) -> Vec<u8> {
    let digest = Digest::of(jpeg);
    [b"zhicha thumbnail v1\0".as_slice(), original.as_bytes(), digest.as_bytes()].concat()
}

/// Puts the signature behind the picture.
#[must_use]
pub fn seal(mut jpeg: Vec<u8>, signature: &[u8]) -> Vec<u8> {
    jpeg.extend(MARK);
    jpeg.extend(signature);
    jpeg
}

/// The picture alone.
///
/// # Errors
/// [`Code::NetworkForeign`] if the server with this key did not say that it is the small picture of this
/// original.
pub fn open<'a>(
    verifier: &dyn Verifier,
    server_key: &[u8],
    original: BlobHash,
    sealed: &'a [u8],
) -> Result<&'a [u8], Refusal> {
    let foreign = || Refusal::new(Code::NetworkForeign);
    let at = sealed.len().checked_sub(SIGNATURE_BYTES).ok_or_else(foreign)?;
    let (body, signature) = sealed.split_at(at);
    let jpeg = body.strip_suffix(MARK).ok_or_else(foreign)?;
    let message = signed_message(original, jpeg);
    verifier.verify(Suite::Ed25519, server_key, &message, signature).map_err(|_| foreign())?;
    Ok(jpeg)
}
