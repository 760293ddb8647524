//! Small pictures. Foreign pictures are decoded in a process of their own with little memory and
//! time: whatever they do there, the server goes on. Originals are never touched; a small picture lies
//! as the original is shown and carries nothing of its metadata.

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use sync_core::id::BlobHash;
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::limits;
use sync_core::picture;
use sync_core::refusal::Code;
use sync_core::wire::thumbnail;
use tokio::sync::Semaphore;

use crate::blobstore::BlobFolder;
use crate::state::Shared;
use crate::store::files::Place;

/// Addresses of the process. The allocator reserves a gigabyte at a time without using it, so this is a
/// last bound, far above what pictures need.
const ADDRESSES: u64 = 8 * 1024 * 1024 * 1024;
/// Memory of the decoder: the largest picture that is accepted, with every channel of two bytes.
const DECODER: u64 = limits::PHOTO_PIXELS * 8;
const PATIENCE: Duration = Duration::from_secs(30);
const QUALITY: u8 = 80;

/// One decoder at a time.
static TURN: Semaphore = Semaphore::const_new(1);

/// What became of a small picture.
#[derive(Debug)]
pub enum Small {
    /// A JPEG with the server's signature for its original behind it.
    Picture(Vec<u8>),
    /// There is none and there never will be, and why.
    Never(Code),
    /// The other process died or took too long; the next one may not.
    NotNow,
}

/// Makes a small picture in another process, if it was not made before. An original that cannot be
/// decoded is noted: it is decoded once.
///
/// # Errors
/// What the platform says; an error for which [`is_damage`](crate::blobstore::is_damage) holds when the original is
/// not what was brought.
pub async fn make(
    folder: &BlobFolder,
    hash: BlobHash,
    place: Place,
    shared: &Shared,
) -> std::io::Result<Small> {
    let _turn = TURN.acquire().await.map_err(std::io::Error::other)?;
    let (made, flaw) = (folder.thumbnail(hash), folder.flaw(hash));
    let sealed = made.with_extension("small");
    if let Some(known) = known(hash, &sealed, &flaw, shared).await? {
        return Ok(known);
    }
    let original = folder.clone();
    let looked = tokio::task::spawn_blocking(move || original.verify(hash, place)).await;
    looked.map_err(std::io::Error::other)??;
    let mut worker = tokio::process::Command::new(program()?)
        .arg("thumbnail-worker")
        .args([&folder.pack(place), &made])
        .args([place.at.to_string(), place.len.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let Ok(status) = tokio::time::timeout(PATIENCE, worker.wait()).await else {
        worker.kill().await?;
        return Ok(Small::NotNow);
    };
    if !status?.success() {
        return Ok(Small::NotNow);
    }
    if let Some(jpeg) = there(tokio::fs::read(&made).await)? {
        let signature = shared.keys.sign(&thumbnail::signed_message(hash, &jpeg));
        let bytes = thumbnail::seal(jpeg, &signature.map_err(std::io::Error::other)?);
        tokio::fs::write(&made, &bytes).await?;
        tokio::fs::rename(&made, &sealed).await?;
        return Ok(Small::Picture(bytes));
    }
    Ok(known(hash, &sealed, &flaw, shared).await?.unwrap_or(Small::NotNow))
}

/// What was made before. A small picture that does not carry the server's signature for this original is somebody
/// else's, or damaged: it is noted and made again.
async fn known(
    hash: BlobHash,
    sealed: &Path,
    flaw: &Path,
    shared: &Shared,
) -> std::io::Result<Option<Small>> {
    if let Some(bytes) = there(tokio::fs::read(sealed).await)? {
        if thumbnail::open(&SoftVerifier, &shared.keys.public_key(), hash, &bytes).is_ok() {
            return Ok(Some(Small::Picture(bytes)));
        }
        shared.integrity.note(format!("small picture {hash}"));
        tokio::fs::remove_file(sealed).await?;
    }
    let flaw = there(tokio::fs::read_to_string(flaw).await)?;
    let code = |name: String| Code::ALL.iter().find(|code| code.name() == name).copied();
    Ok(flaw.map(|name| Small::Never(code(name).unwrap_or(Code::BlobUndecodable))))
}

fn there<T>(read: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// This server's own program, or the one beside the tests that run it in their process.
fn program() -> std::io::Result<std::path::PathBuf> {
    let own = std::env::current_exe()?;
    let name = format!("zhicha{}", std::env::consts::EXE_SUFFIX);
    let beside = own.with_file_name(&name);
    let above = own.parent().and_then(Path::parent).map(|folder| folder.join(&name));
    Ok([Some(beside), above].into_iter().flatten().find(|path| path.exists()).unwrap_or(own))
}

/// The work of the other process: the small picture, or beside it a note that there can be none.
///
/// # Errors
/// The error of the file system or of setting the memory bound.
pub fn work(pack: &Path, made: &Path, at: u64, len: u64) -> std::io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::AS, ADDRESSES, ADDRESSES)?;
    let mut original = Vec::new();
    let mut pack = std::fs::File::open(pack)?;
    pack.seek(SeekFrom::Start(at))?;
    pack.take(len).read_to_end(&mut original)?;
    match picture::read(&original).map_err(|refusal| refusal.code).and_then(|_| small(original)) {
        Ok(jpeg) => keep(made, &jpeg),
        Err(code) => keep(&made.with_extension("flaw"), code.name().as_bytes()),
    }
}

/// A small JPEG that lies as the original is shown, what is transparent on white.
fn small(original: Vec<u8>) -> Result<Vec<u8>, Code> {
    let undecodable = |_| Code::BlobUndecodable;
    let mut reader = ImageReader::new(Cursor::new(original))
        .with_guessed_format()
        .map_err(|_| Code::BlobUndecodable)?;
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(limits::PHOTO_SIDE);
    bounds.max_image_height = Some(limits::PHOTO_SIDE);
    bounds.max_alloc = Some(DECODER);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(undecodable)?;
    // A picture whose Exif cannot be read is shown as it is stored, by browsers, too.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    let mut small = on_white(picture).thumbnail(limits::THUMBNAIL_SIDE, limits::THUMBNAIL_SIDE);
    small.apply_orientation(orientation);
    let mut jpeg = Cursor::new(Vec::new());
    small
        .into_rgb8()
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(undecodable)?;
    Ok(jpeg.into_inner())
}

/// Ink on a transparent ground is read on white, as it was drawn.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut picture = picture.into_rgba8();
    for image::Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        let part = u16::from(*alpha);
        for channel in [red, green, blue] {
            let mixed = (u16::from(*channel) * part + 255 * (255 - part)) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    picture.into()
}

fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let aside = path.with_extension("part");
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(aside, path)
}
