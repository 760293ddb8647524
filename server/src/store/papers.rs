//! Papers that were given out, by their digests.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::case::Case;
use sync_core::id::{Digest, FactId};

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// A paper that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenPaper {
    /// Digest of its canonical bytes.
    pub digest: Digest,
    /// The stream of the fact.
    pub stream: StreamKey,
    /// The fact that it rests on.
    pub fact: FactId,
    /// The canonical bytes, where it was issued.
    pub content: Option<Vec<u8>>,
}

impl GivenPaper {
    /// A paper of a case, in the stream of the fact that it rests on.
    #[must_use]
    pub fn of(case: &Case, digest: Digest, fact: FactId) -> Option<Self> {
        let stated = case.stated().iter().find(|it| it.fact == fact)?;
        Some(Self { digest, stream: stated.about.stream.into(), fact, content: None })
    }
}

/// Notes papers; those that are known stay as they are, and get their bytes where these were not kept.
///
/// # Errors
/// What the database says.
pub async fn note(db: &mut AnyConnection, papers: &[GivenPaper]) -> Result<(), StoreError> {
    // One statement takes each digest once.
    let mut once: BTreeMap<Digest, &GivenPaper> = BTreeMap::new();
    for paper in papers {
        let known = once.entry(paper.digest).or_insert(paper);
        if known.content.is_none() {
            *known = paper;
        }
    }
    let papers: Vec<&GivenPaper> = once.into_values().collect();
    let head = "INSERT INTO given_papers (digest, stream, fact, content) VALUES";
    for papers in sql::parts(&papers) {
        let tail = "ON CONFLICT (digest) DO UPDATE SET content = COALESCE(given_papers.content, excluded.content)";
        let text = Marks::of(db).values(head, 4, papers.len(), tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for GivenPaper { digest, stream, fact, content } in papers {
            query = query
                .bind(digest.as_bytes().as_slice())
                .bind(stream.as_bytes())
                .bind(fact.as_bytes().as_slice())
                .bind(content.as_deref());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The canonical bytes of an issued paper; none where they are not kept.
///
/// # Errors
/// What the database says.
pub async fn content(
    db: &mut AnyConnection,
    digest: Digest,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT content FROM given_papers WHERE digest = $1")
        .bind(digest.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

/// Of which stream a paper is, and on which fact it rests; none for what was never given out.
///
/// # Errors
/// What the database says.
pub async fn find(
    db: &mut AnyConnection,
    digest: Digest,
) -> Result<Option<(StreamKey, FactId)>, StoreError> {
    let row = sqlx::query("SELECT stream, fact FROM given_papers WHERE digest = $1")
        .bind(digest.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (stream, fact): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Some((StreamKey::read(&stream)?, super::digest(&fact)?)))
}
