//! Feeds: what each audience may read, in order. Positions count within the audience alone.

use std::collections::{BTreeMap, HashMap};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DeviceId, Digest};

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// Places of a stream, first and last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The stream.
    pub stream: StreamKey,
    /// The first place.
    pub first: u64,
    /// The last place.
    pub last: u64,
}

/// What one stream or one judgement adds to a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Facts of a stream.
    Facts(Range),
    /// Changes of an inspection's draft.
    Changes(Range),
    /// The judgement on an item that was in quarantine.
    Judged(Digest),
    /// The stream may not be held any more.
    Gone(StreamKey),
}

/// Part before they have a position.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Whose feed.
    pub audience: String,
    /// What is new.
    pub part: Part,
    /// The device that it came from, which already has it.
    pub device: Option<DeviceId>,
}

/// What a row of a feed points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Facts of streams.
    Facts(Vec<Range>),
    /// Changes of drafts.
    Changes(Vec<Range>),
    /// The judgement on an item that was in quarantine.
    Judged(Digest),
    /// The stream may not be held any more.
    Gone(StreamKey),
}

impl Entry {
    /// The places of streams that it points at.
    #[must_use]
    pub fn ranges(&self) -> &[Range] {
        match self {
            Self::Facts(ranges) | Self::Changes(ranges) => ranges,
            Self::Judged(_) | Self::Gone(_) => &[],
        }
    }

    /// Takes more of the same kind over; false when it is another kind or the row is full.
    fn join(&mut self, part: Part) -> bool {
        let ((Self::Facts(ranges), Part::Facts(more))
        | (Self::Changes(ranges), Part::Changes(more))) = (self, part)
        else {
            return false;
        };
        let fits = ranges.len() < RANGES;
        if fits {
            ranges.push(more);
        }
        fits
    }
}

impl From<Part> for Entry {
    fn from(part: Part) -> Self {
        match part {
            Part::Facts(range) => Self::Facts(vec![range]),
            Part::Changes(range) => Self::Changes(vec![range]),
            Part::Judged(item) => Self::Judged(item),
            Part::Gone(stream) => Self::Gone(stream),
        }
    }
}

/// A row of a feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Its position in its feed.
    pub position: u64,
    /// What is new.
    pub entry: Entry,
    /// The device that it came from, which already has it.
    pub device: Option<DeviceId>,
    /// Tells it from what another life of this store has at the same position.
    pub tag: Tag,
}

/// The first bytes of the digest of a row.
pub type Tag = [u8; 8];

fn tag(kind: i64, subject: &[u8]) -> Tag {
    let digest = Digest::of(&[&kind.to_be_bytes(), subject].concat());
    let mut tag = Tag::default();
    for (to, from) in tag.iter_mut().zip(digest.as_bytes().iter().skip(1)) {
        *to = *from;
    }
    tag
}

/// The tags of the rows at these positions, each of an audience; nothing of a row that is not there.
///
/// # Errors
/// What the database says.
pub async fn tags(
    db: &mut AnyConnection,
    places: &[(&str, u64)],
) -> Result<HashMap<String, Tag>, StoreError> {
    let mut found = HashMap::with_capacity(places.len());
    for places in places.chunks(PLACES) {
        let padded = places.iter().chain(places.last().into_iter().cycle()).take(PLACES);
        let rows = sqlx::query(
            "SELECT audience, kind, subject FROM feed \
             WHERE (audience = $1 AND position = $2) OR (audience = $3 AND position = $4) \
             OR (audience = $5 AND position = $6)",
        );
        let query = padded.fold(rows, |query, (audience, position)| {
            query.bind(*audience).bind(super::number(*position))
        });
        for row in query.fetch_all(&mut *db).await? {
            found.insert(row.try_get(0)?, tag(row.try_get(1)?, row.try_get(2)?));
        }
    }
    Ok(found)
}

/// Rows asked for in one statement: nobody reads more audiences.
const PLACES: usize = 3;

/// Most ranges of a row. A visit or a day's work of one device is one row for each audience.
const RANGES: usize = 16;
/// Bytes of a range: the stream and the two places.
const RANGE_BYTES: usize = 17 + 8 + 8;

fn encode(ranges: &[Range]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ranges.len() * RANGE_BYTES);
    for range in ranges {
        bytes.extend(range.stream.as_bytes());
        bytes.extend(range.first.to_be_bytes());
        bytes.extend(range.last.to_be_bytes());
    }
    bytes
}

fn decode(bytes: &[u8]) -> Result<Vec<Range>, StoreError> {
    let damaged = || StoreError::damaged("feed");
    let place = |bytes: &[u8]| bytes.try_into().map(u64::from_be_bytes).map_err(|_| damaged());
    let range = |bytes: &[u8]| {
        let (stream, places) = bytes.split_at_checked(17).ok_or_else(damaged)?;
        let (first, last) = places.split_at_checked(8).ok_or_else(damaged)?;
        let (first, last) = (place(first)?, place(last)?);
        Ok(Range { stream: StreamKey::read(stream)?, first, last })
    };
    bytes.chunks(RANGE_BYTES).map(range).collect()
}

/// Rows of a feed after `position`, at most `limit`.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn after(
    db: &mut AnyConnection,
    audience: &str,
    position: u64,
    limit: usize,
) -> Result<Vec<FeedRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT position, kind, subject, device FROM feed \
         WHERE audience = $1 AND position > $2 ORDER BY position LIMIT $3",
    )
    .bind(audience)
    .bind(super::number(position))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::any::AnyRow) -> Result<FeedRow, StoreError> {
    let (kind, subject): (i64, &[u8]) = (row.try_get(1)?, row.try_get(2)?);
    let entry = match kind {
        0 => Entry::Facts(decode(subject)?),
        1 => Entry::Changes(decode(subject)?),
        2 => Entry::Judged(super::digest(subject)?),
        3 => Entry::Gone(StreamKey::read(subject)?),
        _ => return Err(StoreError::damaged("feed")),
    };
    let device: Option<Vec<u8>> = row.try_get(3)?;
    Ok(FeedRow {
        position: super::count(row.try_get(0)?),
        entry,
        device: device.map(|id| super::id16(&id).map(DeviceId::from_bytes)).transpose()?,
        tag: tag(kind, subject),
    })
}

/// The last position of each of `audiences`; absent when it has no feed yet.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn tops(
    db: &mut AnyConnection,
    audiences: &[&str],
) -> Result<HashMap<String, u64>, StoreError> {
    let mut found = HashMap::with_capacity(audiences.len());
    for audiences in audiences.chunks(sql::KEYS) {
        let audiences = sql::filled(audiences);
        let head = "SELECT audience, position FROM audiences WHERE audience IN";
        let text = Marks::of(db).within(head, audiences.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for audience in audiences {
            query = query.bind(*audience);
        }
        for row in query.fetch_all(&mut *db).await? {
            found.insert(row.try_get(0)?, super::count(row.try_get(1)?));
        }
    }
    Ok(found)
}

/// Gives positions to rows, in order within each audience, and adds them. Only the writer may
/// call this: it holds the lock that keeps positions without gaps and in the order of commits.
pub(crate) async fn append(db: &mut AnyConnection, news: &[&NewRow]) -> Result<(), StoreError> {
    let mut last: BTreeMap<&str, u64> = news.iter().map(|row| (row.audience.as_str(), 0)).collect();
    let names: Vec<&str> = last.keys().copied().collect();
    for (audience, top) in &tops(db, &names).await? {
        if let Some(last) = last.get_mut(audience.as_str()) {
            *last = *top;
        }
    }
    let rows = joined(news, &mut last);
    for rows in sql::parts(&rows) {
        let text = Marks::of(db).values(
            "INSERT INTO feed (audience, position, kind, subject, device) VALUES",
            5,
            rows.len(),
            "",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (audience, row) in rows {
            let (kind, subject) = match &row.entry {
                Entry::Facts(ranges) => (0_i64, encode(ranges)),
                Entry::Changes(ranges) => (1, encode(ranges)),
                Entry::Judged(item) => (2, item.as_bytes().to_vec()),
                Entry::Gone(key) => (3, key.as_bytes().to_vec()),
            };
            query = query
                .bind(*audience)
                .bind(super::number(row.position))
                .bind(kind)
                .bind(subject)
                .bind(row.device.map(|id| id.as_bytes().to_vec()));
        }
        query.execute(&mut *db).await?;
    }
    let tops: Vec<(&str, u64)> = last.into_iter().collect();
    for tops in sql::parts(&tops) {
        let text = Marks::of(db).values(
            "INSERT INTO audiences (audience, position) VALUES",
            2,
            tops.len(),
            "ON CONFLICT (audience) DO UPDATE SET position = excluded.position",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (audience, position) in tops {
            query = query.bind(*audience).bind(super::number(*position));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The rows for new items: consecutive ones for one audience from one device share a row.
fn joined<'a>(news: &[&'a NewRow], last: &mut BTreeMap<&'a str, u64>) -> Vec<(&'a str, FeedRow)> {
    let mut rows: Vec<(&str, FeedRow)> = Vec::new();
    let mut open: HashMap<&str, usize> = HashMap::new();
    for new in news {
        let audience = new.audience.as_str();
        let row = open.get(audience).and_then(|at| rows.get_mut(*at));
        if row.is_some_and(|(_, row)| row.device == new.device && row.entry.join(new.part)) {
            continue;
        }
        let position = last.entry(audience).or_default();
        *position += 1;
        open.insert(audience, rows.len());
        let (entry, device) = (new.part.into(), new.device);
        rows.push((audience, FeedRow { position: *position, entry, device, tag: Tag::default() }));
    }
    rows
}
