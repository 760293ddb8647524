//! Files under their digest, in a folder. A file with a digest's name is whole and durable.

mod keeper;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::Digest as _;
use sync_core::id::{BlobHash, Digest};

use keeper::Durable;
pub use keeper::{Keeper, Whole};

/// The folder of files.
#[derive(Clone, Debug)]
pub struct BlobFolder {
    root: PathBuf,
}

impl BlobFolder {
    /// Opens the folder, makes it if there is none, and clears what a stopped write left.
    pub fn open(root: &Path) -> io::Result<Self> {
        for name in ["whole", "parts", "aside", "thumbnails"] {
            fs::create_dir_all(root.join(name))?;
        }
        File::open(root)?.sync_all()?;
        for left in fs::read_dir(root.join("aside"))? {
            fs::remove_file(left?.path())?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Where a file is or would be.
    #[must_use]
    pub fn path(&self, hash: BlobHash) -> PathBuf {
        self.root.join("whole").join(hash.hex())
    }

    /// Gives durable files their names; one that cannot be named keeps none of the others from it.
    /// One durable write of the folder serves all of them.
    fn name(&self, files: &[Durable]) -> Vec<io::Result<()>> {
        let named: Vec<io::Result<()>> =
            files.iter().map(|it| fs::rename(&it.path, self.path(it.hash))).collect();
        match File::open(self.root.join("whole")).and_then(|folder| folder.sync_all()) {
            Ok(()) => named,
            Err(error) => files.iter().map(|_| Err(error.kind().into())).collect(),
        }
    }

    /// Where its small picture is or would be.
    #[must_use]
    pub fn thumbnail(&self, hash: BlobHash) -> PathBuf {
        self.root.join("thumbnails").join(hash.hex() + ".jpg")
    }

    /// A new file aside: two senders of one file never write to the same one.
    fn fresh_aside(&self, hash: BlobHash) -> io::Result<(PathBuf, File)> {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        let write = WRITES.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join("aside").join(format!("{}.{write}", hash.hex()));
        let file = File::create(&path)?;
        Ok((path, file))
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

    /// Adds a part at an offset; gives how much is there then. Nothing is added when the offset is
    /// not where the file ends.
    pub fn append(&self, hash: BlobHash, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.part(hash))?;
        // One writer at a time: a second one would have to find the file longer than it is.
        file.lock()?;
        let there = file.seek(SeekFrom::End(0))?;
        if there != offset {
            return Ok(there);
        }
        file.write_all(bytes)?;
        file.sync_data()?;
        Ok(there + bytes.len() as u64)
    }

    /// Whether what came has the digest that it should have.
    pub fn part_fits(&self, hash: BlobHash) -> io::Result<bool> {
        let mut file = File::open(self.part(hash))?;
        let mut sum = sha2::Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(Digest::from_sha256(sum.finalize().into()) == hash),
                read => sum.update(buffer.get(..read).unwrap_or_default()),
            }
        }
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
