//! Bodies of the exchange as they travel: CBOR, deflated (RFC 1951) behind a mark.

use minicbor::Encode;

use crate::cbor;
use crate::limits;
use crate::refusal::{Code, Refusal};

/// Media type of a packed body.
pub const CONTENT_TYPE: &str = "application/vnd.zhicha.exchange";

/// First bytes of a packed body: a mark and the version of the packing.
const MARK: [u8; 3] = [b'z', b'c', 1];

/// From this size on packing is fast rather than tight.
const LARGE: usize = 256 * 1024;

/// Packs a body for travel.
#[must_use]
pub fn pack<T: Encode<()>>(value: &T) -> Vec<u8> {
    let plain = cbor::to_vec(value);
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
///
/// # Errors
/// `too_large` when the body or what it inflates to is over its bound, `version_unsupported` when the mark
/// is missing, `malformed` when it does not inflate.
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
