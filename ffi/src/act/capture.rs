//! 拍摄照片: a photo with the claims that were signed at the shutter.

use std::path::Path;

use device::PhotoMeta;
use sync_core::domain::evidence::{Fix, Purpose, Source};
use sync_core::id::{BlobHash, HazardId};

use crate::{Device, DeviceError, StreamId};

#[uniffi::remote(Enum)]
pub enum Purpose {
    Found,
    FixedOnSpot,
    Rectified,
    Recheck,
    Signature,
}

#[uniffi::remote(Enum)]
pub enum Source {
    Camera,
    Import,
    Drawing,
}

#[uniffi::remote(Record)]
pub struct PhotoMeta {
    pub purpose: Purpose,
    pub hazard: Option<HazardId>,
    pub source: Source,
    pub fix: Option<Fix>,
    #[uniffi(default = None)]
    pub derived_from: Option<BlobHash>,
}

#[uniffi::export]
impl Device {
    /// Keeps a photo that lies in a file: the bytes unchanged, digest and circumstances signed. The same photo for the
    /// same purpose again is the one that is kept.
    ///
    /// # Errors
    /// The reason of the picture (`blob_empty`, `blob_not_image`, `blob_torn`, `photo_pixels`), of form, gate or store;
    /// [`DeviceError::Locked`] while the key store is locked.
    pub fn capture(
        &self,
        stream: StreamId,
        meta: PhotoMeta,
        path: String,
    ) -> Result<BlobHash, DeviceError> {
        self.with(|device| device.capture_file(stream.into(), meta, Path::new(&path)))
    }
}
