//! Bytes as a series of short texts, for a QR code (ISO/IEC 18004) that runs on one screen and is filmed by another one.
//!
//! The frames are shown over and over. Whoever films them takes each in whatever order it is caught, and has everything
//! once none is missing. All signs are of the alphanumeric mode, which needs 5.5 bits for each.

use data_encoding::BASE32_NOPAD;

use crate::id::Digest;
use crate::refusal::{Code, Refusal};

/// First signs of every frame.
const MARK: &str = "ZC1";
/// Bytes of content in one frame: with its head 666 signs, a code of version 14 with low correction.
const CHUNK: usize = 400;
/// Bytes of the digest by which the frames of one series know each other.
const NAME: usize = 8;
/// Frames of the longest series. A long one is better given as a file with one frame in each line.
const FRAMES: usize = 4_096;

/// The frames of some bytes.
///
/// # Errors
/// [`Code::TooLarge`] for what would be filmed too long.
pub fn frames(bytes: &[u8]) -> Result<Vec<String>, Refusal> {
    let chunks: Vec<&[u8]> = bytes.chunks(CHUNK).collect();
    if chunks.is_empty() || chunks.len() > FRAMES {
        return Err(Refusal::new(Code::TooLarge).field("frames"));
    }
    let name = name_of(bytes);
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
    let frame = |(index, chunk): (usize, &&[u8])| {
        let content = [&name[..], &short(chunks.len()), &short(index), chunk].concat();
        format!("{MARK}{}", BASE32_NOPAD.encode(&content))
    };
    Ok(chunks.iter().enumerate().map(frame).collect())
}

fn name_of(bytes: &[u8]) -> [u8; NAME] {
    let mut name = [0; NAME];
    name.iter_mut().zip(Digest::of(bytes).as_bytes()).for_each(|(to, from)| *to = *from);
    name
}

/// Frames that were caught of one series.
#[derive(Clone, Debug, Default)]
pub struct Caught {
    name: [u8; NAME],
    chunks: Vec<Option<Vec<u8>>>,
}

impl Caught {
    /// How many frames were caught, and of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.chunks.iter().flatten().count(), self.chunks.len())
    }

    /// Takes a frame. With the last one that was missing the bytes are whole. A frame of another series begins anew:
    /// the other phone shows something else now.
    ///
    /// # Errors
    /// [`Code::Malformed`] for what is no frame, [`Code::DigestMismatch`] when all frames do not make the bytes that
    /// they name.
    pub fn take(&mut self, frame: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let malformed = || Refusal::new(Code::Malformed).field("frame");
        let text = frame.strip_prefix(MARK).ok_or_else(malformed)?;
        let content = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| malformed())?;
        let (name, rest) = content.split_first_chunk::<NAME>().ok_or_else(malformed)?;
        let (total, rest) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
        let (index, chunk) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
        let [total, index] = [total, index].map(|it| usize::from(u16::from_be_bytes(*it)));
        if total > FRAMES || index >= total || chunk.is_empty() || chunk.len() > CHUNK {
            return Err(malformed());
        }
        if self.name != *name || self.chunks.len() != total {
            *self = Self { name: *name, chunks: vec![None; total] };
        }
        if let Some(place) = self.chunks.get_mut(index) {
            *place = Some(chunk.to_vec());
        }
        if self.chunks.iter().any(Option::is_none) {
            return Ok(None);
        }
        let bytes: Vec<u8> = self.chunks.iter().flatten().flatten().copied().collect();
        if name_of(&bytes) != self.name {
            *self = Self::default();
            return Err(Refusal::new(Code::DigestMismatch).field("frame"));
        }
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect()
    }

    #[test]
    fn frames_in_any_order_and_any_number_of_times_make_the_bytes() {
        for len in [1, CHUNK, CHUNK + 1, 10_000] {
            let bytes = bytes(len);
            let all = frames(&bytes).unwrap();
            assert!(all.iter().all(|it| it.len() <= 680), "{len}");
            let mut caught = Caught::default();
            let mut whole = None;
            for frame in all.iter().rev().chain(all.iter().step_by(3)) {
                whole = caught.take(frame).unwrap().or(whole);
            }
            assert_eq!(whole.as_deref(), Some(bytes.as_slice()));
            assert_eq!(caught.progress(), (all.len(), all.len()));
        }
    }

    #[test]
    fn what_is_no_frame_is_refused_and_another_series_begins_anew() {
        let (one, other) = (frames(&bytes(900)).unwrap(), frames(&bytes(901)).unwrap());
        let mut caught = Caught::default();
        caught.take(&one[0]).unwrap();
        for wrong in ["", "http://example.org", "ZC1", "ZC1!", &one[1][..20]] {
            assert_eq!(caught.take(wrong).unwrap_err().code, Code::Malformed, "{wrong}");
        }
        assert_eq!(caught.progress(), (1, 3));
        caught.take(&other[2]).unwrap();
        assert_eq!(caught.progress(), (1, 3));
        assert_eq!(frames(&bytes(CHUNK * FRAMES + 1)).unwrap_err().code, Code::TooLarge);
        assert_eq!(frames(&[]).unwrap_err().code, Code::TooLarge);
    }
}
