//! Every bound of the product in one table. Sizes in bytes unless the name says otherwise.

use crate::refusal::{Code, Refusal};
use crate::text;

/// One fact, signature included.
pub const FACT_BYTES: usize = 256 * 1024;
/// A sealed record, as [`crate::domain::inspection::Size`] counts it.
pub const RECORD_BYTES: usize = 192 * 1024;
/// What a document needs besides the hazards of a record: its head, every officer with name and certificate at four
/// bytes a character, device, signature.
pub const DOCUMENT_BYTES: usize = 4 * 1024 + TEAM * (8 * NAME_CHARS + 64);
// What is sealed can be ordered: a notice prints no more of a record than it holds.
const _: () = assert!(RECORD_BYTES + DOCUMENT_BYTES <= FACT_BYTES, "a notice may not fit");
/// Nesting of arrays and maps in signed bytes.
pub const FACT_DEPTH: usize = 12;
/// One change of a draft.
pub const CHANGE_BYTES: usize = 64 * 1024;
/// Operations in one change of a draft.
pub const CHANGE_OPS: usize = 1_024;
/// Changes in one draft.
pub const DRAFT_CHANGES: usize = 4_096;
/// All changes of one draft together.
pub const DRAFT_BYTES: usize = 1024 * 1024;
/// Of these, what is left for decisions and withdrawals when the rest is full.
pub const DRAFT_RESERVE_BYTES: usize = 64 * 1024;
/// Body of an exchange as it travels.
pub const EXCHANGE_BYTES: usize = 4 * 1024 * 1024;
/// Body of an exchange after inflating.
pub const EXCHANGE_INFLATED_BYTES: usize = 16 * 1024 * 1024;
/// Items (facts and changes) in one push.
pub const PUSH_ITEMS: usize = 2_000;
/// Items in one page of a pull.
pub const PAGE_ITEMS: usize = 4_000;
/// Bytes of items in one page of a pull, before compression.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of items that a device asks for at once: while it reads and writes them, it answers nothing else.
pub const PULL_BYTES: usize = 1024 * 1024;
/// A photo or another file.
pub const BLOB_BYTES: u64 = 20 * 1024 * 1024;
/// Largest request of a file upload.
pub const CHUNK_BYTES: usize = 1024 * 1024;
/// Smallest request of a file upload while more is left: a line of 8 kbit/s carries it in 16 seconds.
pub const PART_BYTES: usize = 16 * 1024;
/// Longer side of a photo, in pixels: panoramas of phones are up to 20,000 wide.
pub const PHOTO_SIDE: u32 = 24_000;
/// Pixels of a photo: sensors of "108 megapixels" give up to 108.6 million.
pub const PHOTO_PIXELS: u64 = 110_000_000;
/// Longer side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 480;
/// Most degrees of latitude times ten million, on both sides of the equator.
pub const LATITUDE_E7: i32 = 900_000_000;
/// Most degrees of longitude times ten million, to both sides of Greenwich.
pub const LONGITUDE_E7: i32 = 1_800_000_000;
/// Hazards in one inspection.
pub const HAZARDS: usize = 200;
/// Answers in one inspection.
pub const ANSWERS: usize = 500;
/// Last changes of a draft that a record names.
pub const DRAFT_HEADS: usize = 64;
/// Photos of one hazard, reply or recheck.
pub const PHOTOS: usize = 40;
/// Officers on one visit.
pub const TEAM: usize = 12;
/// Papers that one statement of the server issues.
pub const PAPERS: usize = 256;
/// Characters of a name, title or code.
pub const NAME_CHARS: usize = 100;
/// Characters of a description, reason or opinion.
pub const TEXT_CHARS: usize = 2_000;
/// Characters of an article of law.
pub const LAW_TEXT_CHARS: usize = 10_000;
/// Fewest characters of a password.
pub const PASSWORD_CHARS_LEAST: usize = 10;
/// Most characters of a password.
pub const PASSWORD_CHARS: usize = 128;
/// Devices of one person that are not revoked.
pub const DEVICES: usize = 24;
/// Sessions of one person; beyond it the oldest ends.
pub const SESSIONS: usize = 16;
/// Longest rectification term, in days.
pub const TERM_DAYS: u16 = 366;
/// Milliseconds by which a device clock may be ahead of the server before it is flagged.
pub const CLOCK_AHEAD_MS: i64 = 5 * 60 * 1000;

/// Refuses text that is too long, that is not in its [one form](crate::text), or in which nothing is to be seen.
///
/// # Errors
/// [`Code::FieldMissing`], [`Code::FieldTooLong`] or [`Code::FieldMalformed`], with the field.
pub fn text(field: &'static str, value: &str, max_chars: usize) -> Result<(), Refusal> {
    if !text::is_visible(value) {
        return Err(Refusal::new(Code::FieldMissing).field(field));
    }
    optional_text(field, value, max_chars)
}

/// Like [`text()`], but may be empty.
///
/// # Errors
/// [`Code::FieldTooLong`] or [`Code::FieldMalformed`], with the field.
pub fn optional_text(field: &'static str, value: &str, max_chars: usize) -> Result<(), Refusal> {
    if value.chars().count() > max_chars {
        return Err(Refusal::new(Code::FieldTooLong).field(field));
    }
    if !text::is_tidy(value) {
        return Err(Refusal::new(Code::FieldMalformed).field(field));
    }
    Ok(())
}

/// Refuses a collection with more than `max` entries.
///
/// # Errors
/// [`Code::TooMany`], with the field.
pub fn count(field: &'static str, len: usize, max: usize) -> Result<(), Refusal> {
    if len > max { Err(Refusal::new(Code::TooMany).field(field)) } else { Ok(()) }
}
