//! Looks at a file to its end, in the process that decodes pictures, and notes what was found: a decision rests on no
//! photo of which only the first bytes are known.

use std::collections::HashMap;
use std::time::Duration;

use sync_core::id::BlobHash;
use sync_core::ledger::stream::StreamKind;
use sync_core::refusal::Code;
use tokio::time::Instant;

use crate::state::App;
use crate::store::files::{self, Place};
use crate::store::{StoreError, blobs};
use crate::thumbnails::{self, Small};

/// How long whoever brought the last part waits until it was looked at; it is looked at all the same.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a file that made the decoder end without a word is left alone.
const LEFT_ALONE: Duration = Duration::from_mins(10);
/// Files that are left alone and remembered as such.
const REMEMBERED: usize = 4_096;

/// Makes the small picture of a file, and notes whether it could be read to its end.
///
/// # Errors
/// Those of [`thumbnails::make`].
pub async fn look(app: &App, hash: BlobHash, place: Place) -> std::io::Result<Small> {
    let small = thumbnails::make(&app.blobs, hash, place, &app.shared).await?;
    let flaw = match &small {
        Small::Picture(_) => None,
        Small::Never(code) => Some(*code),
        Small::NotNow => return Ok(small),
    };
    if let Err(error) = note(app, hash, flaw).await {
        tracing::error!(%error, %hash, "what was seen of a file could not be noted");
    }
    Ok(small)
}

/// Notes once what was found: small pictures are asked for often.
async fn note(app: &App, hash: BlobHash, flaw: Option<Code>) -> Result<(), StoreError> {
    if files::is_looked(&mut *app.pool.acquire().await?, hash).await? {
        return Ok(());
    }
    let at = app.clock.now();
    app.write(move |db| Box::pin(files::note_looked(db, hash, flaw, at))).await
}

/// Looks at a file that has just come whole, if it was announced with a notice: decisions rest on these. What was taken
/// at a visit is looked at once somebody asks for it.
pub async fn at_last_part(app: &App, hash: BlobHash) {
    let looking = app.clone();
    let done = app.tasks.spawn(async move {
        tokio::select! {
            looked = awaited(&looking, hash) => {
                if let Err(error) = looked {
                    tracing::error!(%error, %hash, "a file could not be looked at");
                }
            }
            () = looking.stopping.cancelled() => {}
        }
    });
    // Whoever does not wait loses nothing: a decision that comes before asks for it again.
    let _ = tokio::time::timeout(PATIENCE, done).await;
}

async fn awaited(app: &App, hash: BlobHash) -> std::io::Result<()> {
    let mut db = app.pool.acquire().await.map_err(std::io::Error::other)?;
    let announced = blobs::announced(&mut db, &[hash]).await.map_err(std::io::Error::other)?;
    drop(db);
    let with_notice = |kind: Option<StreamKind>| kind == Some(StreamKind::Notice);
    let mut streams = announced.iter().map(|it| it.stream.stream().map(|it| it.kind));
    let unseen = announced.iter().all(|it| it.looked.is_none());
    if unseen && streams.any(with_notice) { of(app, hash).await.map(drop) } else { Ok(()) }
}

/// Looks at a file, wherever it lies; none where it is not there.
async fn of(app: &App, hash: BlobHash) -> std::io::Result<Option<Small>> {
    let mut place = app.shared.unnoted.now().place(hash);
    if place.is_none() {
        let mut db = app.pool.acquire().await.map_err(std::io::Error::other)?;
        place = files::place(&mut db, hash).await.map_err(std::io::Error::other)?;
    }
    match place {
        Some(place) => look(app, hash, place).await.map(Some),
        None => Ok(None),
    }
}

/// Looks at whatever decisions wait for, one file at a time. A file that makes the decoder end without a word is left
/// alone for a while: it never lets a decision through, and keeps no other one from being looked at.
pub async fn run(app: App) {
    let mut left_alone: HashMap<BlobHash, Instant> = HashMap::new();
    loop {
        let hash = app.shared.wanted.next().await;
        left_alone.retain(|_, until| *until > Instant::now());
        if left_alone.contains_key(&hash) {
            continue;
        }
        match of(&app, hash).await {
            Ok(Some(Small::NotNow)) if left_alone.len() < REMEMBERED => {
                left_alone.insert(hash, Instant::now() + LEFT_ALONE);
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, %hash, "a file could not be looked at"),
        }
    }
}
