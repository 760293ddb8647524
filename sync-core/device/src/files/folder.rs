//! Pictures as files: written aside, made durable, then named by their digest. A file that bears a
//! digest's name is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sync_core::{Code, Refusal};

use super::{Files, Name};
use crate::host::WriteGate;

const BLOBS: &str = "blobs";
const THUMBNAILS: &str = "thumbnails";
/// The folders of pictures below a device's own.
pub(crate) const FOLDERS: [&str; 2] = [BLOBS, THUMBNAILS];

fn failed(error: std::io::Error) -> Refusal {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let full = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
    let code = if full { Code::DeviceFull } else { Code::DeviceStore };
    Refusal::new(code).detail(error.to_string())
}

/// Reads a file that the host names.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    fs::read(path)
        .map_err(|error| Refusal::new(Code::NotFound).field("path").detail(error.to_string()))
}

/// The pictures of a device in two folders.
pub(crate) struct Folder {
    folder: PathBuf,
}

impl Folder {
    /// Makes the folders and clears what a stopped write left aside.
    pub(crate) fn open(folder: &Path) -> Result<Self, Refusal> {
        for name in FOLDERS {
            let folder = folder.join(name);
            fs::create_dir_all(&folder).map_err(failed)?;
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.extension().is_some_and(|extension| extension == "part") {
                    fs::remove_file(path).map_err(failed)?;
                }
            }
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where a file is or would be.
    fn place(&self, name: Name) -> PathBuf {
        self.folder.join(if name.thumbnail { THUMBNAILS } else { BLOBS }).join(name.hash.hex())
    }
}

impl Files for Folder {
    fn has(&self, name: Name) -> Result<bool, Refusal> {
        Ok(self.place(name).exists())
    }

    fn keep(&mut self, name: Name, bytes: &[u8], writes: &WriteGate) -> Result<(), Refusal> {
        let path = self.place(name);
        if path.exists() {
            return Ok(());
        }
        let stopped = || Refusal::new(Code::DeviceStore).detail("stopped while writing a file");
        let aside = path.with_extension("part");
        let mut file = File::create(&aside).map_err(failed)?;
        if !writes() {
            // A device that dies here leaves half of the file aside.
            let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
            file.write_all(half).map_err(failed)?;
            return Err(stopped());
        }
        file.write_all(bytes).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        if !writes() {
            return Err(stopped());
        }
        fs::rename(&aside, &path).map_err(failed)?;
        if let Some(parent) = path.parent() {
            // The name is durable when its folder is.
            OpenOptions::new()
                .read(true)
                .open(parent)
                .and_then(|it| it.sync_all())
                .map_err(failed)?;
        }
        if writes() { Ok(()) } else { Err(stopped()) }
    }

    fn part(&self, name: Name, offset: u64, bytes: u64) -> Result<Vec<u8>, Refusal> {
        let mut file = File::open(self.place(name)).map_err(failed)?;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let mut part = Vec::new();
        file.take(bytes).read_to_end(&mut part).map_err(failed)?;
        Ok(part)
    }

    fn path(&self, name: Name) -> Option<PathBuf> {
        Some(self.place(name)).filter(|path| path.exists())
    }
}
