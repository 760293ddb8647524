//! Takes a file that a fact announced: whole, or in parts from where the server stands.

use axum::body::Bytes;
use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, Digest};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api::Uploaded;

use crate::blobstore::Whole;
use crate::http::problem::Problem;
use crate::state::App;
use crate::store::blobs;

/// Bytes in which every picture format shows itself.
const HEAD_BYTES: u64 = 16;

/// Takes a part. Refused with where the server stands when the part does not fit there.
pub async fn receive(
    app: &App,
    person: &Person,
    hash: BlobHash,
    offset: u64,
    body: Bytes,
) -> Result<Uploaded, Problem> {
    let (size, kept) = announced(app, person, hash).await?;
    if let Some(received) = kept {
        return Ok(Uploaded { received, complete: true });
    }
    if body.is_empty() {
        return Err(Refusal::new(Code::BlobEmpty).into());
    }
    let end = offset.saturating_add(body.len() as u64);
    if end > size || size > limits::BLOB_BYTES {
        return Err(Refusal::new(Code::TooLarge).field("file").into());
    }
    if offset == 0 && end == size {
        return whole(app, hash, body).await;
    }
    let (folder, part) = (app.blobs.clone(), body);
    let there = blocking(move || folder.append(hash, offset, &part)).await?;
    if there != end {
        return Err(Refusal::new(Code::BlobOffset).detail(there.to_string()).into());
    }
    if end < size {
        return Ok(Uploaded { received: end, complete: false });
    }
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
    app.keeper.keep(hash, Whole::Parts(size)).await?;
    let folder = app.blobs.clone();
    blocking(move || folder.drop_part(hash)).await?;
    Ok(Uploaded { received: size, complete: true })
}

async fn whole(app: &App, hash: BlobHash, body: Bytes) -> Result<Uploaded, Problem> {
    let received = body.len() as u64;
    verdict((Digest::of(&body) == hash, is_picture(&body)))?;
    app.keeper.keep(hash, Whole::Bytes(body)).await?;
    Ok(Uploaded { received, complete: true })
}

fn verdict((fits, picture): (bool, bool)) -> Result<(), Problem> {
    match (fits, picture) {
        (false, _) => Err(Refusal::new(Code::DigestMismatch).into()),
        (true, false) => Err(Refusal::new(Code::BlobNotImage).into()),
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
pub async fn received(app: &App, person: &Person, hash: BlobHash) -> Result<u64, Problem> {
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
) -> Result<(u64, Option<u64>), Problem> {
    let unnoted = app.keeper.unnoted(hash).map(|place| place.len);
    let mut db = app.pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let readers = crate::exchange::pull::audiences(person);
    let awaited = blobs::awaited(&mut db, hash).await?;
    let own = awaited.into_iter().find(|it| readers.iter().any(|by| it.audiences.contains(by)));
    Ok(own.map(|it| (it.bytes, unnoted.or(it.kept))).ok_or(Refusal::new(Code::BlobUnexpected))?)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(std::io::Error::other)??)
}
