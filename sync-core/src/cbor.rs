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

/// The bytes of a value that this build encoded, with each of its texts in another form.
///
/// # Errors
/// `malformed` for other bytes.
pub fn with_texts(bytes: &[u8], form: impl Fn(&str) -> String) -> Result<Vec<u8>, Refusal> {
    let mut encoder = minicbor::Encoder::new(Vec::with_capacity(bytes.len()));
    let malformed =
        |error: minicbor::decode::Error| Refusal::new(Code::Malformed).detail(error.to_string());
    copy(&mut minicbor::Decoder::new(bytes), &mut encoder, &form).map_err(malformed)?;
    Ok(encoder.into_writer())
}

/// Writing to memory has no failure.
fn written<T, E>(_: Result<T, E>) {}

/// Copies one item that this build wrote: of definite length, without tags.
fn copy(
    from: &mut minicbor::Decoder<'_>,
    to: &mut minicbor::Encoder<Vec<u8>>,
    form: &impl Fn(&str) -> String,
) -> Result<(), minicbor::decode::Error> {
    use minicbor::data::Type;
    let items = match from.datatype()? {
        Type::String => {
            written(to.str(&form(from.str()?)));
            0
        }
        Type::Array => {
            let length = from.array()?.unwrap_or_default();
            written(to.array(length));
            length
        }
        Type::Map => {
            let length = from.map()?.unwrap_or_default();
            written(to.map(length));
            2 * length
        }
        _ => {
            let begin = from.position();
            from.skip()?;
            let item = from.input().get(begin..from.position()).unwrap_or_default();
            to.writer_mut().extend_from_slice(item);
            0
        }
    };
    (0..items).try_for_each(|_| copy(from, to, form))
}
