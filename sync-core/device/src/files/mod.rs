//! Where the bytes of photos lie: files in a folder, or rows of a database of their own where a platform
//! gives no folder. Either way a photo is there whole or not at all, and there when `keep` has returned.

mod folder;
mod packed;

use std::path::PathBuf;

use sync_core::id::BlobHash;
use sync_core::{Code, Refusal};

use crate::host::WriteGate;

pub(crate) use folder::{Folder, read};
pub(crate) use packed::Packed;

/// One kept picture: its digest, and whether the small one is meant.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    pub(crate) hash: BlobHash,
    pub(crate) thumbnail: bool,
}

/// The bytes of photos.
pub(crate) trait Files: Send {
    /// Whether a picture is there.
    fn has(&self, name: Name) -> Result<bool, Refusal>;

    /// Keeps a picture so that it is there whole or not at all.
    fn keep(&mut self, name: Name, bytes: &[u8], writes: &WriteGate) -> Result<(), Refusal>;

    /// Reads `bytes` bytes from `offset`, fewer at the end.
    fn part(&self, name: Name, offset: u64, bytes: u64) -> Result<Vec<u8>, Refusal>;

    /// Where it lies as a file of the platform, if it does.
    fn path(&self, name: Name) -> Option<PathBuf>;
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
