//! Bytes and values. CBOR (RFC 8949) with integer keys; exchange bodies are deflated (RFC 1951).

use minicbor::{Decode, Encode};

use crate::limits;
use crate::refusal::{Code, Refusal};

/// Media type of a packed body.
pub const CONTENT_TYPE: &str = "application/vnd.zhicha.exchange";

/// First bytes of a packed body: a mark and the version of the packing.
const MARK: [u8; 3] = [b'z', b'c', 1];

/// From this size on packing is fast rather than tight.
const LARGE: usize = 256 * 1024;

/// Encodes a value. Struct fields come out by ascending key with definite lengths.
#[must_use]
pub fn to_vec<T: Encode<()>>(value: &T) -> Vec<u8> {
    // Writing to memory has no failure; an encoder of ours raises none of its own.
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes a value that fills all of `bytes`.
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

/// Packs a body for travel.
#[must_use]
pub fn pack<T: Encode<()>>(value: &T) -> Vec<u8> {
    let plain = to_vec(value);
    // A first synchronisation is large and read by someone who waits: a third more bytes, a fifth of
    // the time.
    let level = if plain.len() > LARGE { 1 } else { 6 };
    let mut packed = MARK.to_vec();
    packed.extend(miniz_oxide::deflate::compress_to_vec(&plain, level));
    packed
}

/// Whether a body is packed by this product, in whatever version: nothing else begins so.
#[must_use]
pub fn is_packed(body: &[u8]) -> bool {
    body.starts_with(b"zc")
}

/// Unpacks a body, never holding more than [`limits::EXCHANGE_INFLATED_BYTES`].
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Refusal> {
    if packed.len() > limits::EXCHANGE_BYTES {
        return Err(Refusal::new(Code::TooLarge).field("body"));
    }
    let Some(deflated) = packed.strip_prefix(&MARK[..]) else {
        return Err(Refusal::new(Code::VersionUnsupported).field("body"));
    };
    let limit = limits::EXCHANGE_INFLATED_BYTES;
    miniz_oxide::inflate::decompress_to_vec_with_limit(deflated, limit).map_err(|error| {
        let code = match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => Code::TooLarge,
            _ => Code::Malformed,
        };
        Refusal::new(code).field("body")
    })
}
