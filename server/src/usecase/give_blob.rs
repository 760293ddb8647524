//! Gives a file to those who may see it; to others it does not exist.

use sync_core::act::Admitted;
use sync_core::case::fold::fold;
use sync_core::domain::account::Person;
use sync_core::id::BlobHash;
use sync_core::ledger::fact::Signer as _;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::wire::thumbnail;

use crate::admission::{dossier, load};
use crate::blobstore::{self, Place};
use crate::jobs::thumbnails::{self, Small};
use crate::state::App;
use crate::store::streams::StreamKey;
use crate::store::{blobs, files};

/// Where an original lies.
pub async fn original(app: &App, person: &Person, hash: BlobHash) -> Result<Place, Refusal> {
    require(app, person, hash).await
}

/// Bytes of an original from `from`, at most `len`.
pub async fn bytes(app: &App, place: Place, from: u64, len: u64) -> Result<Vec<u8>, Refusal> {
    let folder = app.blobs.clone();
    let read = tokio::task::spawn_blocking(move || folder.read(place, from, len)).await;
    read.map_err(std::io::Error::other).flatten().map_err(blobstore::failed)
}

/// The small picture of an original, made when it is first asked for, with the server's signature behind it.
pub async fn thumbnail(app: &App, person: &Person, hash: BlobHash) -> Result<Vec<u8>, Refusal> {
    let place = require(app, person, hash).await?;
    match thumbnails::make(&app.blobs, hash, place).await.map_err(blobstore::failed)? {
        Small::Picture(jpeg) => {
            let signature = app.shared.keys.sign(&thumbnail::signed_message(hash, &jpeg))?;
            Ok(thumbnail::seal(jpeg, &signature))
        }
        Small::Never(code) => Err(Refusal::new(code)),
        Small::NotNow => Err(Refusal::new(Code::ServerBusy)),
    }
}

async fn require(app: &App, person: &Person, hash: BlobHash) -> Result<Place, Refusal> {
    let not_found = || Refusal::new(Code::NotFound);
    let mut db = app.pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let keys: Vec<StreamKey> =
        blobs::announced(&mut db, hash).await?.into_iter().map(|it| it.stream).collect();
    for key in keys {
        let loaded = load::cases(&mut db, &[key], true).await?;
        let stored = loaded.facts.values().flat_map(|facts| facts.iter());
        let facts: Vec<Admitted> = stored.filter_map(dossier::admitted).collect();
        if authority::may_fetch_blob(person, &fold(&facts), &hash) {
            let unnoted = app.keeper.unnoted(hash);
            let noted = files::place(&mut db, hash).await?;
            return unnoted.or(noted).ok_or_else(not_found);
        }
    }
    Err(not_found())
}
