//! Takes a file that a fact announced: whole, or in parts from where the server stands. What came of a
//! part counts, also when the connection ends in the middle of it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::stream::Fuse;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, Digest};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api::Uploaded;
use tokio::time::Instant;

use crate::blobstore::{self, PartOf, Whole};
use crate::state::App;
use crate::store::{blobs, files};
use crate::usecase::look_at;

/// Bytes in which every picture format shows itself.
const HEAD_BYTES: u64 = 16;
/// How long what comes is held in memory; after that it is written as it comes, in pieces.
const HELD: Duration = Duration::from_secs(2);
/// The pieces in which a slow part is written.
const PIECE_BYTES: usize = limits::PART_BYTES;

/// Takes a part, or says where the server stands when it is empty. The work goes on in a task of its own: it
/// outlives the connection, and so what came of a part is kept.
///
/// # Errors
/// [`Code::BlobUnexpected`] for what no fact announced, [`Code::TooLarge`], [`Code::BlobOffset`] with where
/// the server stands when the part begins behind it, [`Code::PartsFull`] with the seconds until another file may be begun,
/// [`Code::NetworkLost`] when the part did not come whole,
/// [`Code::DigestMismatch`] and [`Code::BlobNotImage`] for a whole file that is not what was announced.
pub async fn receive(
    app: &App,
    person: &Person,
    hash: BlobHash,
    offset: u64,
    body: Body,
) -> Result<Uploaded, Refusal> {
    let (app, person) = (app.clone(), person.clone());
    let stopped = |_| Refusal::new(Code::StorageFailed);
    tokio::spawn(async move {
        let mut body = body.into_data_stream().fuse();
        let of = PartOf { hash, person: person.id };
        let mut part = Part { app: &app, of, at: offset, held: Vec::new() };
        let taken = part.take(&mut body).await;
        if taken.is_err() {
            // Whoever sends it hears the answer only when all of it was read.
            drain(&mut body).await;
        }
        taken
    })
    .await
    .map_err(stopped)?
}

/// A body as it comes.
type Incoming = Fuse<BodyDataStream>;

/// Reads what is left, as much as a part can be.
async fn drain(body: &mut Incoming) {
    let mut read = 0;
    while read <= limits::CHUNK_BYTES
        && let Some(Ok(bytes)) = body.next().await
    {
        read += bytes.len();
    }
}

/// A part on its way to the disk.
struct Part<'a> {
    app: &'a App,
    of: PartOf,
    /// Where what is held belongs.
    at: u64,
    held: Vec<u8>,
}

impl Part<'_> {
    async fn take(&mut self, body: &mut Incoming) -> Result<Uploaded, Refusal> {
        let (app, of, offset) = (self.app, self.of, self.at);
        let Announced { size, brought, kept } = announced(app, of).await?;
        if let Some(received) = kept.filter(|_| brought) {
            drain(body).await;
            return Ok(complete(app, of, received));
        }
        let (began, mut came) = (Instant::now(), 0_usize);
        loop {
            let Ok(next) = body.try_next().await else {
                self.write().await?;
                return Err(Refusal::new(Code::NetworkLost).field("body"));
            };
            let Some(bytes) = next else { break };
            came += bytes.len();
            let end = offset.saturating_add(came as u64);
            if end > size || size > limits::BLOB_BYTES || came > limits::CHUNK_BYTES {
                return Err(Refusal::new(Code::TooLarge).field("file"));
            }
            self.held.extend_from_slice(&bytes);
            if self.held.len() >= PIECE_BYTES && began.elapsed() >= HELD {
                self.write().await?;
            }
        }
        if offset == 0 && self.held.len() as u64 == size {
            return whole(app, of, std::mem::take(&mut self.held).into(), kept.is_some()).await;
        }
        if offset > size || size > limits::BLOB_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("file"));
        }
        let there = self.write().await?;
        if there < size {
            return Ok(Uploaded { received: there, complete: false, receipt: None });
        }
        judge_parts(app, of, size, kept.is_some()).await
    }

    /// Writes what is held; gives how much of the file is there.
    async fn write(&mut self) -> Result<u64, Refusal> {
        let (folder, of, at) = (self.app.blobs.clone(), self.of, self.at);
        let held = std::mem::take(&mut self.held);
        self.at += held.len() as u64;
        if held.is_empty() {
            return blocking(move || folder.received(of)).await;
        }
        let most = self.app.shared.shares().parts;
        let wait = {
            let folder = folder.clone();
            blocking(move || folder.begin(of, most)).await?
        };
        if let Some(wait) = wait {
            let seconds = wait.as_secs() + 1;
            return Err(Refusal::new(Code::PartsFull).field("file").detail(seconds.to_string()));
        }
        let there = blocking(move || folder.append(of, at, &held)).await?;
        if there < self.at {
            return Err(Refusal::new(Code::BlobOffset).detail(there.to_string()));
        }
        Ok(there)
    }
}

/// Keeps a file of which all parts are here, if it is what was announced; otherwise it begins again. One that is `known`
/// already is not kept twice: that this person brought it, too, is what counts.
async fn judge_parts(app: &App, of: PartOf, size: u64, known: bool) -> Result<Uploaded, Refusal> {
    let folder = app.blobs.clone();
    let look = move || {
        let fits = folder.part_fits(of)?;
        let picture = is_picture(&folder.part_head(of, HEAD_BYTES)?);
        if !fits || !picture {
            folder.drop_part(of)?;
        }
        Ok((fits, picture))
    };
    verdict(blocking(look).await?)?;
    keep(app, of, if known { Whole::Known } else { Whole::Parts(size) }, size).await
}

async fn whole(app: &App, of: PartOf, body: Bytes, known: bool) -> Result<Uploaded, Refusal> {
    let size = body.len() as u64;
    verdict((Digest::of(&body) == of.hash, is_picture(&body)))?;
    keep(app, of, if known { Whole::Known } else { Whole::Bytes(body) }, size).await
}

async fn keep(app: &App, of: PartOf, whole: Whole, size: u64) -> Result<Uploaded, Refusal> {
    app.keeper.keep(of.hash, of.person, whole).await.map_err(blobstore::failed)?;
    let folder = app.blobs.clone();
    blocking(move || folder.drop_part(of)).await?;
    look_at::at_last_part(app, of.hash).await;
    Ok(complete(app, of, size))
}

/// The answer for a file that this person has brought, with the receipt for it.
fn complete(app: &App, of: PartOf, received: u64) -> Uploaded {
    let receipt = app.shared.keys.file_receipt(of.person, app.shared.epoch(), of.hash);
    Uploaded { received, complete: true, receipt: Some(URL_SAFE_NO_PAD.encode(receipt)) }
}

fn verdict((fits, picture): (bool, bool)) -> Result<(), Refusal> {
    match (fits, picture) {
        (false, _) => Err(Refusal::new(Code::DigestMismatch)),
        (true, false) => Err(Refusal::new(Code::BlobNotImage)),
        (true, true) => Ok(()),
    }
}

/// JPEG, PNG and WebP by their first bytes.
fn is_picture(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xd8, 0xff])
        || head.starts_with(b"\x89PNG\r\n\x1a\n")
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
}

/// How much of a file the server has of this person.
///
/// # Errors
/// [`Code::BlobUnexpected`] for what no fact of this person announced.
pub async fn received(app: &App, person: &Person, hash: BlobHash) -> Result<u64, Refusal> {
    let of = PartOf { hash, person: person.id };
    let Announced { brought, kept, .. } = announced(app, of).await?;
    if let Some(size) = kept.filter(|_| brought) {
        return Ok(size);
    }
    let folder = app.blobs.clone();
    blocking(move || folder.received(of)).await
}

/// What is known of a file that this person announced.
struct Announced {
    /// Its size, as the fact says.
    size: u64,
    /// Whether this person has brought all of it.
    brought: bool,
    /// Its size on disk, once anybody brought it. Nobody who has not brought it may learn of it.
    kept: Option<u64>,
}

/// What is known of a file that a fact of this person announced. A file of somebody else's is as unknown as one that
/// does not exist.
async fn announced(app: &App, of: PartOf) -> Result<Announced, Refusal> {
    let unnoted = app.shared.unnoted.now();
    let mut db = app.pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let awaited = blobs::awaited(&mut db, of.hash, of.person).await?;
    let awaited = awaited.ok_or(Refusal::new(Code::BlobUnexpected))?;
    let place = unnoted.place(of.hash).or(files::place(&mut db, of.hash).await?);
    Ok(Announced {
        size: awaited.bytes,
        brought: awaited.brought || unnoted.is_brought(of.hash, of.person),
        kept: place.map(|place| place.len),
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(std::io::Error::other).flatten().map_err(blobstore::failed)
}
