//! Files under their digest: whole ones in packs, parts of others in files of their own.

mod keeper;
mod pack;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sync_core::id::BlobHash;
use sync_core::refusal::{Code, Refusal};

pub use keeper::{Keeper, Whole};
pub use pack::{HEADER_BYTES, Place};

/// What the platform says of a file that could not be read or written, as a refusal.
pub fn failed(error: io::Error) -> Refusal {
    tracing::error!(%error, "a file could not be read or written");
    Refusal::new(Code::StorageFailed)
}

/// The folder of files.
#[derive(Clone, Debug)]
pub struct BlobFolder {
    root: PathBuf,
}

impl BlobFolder {
    /// Opens the folder, makes it if there is none.
    pub fn open(root: &Path) -> io::Result<Self> {
        for name in ["packs", "parts", "thumbnails"] {
            fs::create_dir_all(root.join(name))?;
        }
        File::open(root)?.sync_all()?;
        Ok(Self { root: root.to_owned() })
    }

    /// The pack that a file lies in.
    #[must_use]
    pub fn pack(&self, place: Place) -> PathBuf {
        pack::path(&self.packs(), place.pack)
    }

    /// The bytes of a file from `from`, at most `len`.
    pub fn read(&self, place: Place, from: u64, len: u64) -> io::Result<Vec<u8>> {
        let from = from.min(place.len);
        let len = len.min(place.len - from);
        let mut file = File::open(self.pack(place))?;
        file.seek(SeekFrom::Start(place.at + from))?;
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
        if file.take(len).read_to_end(&mut bytes)? as u64 == len {
            return Ok(bytes);
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    /// Whole files that lie in packs behind the last noted ends of these.
    fn after(&self, ends: &HashMap<u64, u64>) -> io::Result<Vec<(BlobHash, Place)>> {
        let mut found = Vec::new();
        for (number, len) in pack::all(&self.packs())? {
            let end = ends.get(&number).copied().unwrap_or_default();
            if end < len {
                found.extend(pack::scan(&self.packs(), number, end)?);
            }
        }
        Ok(found)
    }

    /// Where its small picture is or would be.
    #[must_use]
    pub fn thumbnail(&self, hash: BlobHash) -> PathBuf {
        self.root.join("thumbnails").join(hash.hex() + ".jpg")
    }

    /// Where it is noted that there can be no small picture.
    #[must_use]
    pub fn flaw(&self, hash: BlobHash) -> PathBuf {
        self.thumbnail(hash).with_extension("flaw")
    }

    fn part(&self, hash: BlobHash) -> PathBuf {
        self.root.join("parts").join(hash.hex())
    }

    /// How much of a file came so far.
    pub fn received(&self, hash: BlobHash) -> io::Result<u64> {
        match fs::metadata(self.part(hash)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Adds a part at an offset; gives how much is there then. What is there already is passed over; nothing
    /// is added behind a gap.
    pub fn append(&self, hash: BlobHash, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.part(hash))?;
        // One writer at a time: a second one would have to find the file longer than it is.
        file.lock()?;
        let there = file.seek(SeekFrom::End(0))?;
        let known = there.checked_sub(offset).and_then(|known| usize::try_from(known).ok());
        let Some(new) = known.and_then(|known| bytes.get(known..)).filter(|new| !new.is_empty())
        else {
            return Ok(there);
        };
        file.write_all(new)?;
        file.sync_data()?;
        Ok(there + new.len() as u64)
    }

    /// Whether what came has the digest that it should have.
    pub fn part_fits(&self, hash: BlobHash) -> io::Result<bool> {
        Ok(pack::digest_of(&mut File::open(self.part(hash))?)? == hash)
    }

    /// Drops what came of a file.
    pub fn drop_part(&self, hash: BlobHash) -> io::Result<()> {
        match fs::remove_file(self.part(hash)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The first bytes of what came of a file.
    pub fn part_head(&self, hash: BlobHash, len: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(self.part(hash))?.take(len).read_to_end(&mut head)?;
        Ok(head)
    }

    /// Whether files can be written now.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        // Left where it is: two who ask at once write the same.
        fs::write(self.root.join("probe"), b"probe").is_ok()
    }
}
