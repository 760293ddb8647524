//! Files of a device: written aside, made durable, then named by their digest. A file that bears a
//! digest's name is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sync_core::id::BlobHash;
use sync_core::{Code, Refusal};

use crate::host::WriteGate;

const BLOBS: &str = "blobs";
const THUMBNAILS: &str = "thumbnails";

fn failed(error: std::io::Error) -> Refusal {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    let full = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
    let code = if full { Code::DeviceFull } else { Code::DeviceStore };
    Refusal::new(code).detail(error.to_string())
}

/// Makes the folders and clears what a stopped write left aside.
pub(crate) fn prepare(folder: &Path) -> Result<(), Refusal> {
    for name in [BLOBS, THUMBNAILS] {
        let folder = folder.join(name);
        fs::create_dir_all(&folder).map_err(failed)?;
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "part") {
                fs::remove_file(path).map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// Where a file is or would be.
pub(crate) fn path(folder: &Path, hash: BlobHash, thumbnail: bool) -> PathBuf {
    folder.join(if thumbnail { THUMBNAILS } else { BLOBS }).join(hash.hex())
}

/// Writes a file so that it is there whole or not at all.
pub(crate) fn keep(
    folder: &Path,
    hash: BlobHash,
    thumbnail: bool,
    bytes: &[u8],
    writes: &WriteGate,
) -> Result<(), Refusal> {
    let path = path(folder, hash, thumbnail);
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
        OpenOptions::new().read(true).open(parent).and_then(|it| it.sync_all()).map_err(failed)?;
    }
    if writes() { Ok(()) } else { Err(stopped()) }
}

/// Reads a file that the host names.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    fs::read(path)
        .map_err(|error| Refusal::new(Code::NotFound).field("path").detail(error.to_string()))
}

/// Reads a part of a file.
pub(crate) fn part(
    folder: &Path,
    hash: BlobHash,
    offset: u64,
    bytes: u64,
) -> Result<Vec<u8>, Refusal> {
    let mut file = File::open(path(folder, hash, false)).map_err(failed)?;
    file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    let mut part = Vec::new();
    file.take(bytes).read_to_end(&mut part).map_err(failed)?;
    Ok(part)
}

/// Width and height of a JPEG, PNG or WebP picture, from its header.
pub(crate) fn dimensions(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::new(Code::BlobEmpty));
    }
    let not_image = |_| Refusal::new(Code::BlobNotImage);
    let size = imagesize::blob_size(bytes).map_err(not_image)?;
    let side = |side: usize| u32::try_from(side).map_err(|_| Refusal::new(Code::BlobNotImage));
    Ok((side(size.width)?, side(size.height)?))
}
