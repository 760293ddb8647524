//! Reads from an image file its size as shown and whether it is complete. No pixel is decoded: a
//! phone runs this at the shutter, within the memory of the file.

use crate::refusal::{Code, Refusal};

/// A whole picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from left to right as it is shown, turned as its Exif orientation says.
    pub width: u32,
    /// Pixels from top to bottom as it is shown.
    pub height: u32,
}

/// What was met on the way through a file.
#[derive(Default)]
struct Found {
    size: Option<(u32, u32)>,
    turned: Option<bool>,
    /// Whether there are pixels.
    pixels: bool,
}

/// Reads a JPEG, PNG or WebP file from its first byte to its last.
///
/// # Errors
/// [`Code::BlobEmpty`] without any byte, [`Code::BlobNotImage`] for every other format, [`Code::BlobTorn`]
/// when the file ends before the picture does or its parts do not fit together.
pub fn read(bytes: &[u8]) -> Result<Picture, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::new(Code::BlobEmpty));
    }
    let mut found = Found::default();
    let whole = match bytes {
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes, &mut found),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => png(bytes, &mut found),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes, &mut found),
        _ => return Err(Refusal::new(Code::BlobNotImage)),
    };
    let (Some(()), Some((width, height)), true) = (whole, found.size, found.pixels) else {
        return Err(Refusal::new(Code::BlobTorn));
    };
    if width == 0 || height == 0 {
        return Err(Refusal::new(Code::BlobNotImage));
    }
    let turned = found.turned.unwrap_or(false);
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Ok(Picture { width, height })
}

fn part(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn size(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// From marker to marker (ITU-T T.81, annex B) to the end of the first image; some when it is reached.
fn jpeg(bytes: &[u8], found: &mut Found) -> Option<()> {
    let mut at = 2;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        at += bytes.get(at..)?.iter().position(|byte| *byte != 0xff)?;
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            0xd9 => return Some(()),
            // Without a length: stuffing, restarts, a start.
            0x00 | 0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let len = size(big(part(bytes, at, 2)?))?;
        let content = part(bytes, at, len)?.get(2..)?;
        at += len;
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let (height, width) = (big(part(content, 1, 2)?), big(part(content, 3, 2)?));
                found.size.get_or_insert((width, height));
            }
            0xe1 => {
                if let Some(exif) = content.strip_prefix(b"Exif\0\0") {
                    found.turned = found.turned.or(turned(exif));
                }
            }
            0xda => {
                found.pixels = true;
                at += scan(bytes.get(at..)?)?;
            }
            _ => {}
        }
    }
}

/// Where the marker stands that ends entropy-coded data.
fn scan(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(2)
        .position(|pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xff | 0xd0..=0xd7)))
}

/// From chunk to chunk with their sums (RFC 2083) to the last one.
fn png(bytes: &[u8], found: &mut Found) -> Option<()> {
    let mut at = 8;
    loop {
        let len = size(big(part(bytes, at, 4)?))?;
        let checked = part(bytes, at + 4, len.checked_add(4)?)?;
        let sum = big(part(bytes, at + 8 + len, 4)?);
        if crc32fast::hash(checked) != sum {
            return None;
        }
        let (kind, content) = checked.split_at_checked(4)?;
        match kind {
            b"IHDR" => found.size = Some((big(part(content, 0, 4)?), big(part(content, 4, 4)?))),
            b"IDAT" => found.pixels = true,
            b"eXIf" => found.turned = turned(content),
            b"IEND" => return Some(()),
            _ => {}
        }
        at += 12 + len;
    }
}

/// From chunk to chunk (RFC 9649) to the length that the file says it has.
fn webp(bytes: &[u8], found: &mut Found) -> Option<()> {
    let end = size(little(part(bytes, 4, 4)?))?.checked_add(8)?;
    let bytes = bytes.get(..end)?;
    let mut at = 12;
    while at < end {
        let (kind, len) = (part(bytes, at, 4)?, size(little(part(bytes, at + 4, 4)?))?);
        let content = part(bytes, at + 8, len)?;
        let side = |from, len| part(content, from, len).map(little);
        match kind {
            b"VP8X" => found.size = Some((side(4, 3)? + 1, side(7, 3)? + 1)),
            b"VP8 " => {
                found.pixels = true;
                let size = (side(6, 2)? & 0x3fff, side(8, 2)? & 0x3fff);
                found.size.get_or_insert(size);
            }
            b"VP8L" => {
                found.pixels = true;
                let bits = little(part(content, 1, 4)?);
                found.size.get_or_insert(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
            }
            b"ANMF" => found.pixels = true,
            b"EXIF" => {
                found.turned = turned(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
            }
            _ => {}
        }
        at += 8 + len + len % 2;
    }
    Some(())
}

/// Whether the orientation of an Exif block (a TIFF file) puts the picture on its side.
fn turned(exif: &[u8]) -> Option<bool> {
    let number: fn(&[u8]) -> u32 = match exif.get(..4)? {
        b"II*\0" => little,
        b"MM\0*" => big,
        _ => return None,
    };
    let first = size(number(part(exif, 4, 4)?))?;
    let entries = number(part(exif, first, 2)?);
    (0..entries).find_map(|entry| {
        let at = first.checked_add(2)?.checked_add(size(entry)? * 12)?;
        let entry = part(exif, at, 12)?;
        let is_orientation =
            number(part(entry, 0, 2)?) == 0x0112 && number(part(entry, 2, 2)?) == 3;
        let value = number(part(entry, 8, 2)?);
        is_orientation.then_some(matches!(value, 5..=8))
    })
}
