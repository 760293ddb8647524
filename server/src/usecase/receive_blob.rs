//! Takes a file that a fact announced: whole, or in parts from where the server stands. What came of a
//! part counts, also when the connection ends in the middle of it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::stream::Fuse;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, Digest};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api::Uploaded;
use tokio::time::Instant;

use crate::blobstore::{self, Whole};
use crate::state::App;
use crate::store::blobs;

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
/// the server stands when the part begins behind it, [`Code::NetworkLost`] when the part did not come whole,
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
        let mut part = Part { app: &app, hash, at: offset, held: Vec::new() };
        let taken = part.take(&person, &mut body).await;
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
    hash: BlobHash,
    /// Where what is held belongs.
    at: u64,
    held: Vec<u8>,
}

impl Part<'_> {
    async fn take(&mut self, person: &Person, body: &mut Incoming) -> Result<Uploaded, Refusal> {
        let (app, hash, offset) = (self.app, self.hash, self.at);
        let (size, kept) = announced(app, person, hash).await?;
        if let Some(received) = kept {
            drain(body).await;
            return Ok(Uploaded { received, complete: true });
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
            return whole(app, hash, std::mem::take(&mut self.held).into()).await;
        }
        if offset > size || size > limits::BLOB_BYTES {
            return Err(Refusal::new(Code::TooLarge).field("file"));
        }
        let there = self.write().await?;
        if there < size {
            return Ok(Uploaded { received: there, complete: false });
        }
        judge_parts(app, hash, size).await
    }

    /// Writes what is held; gives how much of the file is there.
    async fn write(&mut self) -> Result<u64, Refusal> {
        let (folder, hash, at) = (self.app.blobs.clone(), self.hash, self.at);
        let held = std::mem::take(&mut self.held);
        self.at += held.len() as u64;
        if held.is_empty() {
            return blocking(move || folder.received(hash)).await;
        }
        let there = blocking(move || folder.append(hash, at, &held)).await?;
        if there < self.at {
            return Err(Refusal::new(Code::BlobOffset).detail(there.to_string()));
        }
        Ok(there)
    }
}

/// Keeps a file of which all parts are here, if it is what was announced; otherwise it begins again.
async fn judge_parts(app: &App, hash: BlobHash, size: u64) -> Result<Uploaded, Refusal> {
    let folder = app.blobs.clone();
    let look = move || {
        let fits = folder.part_fits(hash)?;
        let picture = is_picture(&folder.part_head(hash, HEAD_BYTES)?);
        if !fits || !picture {
            folder.drop_part(hash)?;
        }
        Ok((fits, picture))
    };
    verdict(blocking(look).await?)?;
    app.keeper.keep(hash, Whole::Parts(size)).await.map_err(blobstore::failed)?;
    let folder = app.blobs.clone();
    blocking(move || folder.drop_part(hash)).await?;
    Ok(Uploaded { received: size, complete: true })
}

async fn whole(app: &App, hash: BlobHash, body: Bytes) -> Result<Uploaded, Refusal> {
    let received = body.len() as u64;
    verdict((Digest::of(&body) == hash, is_picture(&body)))?;
    app.keeper.keep(hash, Whole::Bytes(body)).await.map_err(blobstore::failed)?;
    let folder = app.blobs.clone();
    blocking(move || folder.drop_part(hash)).await?;
    Ok(Uploaded { received, complete: true })
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

/// How much of a file the server has.
///
/// # Errors
/// [`Code::BlobUnexpected`] for what no fact announced.
pub async fn received(app: &App, person: &Person, hash: BlobHash) -> Result<u64, Refusal> {
    if let (_, Some(size)) = announced(app, person, hash).await? {
        return Ok(size);
    }
    let folder = app.blobs.clone();
    blocking(move || folder.received(hash)).await
}

/// The size of a file that a fact announced in a stream that this person writes to, and how much of
/// it is kept. A file of somebody else's stream is as unknown as one that does not exist.
async fn announced(
    app: &App,
    person: &Person,
    hash: BlobHash,
) -> Result<(u64, Option<u64>), Refusal> {
    let unnoted = app.keeper.unnoted(hash).map(|place| place.len);
    let mut db = app.pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let readers = crate::exchange::pull::audiences(person);
    let awaited = blobs::awaited(&mut db, hash).await?;
    let own = awaited.into_iter().find(|it| readers.iter().any(|by| it.audiences.contains(by)));
    own.map(|it| (it.bytes, unnoted.or(it.kept))).ok_or(Refusal::new(Code::BlobUnexpected))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(std::io::Error::other).flatten().map_err(blobstore::failed)
}
