//! Whether a paper is genuine. Whoever asks learns one word and nothing else.

use sync_core::act::paper::names;
use sync_core::act::visit::Arrival;
use sync_core::case::fold::fold;
use sync_core::case::{About, Case};
use sync_core::document;
use sync_core::id::Digest;
use sync_core::ledger::stream::StreamKind;
use sync_core::refusal::Refusal;

use crate::admission::{dossier, load};
use crate::state::App;
use crate::store::{StoreError, papers};

/// What is said of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genuine {
    /// It was given out and stands.
    Yes,
    /// It was given out, and either everything that it orders was taken back, or it was corrected since.
    Withdrawn,
    /// No such paper was given out: another one, or a byte of it was changed.
    Unknown,
}

/// What is known of the paper with this digest.
///
/// # Errors
/// `Code::StorageFailed`.
pub async fn check(app: &App, digest: Digest) -> Result<Genuine, Refusal> {
    let mut db = app.pool.acquire().await.map_err(StoreError::from)?;
    let Some((stream, fact)) = papers::find(&mut db, digest).await? else {
        return Ok(Genuine::Unknown);
    };
    let loaded = load::cases(&mut db, &[stream], true, &app.shared.integrity).await?;
    let facts = loaded.facts.values().flat_map(|it| it.iter()).filter_map(dossier::admitted);
    let case = fold(&facts.collect::<Vec<_>>());
    let stream = stream.stream();
    if stream.is_some_and(|it| it.kind == StreamKind::Inspection && is_secret(&case)) {
        return Ok(Genuine::Unknown);
    }
    let withdrawn = stream.is_some_and(|it| document::is_withdrawn(&case, About::stream(it)));
    let mut names = names(&case).into_iter().filter(|(_, of)| *of == fact);
    let replaced = names.any(|name| document::is_replaced(&case, name, digest));
    Ok(if withdrawn || replaced { Genuine::Withdrawn } else { Genuine::Yes })
}

/// Whether nobody may hear of a visit yet: officers have not arrived. What was approved for it consists of names, days and
/// standing words, so whoever guesses them could ask whether a check is planned.
fn is_secret(case: &Case) -> bool {
    case.every::<Arrival>().next().is_none() && case.seal().is_none()
}
