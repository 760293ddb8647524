//! Whether a paper is genuine. Whoever asks learns one word and nothing else.

use sync_core::act::paper::{names, stream_of};
use sync_core::act::visit::{Arrival, IssuedOnSite};
use sync_core::case::fold::fold;
use sync_core::case::{About, Case};
use sync_core::document;
use sync_core::id::Digest;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::Refusal;

use crate::admission::{dossier, load};
use crate::state::App;
use crate::store::{StoreError, papers};

/// What is said of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genuine {
    /// It was issued and stands.
    Yes,
    /// It was drawn from the records before it was issued: something may have been added since.
    Early,
    /// It was issued, and either everything that it orders was taken back, or it was corrected since.
    Withdrawn,
    /// No such paper was ever drawn: another one, or a byte of it was changed.
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
    let is_of_visit = stream.stream().is_some_and(|it| it.kind == StreamKind::Inspection);
    if is_of_visit && is_secret(&case) {
        return Ok(Genuine::Unknown);
    }
    let name = names(&case)
        .into_iter()
        .find(|name| case.editions(*name).iter().any(|edition| edition.digest == digest));
    // One from the spot is issued with the bytes that were found to say what was stated.
    let shown = case.every::<IssuedOnSite>().find(|it| it.fact == fact && it.body.paper == digest);
    let shown_whole = shown.is_some() && papers::content(&mut db, digest).await?.is_some();
    let of_name = name.and_then(|name| stream_of(&case, name));
    let stream = of_name.or_else(|| shown.map(|it| StreamId::notice(it.body.notice.id)));
    let withdrawn = stream.is_some_and(|it| document::is_withdrawn(&case, About::stream(it)));
    let replaced = name.is_some_and(|name| document::is_replaced(&case, name, digest));
    Ok(match (withdrawn || replaced, name.is_some() || shown_whole) {
        (true, true) => Genuine::Withdrawn,
        (false, true) => Genuine::Yes,
        (_, false) if shown.is_some() => Genuine::Unknown,
        (_, false) => Genuine::Early,
    })
}

/// Whether nobody may hear of a visit yet: officers have not arrived. What was approved for it consists of names, days and
/// standing words, so whoever guesses them could ask whether a check is planned.
fn is_secret(case: &Case) -> bool {
    case.every::<Arrival>().next().is_none() && case.seal().is_none()
}
