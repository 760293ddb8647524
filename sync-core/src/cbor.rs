//! Values as CBOR (RFC 8949) with integer keys, and back.

use minicbor::{Decode, Encode};

use crate::refusal::{Code, Refusal};

/// Encodes a value. Struct fields come out by ascending key with definite lengths.
#[must_use]
pub fn to_vec<T: Encode<()>>(value: &T) -> Vec<u8> {
    // Writing to memory has no failure; an encoder of ours raises none of its own.
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes a value that fills all of `bytes`.
///
/// # Errors
/// `malformed` when the bytes are no such value or when some are left over.
pub fn from_slice<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Refusal> {
    let malformed =
        |error: minicbor::decode::Error| Refusal::new(Code::Malformed).detail(error.to_string());
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(malformed)?;
    if decoder.position() != bytes.len() {
        return Err(Refusal::new(Code::Malformed).detail("trailing bytes"));
    }
    Ok(value)
}
