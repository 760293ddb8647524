//! Packs: files one after the other, in files that only grow. A device that comes back brings a
//! hundred photos, and one durable write for all that arrive together costs what one for each would.
//!
//! Each file lies behind a header of [`HEADER_BYTES`] bytes: `zhichaf` and the version 2, the length
//! in 8 bytes (big-endian), the 33 bytes of its digest, the first of which names the algorithm, and the 16 bytes of
//! who brought it. A header that begins with `zhichab` and has no bytes behind it says that someone else brought a
//! file that lies here or in an earlier pack. Headers of version 1 do not say who.
//! So a pack can be read without the database. What a power cut left at the end of a pack has no
//! header, too few bytes or another digest; it is passed over, and the next run of the server begins
//! a pack of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::Digest as _;
use sync_core::id::{BlobHash, Digest, PersonId};
use sync_core::limits;

use crate::store::files::Place;

const NAMELESS: [u8; 8] = *b"zhichaf\x01";
const MAGIC: [u8; 8] = *b"zhichaf\x02";
const BROUGHT: [u8; 8] = *b"zhichab\x02";
const DIGEST_BYTES: usize = 33;
const PERSON_BYTES: u64 = 16;
/// Bytes before a file that does not say who brought it.
const NAMELESS_BYTES: u64 = 8 + 8 + DIGEST_BYTES as u64;
/// Bytes before each file in a pack.
pub const HEADER_BYTES: u64 = NAMELESS_BYTES + PERSON_BYTES;
/// From this size on a new pack is begun.
const PACK_BYTES: u64 = 64 * 1024 * 1024;

/// What a pack says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its digest.
    pub(super) hash: BlobHash,
    /// Where it lies; none where it is only said who brought it.
    pub(super) place: Option<Place>,
    /// Who brought it.
    pub(super) person: Option<PersonId>,
}

/// The pack of a number.
pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.pack"))
}

/// The numbers and lengths of all packs, ascending.
pub(super) fn all(folder: &Path) -> io::Result<Vec<(u64, u64)>> {
    let mut packs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".pack"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            packs.push((number, entry.metadata()?.len()));
        }
    }
    packs.sort_unstable();
    Ok(packs)
}

/// A pack that is written.
#[derive(Debug)]
pub(super) struct Pack {
    number: u64,
    file: File,
    end: u64,
}

impl Pack {
    /// Begins a new pack: none is written by two runs of a server, or by two servers.
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let mut number = all(folder)?.last().map_or(1, |(number, _)| number + 1);
        let file = loop {
            match OpenOptions::new().write(true).create_new(true).open(path(folder, number)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                opened => break opened?,
            }
        };
        File::open(folder)?.sync_all()?;
        Ok(Self { number, file, end: 0 })
    }

    /// Whether the next file goes into another pack.
    pub(super) fn is_full(&self) -> bool {
        self.end >= PACK_BYTES
    }

    /// Adds a file. It counts once [`Pack::sync`] has returned.
    pub(super) fn add(
        &mut self,
        (hash, person): (BlobHash, PersonId),
        len: u64,
        bytes: &mut impl Read,
    ) -> io::Result<Place> {
        self.file.write_all(&header_of(MAGIC, len, hash, person))?;
        if io::copy(bytes, &mut self.file)? != len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let at = self.end + HEADER_BYTES;
        self.end = at + len;
        Ok(Place { pack: self.number, at, len })
    }

    /// Adds that someone else brought a file that is kept already. It counts once [`Pack::sync`] has returned.
    pub(super) fn add_brought(&mut self, hash: BlobHash, person: PersonId) -> io::Result<()> {
        self.file.write_all(&header_of(BROUGHT, 0, hash, person))?;
        self.end += HEADER_BYTES;
        Ok(())
    }

    /// Makes what was added durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn header_of(magic: [u8; 8], len: u64, hash: BlobHash, person: PersonId) -> Vec<u8> {
    [&magic[..], &len.to_be_bytes(), hash.as_bytes(), person.as_bytes()].concat()
}

/// What a pack says from `from` on, where one header or file ends and the next begins.
pub(super) fn scan(folder: &Path, number: u64, from: u64) -> io::Result<Vec<Entry>> {
    let mut file = File::open(path(folder, number))?;
    let mut left = file.metadata()?.len().saturating_sub(from);
    file.seek(SeekFrom::Start(from))?;
    let (mut found, mut end) = (Vec::new(), from);
    while let Some(rest) = left.checked_sub(NAMELESS_BYTES) {
        let Some((magic, hash, len)) = header(&mut file)? else { break };
        let (person, rest) = match rest.checked_sub(PERSON_BYTES) {
            _ if magic == NAMELESS => (None, rest),
            Some(rest) => (Some(person(&mut file)?), rest),
            None => break,
        };
        let fits = magic == BROUGHT || digest_within(&mut file, len, rest)? == Some(hash);
        if !fits {
            break;
        }
        let at = end + (left - rest);
        let place = (magic != BROUGHT).then_some(Place { pack: number, at, len });
        found.push(Entry { hash, place, person });
        (end, left) = (at + len, rest - len);
    }
    Ok(found)
}

fn header(file: &mut File) -> io::Result<Option<([u8; 8], BlobHash, u64)>> {
    let (mut magic, mut len, mut hash) = ([0; 8], [0; 8], [0; DIGEST_BYTES]);
    file.read_exact(&mut magic)?;
    file.read_exact(&mut len)?;
    file.read_exact(&mut hash)?;
    let len = u64::from_be_bytes(len);
    let known = [NAMELESS, MAGIC].contains(&magic) || (magic == BROUGHT && len == 0);
    let hash = Digest::from_bytes(&hash).ok().filter(|_| known);
    Ok(hash.map(|hash| (magic, hash, len)))
}

fn person(file: &mut File) -> io::Result<PersonId> {
    let mut id = [0; 16];
    file.read_exact(&mut id)?;
    Ok(PersonId::from_bytes(id))
}

/// The digest of the next `len` bytes; none if there are not so many or a file may not be so long.
fn digest_within(file: &mut File, len: u64, rest: u64) -> io::Result<Option<BlobHash>> {
    if len > rest || len > limits::BLOB_BYTES {
        return Ok(None);
    }
    digest_of(&mut file.take(len)).map(Some)
}

/// The digest of what a reader gives.
pub(super) fn digest_of(bytes: &mut impl Read) -> io::Result<BlobHash> {
    let mut sum = sha2::Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(Digest::from_sha256(sum.finalize().into())),
            read => sum.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: PersonId = PersonId::from_bytes([1; 16]);
    const OTHER: PersonId = PersonId::from_bytes([2; 16]);

    fn pack_of(folder: &Path, files: &[&[u8]]) -> Vec<Entry> {
        let mut pack = Pack::begin(folder).unwrap();
        let mut added = Vec::new();
        for bytes in files {
            let hash = Digest::of(bytes);
            let place = pack.add((hash, ONE), bytes.len() as u64, &mut &bytes[..]).unwrap();
            added.push(Entry { hash, place: Some(place), person: Some(ONE) });
            pack.add_brought(hash, OTHER).unwrap();
            added.push(Entry { hash, place: None, person: Some(OTHER) });
        }
        pack.sync().unwrap();
        added
    }

    /// Where the bytes of each entry end.
    fn ends(entries: &[Entry]) -> Vec<u64> {
        let mut end = 0;
        let of = |entry: &Entry| entry.place.map_or(0, |place| place.len);
        entries
            .iter()
            .map(|entry| {
                end += HEADER_BYTES + of(entry);
                end
            })
            .collect()
    }

    #[test]
    fn a_pack_is_read_without_the_database_up_to_where_the_power_went() {
        let folder = tempfile::tempdir().unwrap();
        let added = pack_of(folder.path(), &[b"one", b"", b"three"]);
        assert_eq!(scan(folder.path(), 1, 0).unwrap(), added);
        let whole = std::fs::read(path(folder.path(), 1)).unwrap();
        let first = ends(&added)[1];
        assert_eq!(scan(folder.path(), 1, first).unwrap(), added[2..]);
        for cut in 0..whole.len() {
            std::fs::write(path(folder.path(), 1), &whole[..cut]).unwrap();
            let there = ends(&added).iter().filter(|end| **end <= cut as u64).count();
            assert_eq!(scan(folder.path(), 1, 0).unwrap(), added[..there], "cut at {cut}");
        }
    }

    #[test]
    fn a_file_with_other_bytes_than_its_digest_ends_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let added = pack_of(folder.path(), &[b"one", b"two"]);
        let whole = std::fs::read(path(folder.path(), 1)).unwrap();
        for entry in &added {
            let Some(Place { at, len, .. }) = entry.place else { continue };
            for damaged in usize::try_from(at).unwrap()..usize::try_from(at + len).unwrap() {
                let mut bytes = whole.clone();
                bytes[damaged] ^= 1;
                std::fs::write(path(folder.path(), 1), bytes).unwrap();
                let before = ends(&added).iter().filter(|end| **end <= damaged as u64).count();
                let read = scan(folder.path(), 1, 0).unwrap();
                assert_eq!(read, added[..before], "damaged at {damaged}");
            }
        }
    }

    #[test]
    fn files_from_before_it_was_said_who_brought_them_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let hash = Digest::of(b"one");
        let header = [&NAMELESS[..], &3_u64.to_be_bytes(), hash.as_bytes()].concat();
        std::fs::write(path(folder.path(), 1), [&header[..], b"one"].concat()).unwrap();
        let place = Some(Place { pack: 1, at: NAMELESS_BYTES, len: 3 });
        assert_eq!(scan(folder.path(), 1, 0).unwrap(), [Entry { hash, place, person: None }]);
    }

    #[test]
    fn each_run_begins_a_pack_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        pack_of(folder.path(), &[b"one"]);
        let second = pack_of(folder.path(), &[b"two"]);
        assert_eq!(second[0].place.unwrap().pack, 2);
        assert_eq!(scan(folder.path(), 1, 0).unwrap().len(), 2);
    }
}
