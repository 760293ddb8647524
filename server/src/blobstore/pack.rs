//! Packs: files one after the other, in files that only grow. A device that comes back brings a
//! hundred photos, and one durable write for all that arrive together costs what one for each would.
//!
//! Each file lies behind a header of [`HEADER_BYTES`] bytes: `zhichaf` and the version 1, the length
//! in 8 bytes (big-endian), and the 33 bytes of its digest, the first of which names the algorithm.
//! So a pack can be read without the database. What a power cut left at the end of a pack has no
//! header, too few bytes or another digest; it is passed over, and the next run of the server begins
//! a pack of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::Digest as _;
use sync_core::id::{BlobHash, Digest};
use sync_core::limits;

const MAGIC: [u8; 8] = *b"zhichaf\x01";
const DIGEST_BYTES: usize = 33;
/// Bytes before each file in a pack.
pub const HEADER_BYTES: u64 = 8 + 8 + DIGEST_BYTES as u64;
/// From this size on a new pack is begun.
const PACK_BYTES: u64 = 64 * 1024 * 1024;

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the pack.
    pub pack: u64,
    /// Where its bytes begin.
    pub at: u64,
    /// How many they are.
    pub len: u64,
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
        hash: BlobHash,
        len: u64,
        bytes: &mut impl Read,
    ) -> io::Result<Place> {
        let header = [&MAGIC[..], &len.to_be_bytes(), hash.as_bytes()].concat();
        self.file.write_all(&header)?;
        if io::copy(bytes, &mut self.file)? != len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let at = self.end + HEADER_BYTES;
        self.end = at + len;
        Ok(Place { pack: self.number, at, len })
    }

    /// Makes what was added durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// The whole files of a pack from `from` on, where one ends and the next begins.
pub(super) fn scan(folder: &Path, number: u64, from: u64) -> io::Result<Vec<(BlobHash, Place)>> {
    let mut file = File::open(path(folder, number))?;
    let mut left = file.metadata()?.len().saturating_sub(from);
    file.seek(SeekFrom::Start(from))?;
    let (mut found, mut end) = (Vec::new(), from);
    while let Some(rest) = left.checked_sub(HEADER_BYTES) {
        let Some((hash, len)) = header(&mut file)? else { break };
        if len > rest || len > limits::BLOB_BYTES || digest(&mut file, len)? != hash {
            break;
        }
        let at = end + HEADER_BYTES;
        found.push((hash, Place { pack: number, at, len }));
        (end, left) = (at + len, rest - len);
    }
    Ok(found)
}

fn header(file: &mut File) -> io::Result<Option<(BlobHash, u64)>> {
    let (mut magic, mut len, mut hash) = ([0; 8], [0; 8], [0; DIGEST_BYTES]);
    file.read_exact(&mut magic)?;
    file.read_exact(&mut len)?;
    file.read_exact(&mut hash)?;
    let hash = Digest::from_bytes(&hash).ok().filter(|_| magic == MAGIC);
    Ok(hash.map(|hash| (hash, u64::from_be_bytes(len))))
}

fn digest(file: &mut File, len: u64) -> io::Result<BlobHash> {
    digest_of(&mut file.take(len))
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

    fn pack_of(folder: &Path, files: &[&[u8]]) -> Vec<(BlobHash, Place)> {
        let mut pack = Pack::begin(folder).unwrap();
        let mut added = Vec::new();
        for bytes in files {
            let hash = Digest::of(bytes);
            added.push((hash, pack.add(hash, bytes.len() as u64, &mut &bytes[..]).unwrap()));
        }
        pack.sync().unwrap();
        added
    }

    #[test]
    fn a_pack_is_read_without_the_database_up_to_where_the_power_went() {
        let folder = tempfile::tempdir().unwrap();
        let added = pack_of(folder.path(), &[b"one", b"", b"three"]);
        assert_eq!(scan(folder.path(), 1, 0).unwrap(), added);
        let whole = std::fs::read(path(folder.path(), 1)).unwrap();
        let second = added[1].1.at;
        assert_eq!(scan(folder.path(), 1, second).unwrap(), added[2..]);
        for cut in 0..whole.len() {
            std::fs::write(path(folder.path(), 1), &whole[..cut]).unwrap();
            let there = added.iter().filter(|(_, it)| it.at + it.len <= cut as u64).count();
            assert_eq!(scan(folder.path(), 1, 0).unwrap(), added[..there], "cut at {cut}");
        }
    }

    #[test]
    fn a_file_with_other_bytes_than_its_digest_ends_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let added = pack_of(folder.path(), &[b"one", b"two"]);
        let whole = std::fs::read(path(folder.path(), 1)).unwrap();
        for damaged in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[damaged] ^= 1;
            std::fs::write(path(folder.path(), 1), bytes).unwrap();
            let before = added.iter().filter(|(_, it)| it.at + it.len <= damaged as u64).count();
            assert_eq!(scan(folder.path(), 1, 0).unwrap(), added[..before], "damaged at {damaged}");
        }
    }

    #[test]
    fn each_run_begins_a_pack_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        pack_of(folder.path(), &[b"one"]);
        let second = pack_of(folder.path(), &[b"two"]);
        assert_eq!(second[0].1.pack, 2);
        assert_eq!(scan(folder.path(), 1, 0).unwrap().len(), 1);
    }
}
