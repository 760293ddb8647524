//! Photos: the file first, then the signed fact that names it.

use std::path::Path;

use serde::Deserialize;
use sync_core::act::{Capture, Statement};
use sync_core::domain::evidence::{Fix, Photo, Purpose, Source};
use sync_core::id::{BlobHash, Digest, HazardId};
use sync_core::ledger::stream::StreamId;
use sync_core::picture::{self, Picture};
use sync_core::{Code, Refusal, limits};

use crate::Device;
use crate::files::{self, Name};

/// What is known of a photo at the shutter besides its bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PhotoMeta {
    /// What it is for.
    pub purpose: Purpose,
    /// The hazard it shows.
    pub hazard: Option<HazardId>,
    /// How the bytes came to be.
    pub source: Source,
    /// Position fix, where there was one.
    pub fix: Option<Fix>,
    /// The photo on whose copy was drawn.
    #[serde(default)]
    pub derived_from: Option<BlobHash>,
}

impl Device {
    /// Keeps a photo: its bytes unchanged in a file, its digest and circumstances signed. Width and
    /// height are those of the picture as it is shown.
    ///
    /// # Errors
    /// [`Code::BlobEmpty`], [`Code::BlobNotImage`], [`Code::BlobTorn`] for a file that ends too early,
    /// [`Code::PhotoPixels`] for more pixels than are taken; whatever [`Device::state`] refuses.
    pub fn capture(
        &mut self,
        stream: StreamId,
        meta: PhotoMeta,
        bytes: &[u8],
    ) -> Result<BlobHash, Refusal> {
        let Picture { width, height } = picture::read(bytes)?;
        let pixels = u64::from(width) * u64::from(height);
        if pixels > limits::PHOTO_PIXELS || width.max(height) > limits::PHOTO_SIDE {
            return Err(Refusal::new(Code::PhotoPixels).detail(format!("{width}x{height}")));
        }
        let hash = Digest::of(bytes);
        let photo = Photo {
            blob: hash,
            bytes: bytes.len() as u64,
            width,
            height,
            purpose: meta.purpose,
            hazard: meta.hazard,
            source: meta.source,
            fix: meta.fix,
            derived_from: meta.derived_from,
        };
        photo.validate()?;
        let case = self.case(&stream)?;
        let mut known =
            case.every::<Capture>().map(|it| &it.body.photo).filter(|it| it.blob == hash);
        if let Some(first) = known.next() {
            // After a restart the photo may be here already: taking it again gives the same one.
            let same = (first.purpose, first.hazard) == (meta.purpose, meta.hazard);
            return if same { Ok(hash) } else { Err(Refusal::new(Code::PhotoReused)) };
        }
        let name = Name { hash, thumbnail: false };
        self.files.keep(name, bytes, &self.host.writes)?;
        self.state_photo(Statement::Captured(Capture { stream, photo }))?;
        Ok(hash)
    }

    /// Keeps a photo that lies in a file, as [`Device::capture`] does.
    ///
    /// # Errors
    /// [`Code::DeviceStore`] for a file that cannot be read, and what [`Device::capture`] refuses.
    pub fn capture_file(
        &mut self,
        stream: StreamId,
        meta: PhotoMeta,
        path: &Path,
    ) -> Result<BlobHash, Refusal> {
        self.capture(stream, meta, &files::read(path)?)
    }
}
