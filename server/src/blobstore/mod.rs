//! Files under their digest: whole ones in packs, parts of others in files of their own.

mod keeper;
mod pack;
mod wanted;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sync_core::id::{BlobHash, PersonId};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};

use crate::store::files::Place;

pub use keeper::{Keeper, Noting, Unnoted, Whole};
pub use pack::HEADER_BYTES;
pub use wanted::Wanted;

/// What the platform says of a file that could not be read or written, as a refusal.
pub fn failed(error: io::Error) -> Refusal {
    tracing::error!(%error, "a file could not be read or written");
    Refusal::new(Code::StorageFailed)
}

/// Whether what the platform says of a stored file means that its bytes are not what they were.
#[must_use]
pub fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
    matches!(error.kind(), InvalidData | NotFound | UnexpectedEof)
}

/// A file as one person brings it. What several bring in parts stays apart: nobody learns how far another one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOf {
    /// Digest of the file.
    pub hash: BlobHash,
    /// Who brings it.
    pub person: PersonId,
}

/// What came of a file that is not whole.
struct Begun {
    hash: BlobHash,
    /// When the last of it came.
    moved: SystemTime,
}

/// How long nothing of a file must have come before it makes room for another one of the same person.
const LEFT_ALONE: Duration = Duration::from_hours(24);

/// The folder of files.
#[derive(Clone, Debug)]
pub struct BlobFolder {
    root: PathBuf,
    beginning: Arc<Mutex<()>>,
}

impl BlobFolder {
    /// Opens the folder, makes it if there is none.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn open(root: &Path) -> io::Result<Self> {
        for name in ["packs", "parts", "thumbnails"] {
            fs::create_dir_all(root.join(name))?;
        }
        File::open(root)?.sync_all()?;
        Ok(Self { root: root.to_owned(), beginning: Arc::default() })
    }

    /// The pack that a file lies in.
    #[must_use]
    pub fn pack(&self, place: Place) -> PathBuf {
        pack::path(&self.packs(), place.pack)
    }

    /// Opens a file that still has its digest, at `from`. Its bytes end `place.len` bytes behind its beginning.
    ///
    /// # Errors
    /// What the platform says; an error for which [`is_damage`] holds when the file is not what was brought.
    pub fn open_at(&self, hash: BlobHash, place: Place, from: u64) -> io::Result<File> {
        if place.len > limits::BLOB_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.verify(hash, place)?;
        let mut file = File::open(self.pack(place))?;
        file.seek(SeekFrom::Start(place.at + from.min(place.len)))?;
        Ok(file)
    }

    /// Looks whether a file still has its digest.
    ///
    /// # Errors
    /// As [`BlobFolder::open_at`].
    pub fn verify(&self, hash: BlobHash, place: Place) -> io::Result<()> {
        let mut file = File::open(self.pack(place))?;
        file.seek(SeekFrom::Start(place.at))?;
        if pack::digest_of(&mut file.take(place.len))? == hash {
            return Ok(());
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    /// What packs say behind the last noted ends of these.
    fn after(&self, ends: &HashMap<u64, u64>) -> io::Result<Vec<pack::Entry>> {
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

    fn part(&self, of: PartOf) -> PathBuf {
        self.root.join("parts").join(format!("{}-{}", of.hash.hex(), of.person))
    }

    /// How much of a file came so far.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn received(&self, of: PartOf) -> io::Result<u64> {
        match fs::metadata(self.part(of)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Adds a part at an offset; gives how much is there then. What is there already is passed over; nothing
    /// is added behind a gap.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn append(&self, of: PartOf, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.part(of))?;
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

    /// Begins a file that comes in parts, unless this person has so many already that are not whole. Then parts that are
    /// left alone for long make room: whoever brings them again begins them again. Otherwise gives how long it is until
    /// one of them does.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn begin(&self, of: PartOf, most: u64) -> io::Result<Option<Duration>> {
        let _one_at_a_time = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        if self.part(of).exists() {
            return Ok(None);
        }
        let mut begun = self.parts_of(of.person)?;
        begun.sort_unstable_by_key(|it| it.moved);
        let too_many = (begun.len() as u64 + 1).saturating_sub(most.max(1));
        let now = SystemTime::now();
        for it in begun.into_iter().take(usize::try_from(too_many).unwrap_or(usize::MAX)) {
            let rested = now.duration_since(it.moved).unwrap_or_default();
            if let Some(left) = LEFT_ALONE.checked_sub(rested).filter(|left| !left.is_zero()) {
                return Ok(Some(left));
            }
            self.drop_part(PartOf { hash: it.hash, ..of })?;
        }
        File::create(self.part(of))?;
        Ok(None)
    }

    /// The files of which a part of this person is here, and not all.
    ///
    /// # Errors
    /// The error of the file system.
    fn parts_of(&self, person: PersonId) -> io::Result<Vec<Begun>> {
        let suffix = format!("-{person}");
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join("parts"))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(hash) = name.to_str().and_then(|name| name.strip_suffix(&suffix)) else {
                continue;
            };
            // What was kept meanwhile is no part any more.
            let Ok(known) = entry.metadata() else { continue };
            if let Ok(hash) = hash.parse() {
                found.push(Begun { hash, moved: known.modified()? });
            }
        }
        Ok(found)
    }

    /// Whether what came has the digest that it should have.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn part_fits(&self, of: PartOf) -> io::Result<bool> {
        Ok(pack::digest_of(&mut File::open(self.part(of))?)? == of.hash)
    }

    /// Drops what came of a file.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn drop_part(&self, of: PartOf) -> io::Result<()> {
        match fs::remove_file(self.part(of)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The first bytes of what came of a file.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn part_head(&self, of: PartOf, len: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(self.part(of))?.take(len).read_to_end(&mut head)?;
        Ok(head)
    }

    /// Whether files can be written now.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        // Left where it is: two who ask at once write the same.
        fs::write(self.root.join("probe"), b"probe").is_ok()
    }
}
