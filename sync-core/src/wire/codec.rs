//! Bodies of the exchange as they travel: CBOR, deflated (RFC 1951) behind a mark.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
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

/// Room for inflated bytes that is made at first.
const LEAST_ROOM: usize = 16 * 1024;

/// Packs a body for travel.
#[must_use]
pub fn pack<T: Encode<()>>(value: &T) -> Vec<u8> {
    let plain = cbor::to_vec(value);
    // A first synchronisation is large and read by someone who waits: a third more bytes, a fifth of
    // the time.
    let level = if plain.len() > LARGE { 1 } else { 6 };
    let mut packed = DeflateEncoder::new(MARK.to_vec(), Compression::new(level));
    // Memory takes every byte, so neither of these fails.
    let written = packed.write_all(&plain).and_then(|()| packed.finish());
    written.unwrap_or_default()
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
    inflate(deflated, limits::EXCHANGE_INFLATED_BYTES)
        .map_err(|code| Refusal::new(code).field("body"))
}

/// Inflates a whole stream into at most `limit` bytes; one that was cut is malformed.
fn inflate(deflated: &[u8], limit: usize) -> Result<Vec<u8>, Code> {
    let mut inflater = Decompress::new(false);
    let mut plain = Vec::new();
    loop {
        let growth = plain.len().max(LEAST_ROOM).min(limit + 1 - plain.len());
        plain.reserve_exact(growth);
        let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let rest = deflated.get(read..).unwrap_or_default();
        let status = inflater.decompress_vec(rest, &mut plain, FlushDecompress::None);
        match status {
            Ok(_) if plain.len() > limit => return Err(Code::TooLarge),
            Ok(Status::StreamEnd) => return Ok(plain),
            Ok(_) if plain.len() == plain.capacity() => {}
            Ok(_) | Err(_) => return Err(Code::Malformed),
        }
    }
}
