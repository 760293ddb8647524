//! Gives a file to those who may see it; to others it does not exist.

use std::ops::Range;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use sync_core::domain::account::Person;
use sync_core::id::BlobHash;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::admission::load;
use crate::auth::tokens::Access;
use crate::blobstore;
use crate::state::{App, Shared};
use crate::store::files::Place;
use crate::store::{blobs, files};
use crate::thumbnails::Small;
use crate::usecase::look_at;

/// Bytes of a file that are in memory at once for one reader.
const PIECE_BYTES: usize = 64 * 1024;

/// Where an original lies.
///
/// # Errors
/// [`Code::NotFound`] for what is not there and for what this person may not see.
pub async fn original(app: &App, person: &Person, hash: BlobHash) -> Result<Place, Refusal> {
    place(&app.shared, person, hash).await
}

/// A part of an original that still is what was brought, as a stream: only a piece of it is in memory. It breaks off when
/// the session or the rights of whoever reads it end.
///
/// # Errors
/// [`Code::BlobDamaged`] when it is not what was brought, [`Code::StorageFailed`].
pub async fn open(
    app: &App,
    access: Access,
    (hash, place): (BlobHash, Place),
    part: Range<u64>,
) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + 'static, Refusal> {
    let folder = app.blobs.clone();
    let from = part.start;
    let opened = tokio::task::spawn_blocking(move || folder.open_at(hash, place, from)).await;
    let file = match opened.map_err(std::io::Error::other).flatten() {
        Ok(file) => tokio::fs::File::from_std(file),
        Err(error) => return Err(unreadable(app, hash, place, error).await),
    };
    let pieces = ReaderStream::with_capacity(file.take(part.end - part.start), PIECE_BYTES);
    let app = app.clone();
    Ok(pieces.map(move |piece| {
        if may_go_on(&app, access) {
            piece
        } else {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
    }))
}

/// Whether whoever began to read may go on.
fn may_go_on(app: &App, access: Access) -> bool {
    let directory = app.shared.directory.snapshot();
    let person = directory.persons.get(&access.person);
    !app.ended.contains(access.family)
        && person.is_some_and(|it| authority::holds_role(it, app.clock.now()))
}

/// The small picture of an original, made when it is first asked for, with the server's signature behind it.
///
/// # Errors
/// As [`original`] and [`open`]; the code with which the original has no small picture.
pub async fn thumbnail(app: &App, person: &Person, hash: BlobHash) -> Result<Vec<u8>, Refusal> {
    let place = place(&app.shared, person, hash).await?;
    match look_at::look(app, hash, place).await {
        Ok(Small::Picture(sealed)) => Ok(sealed),
        Ok(Small::Never(code)) => Err(Refusal::new(code)),
        Ok(Small::NotNow) => Err(Refusal::new(Code::ServerBusy)),
        Err(error) => Err(unreadable(app, hash, place, error).await),
    }
}

/// Notes a file whose bytes are not what was brought: it is not there any more, and may be brought again.
async fn unreadable(app: &App, hash: BlobHash, place: Place, error: std::io::Error) -> Refusal {
    if !blobstore::is_damage(&error) {
        return blobstore::failed(error);
    }
    app.shared.integrity.note(format!("file {hash}"));
    app.shared.unnoted.forget(hash);
    let at = app.clock.now();
    let noted = app.write(move |db| Box::pin(files::note_damaged(db, hash, place, at))).await;
    noted.err().map_or(Refusal::new(Code::BlobDamaged), Refusal::from)
}

/// Where an original lies that this person may see.
///
/// # Errors
/// As [`original`].
pub(super) async fn place(
    shared: &Shared,
    person: &Person,
    hash: BlobHash,
) -> Result<Place, Refusal> {
    let not_found = || Refusal::new(Code::NotFound);
    let unnoted = shared.unnoted.now();
    let mut db = shared.pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let announced = blobs::announced(&mut db, &[hash]).await?;
    if !load::may_fetch(&mut db, person, &announced, &unnoted, &shared.integrity).await? {
        return Err(not_found());
    }
    let noted = files::place(&mut db, hash).await?;
    unnoted.place(hash).or(noted).ok_or_else(not_found)
}
