//! Small pictures. Foreign pictures are decoded in a process of their own with little memory and
//! time: whatever they do there, the server goes on. Originals are never touched; a small picture
//! carries nothing of their metadata.

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageReader, Limits};
use sync_core::limits;
use tokio::sync::Semaphore;

use crate::blobstore::Place;

/// Memory of the process: a picture of the largest size and its reader.
const MEMORY: u64 = 768 * 1024 * 1024;
/// Memory of the decoder.
const DECODER: u64 = 512 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
const QUALITY: u8 = 80;

/// One decoder at a time.
static TURN: Semaphore = Semaphore::const_new(1);

/// Makes a small picture in another process; false if the original is not a picture that can be read.
pub async fn make(pack: &Path, place: Place, thumbnail: &Path) -> std::io::Result<bool> {
    let _turn = TURN.acquire().await.map_err(std::io::Error::other)?;
    if thumbnail.exists() {
        return Ok(true);
    }
    let mut worker = tokio::process::Command::new(program()?)
        .arg("thumbnail-worker")
        .args([pack, thumbnail])
        .args([place.at.to_string(), place.len.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Ok(status) = tokio::time::timeout(PATIENCE, worker.wait()).await {
        return Ok(status?.success() && thumbnail.exists());
    }
    worker.kill().await?;
    Ok(false)
}

/// This server's own program, or the one beside the tests that run it in their process.
fn program() -> std::io::Result<std::path::PathBuf> {
    let own = std::env::current_exe()?;
    let name = format!("zhicha{}", std::env::consts::EXE_SUFFIX);
    let beside = own.with_file_name(&name);
    let above = own.parent().and_then(Path::parent).map(|folder| folder.join(&name));
    Ok([Some(beside), above].into_iter().flatten().find(|path| path.exists()).unwrap_or(own))
}

/// The work of the other process.
pub fn work(pack: &Path, thumbnail: &Path, at: u64, len: u64) -> std::io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::AS, MEMORY, MEMORY)?;
    let mut original = Vec::new();
    let mut pack = std::fs::File::open(pack)?;
    pack.seek(SeekFrom::Start(at))?;
    pack.take(len).read_to_end(&mut original)?;
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(limits::PHOTO_SIDE);
    bounds.max_image_height = Some(limits::PHOTO_SIDE);
    bounds.max_alloc = Some(DECODER);
    reader.limits(bounds);
    let picture = reader.decode().map_err(std::io::Error::other)?;
    let small = picture.thumbnail(limits::THUMBNAIL_SIDE, limits::THUMBNAIL_SIDE).into_rgb8();
    let mut jpeg = Cursor::new(Vec::new());
    small
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(std::io::Error::other)?;
    let aside = thumbnail.with_extension("part");
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(&jpeg.into_inner())?;
    file.sync_all()?;
    std::fs::rename(aside, thumbnail)?;
    Ok(())
}
