//! Events of security, append-only and chained.

use std::net::IpAddr;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use sync_core::id::PersonId;
use sync_core::time::Timestamp;
use sync_core::wire::api_accounts::AuditKind;

use super::integrity::Integrity;
use super::{StoreError, count, number};

const HOUR_MS: i64 = 3_600_000;
/// Rows for what one person does about one thing from one address within an hour; further times are counted in the last.
const ROWS: usize = 16;
/// Account names that are told apart of those that fail from one address within an hour.
const NAMES: i64 = 32;
/// Rows of failures of all addresses within an hour.
const FAILURES: i64 = 1_000;

/// An event that is to be written.
#[derive(Clone, Debug)]
pub struct Event {
    kind: AuditKind,
    at: Timestamp,
    who: String,
    about: String,
    address: String,
    detail: String,
}

impl Event {
    /// Something that happens now, asked for from this network address. An address that nobody knows is not specified.
    #[must_use]
    pub fn new(kind: AuditKind, at: Timestamp, address: IpAddr) -> Self {
        Self {
            kind,
            at,
            who: String::new(),
            about: String::new(),
            address: if address.is_unspecified() { String::new() } else { address.to_string() },
            detail: String::new(),
        }
    }

    /// Who does it.
    #[must_use]
    pub fn by(self, who: PersonId) -> Self {
        Self { who: who.to_string(), ..self }
    }

    /// About whom or what.
    #[must_use]
    pub fn about(self, about: impl ToString) -> Self {
        Self { about: about.to_string(), ..self }
    }

    /// More of it.
    #[must_use]
    pub fn detail(self, detail: impl ToString) -> Self {
        Self { detail: detail.to_string(), ..self }
    }

    const fn hour(&self) -> i64 {
        self.at.as_millis().div_euclid(HOUR_MS)
    }
}

/// An event as stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its place.
    pub place: u64,
    /// When it happened first.
    pub at: Timestamp,
    /// When it happened last.
    pub last_at: Timestamp,
    /// How often.
    pub times: u64,
    /// Name of its kind.
    pub kind: String,
    /// Who did it; empty for nobody.
    pub who: String,
    /// About whom or what; empty for nothing.
    pub about: String,
    /// Network address; empty where it is not known.
    pub address: String,
    /// More of it.
    pub detail: String,
    /// Digest of the row and of what is before it.
    pub digest: String,
    /// Digest of the count.
    counted: String,
}

impl Stored {
    fn chained(&self, integrity: &Integrity, before: &str) -> String {
        let mut message = b"zhicha audit row v1\0".to_vec();
        message.extend(self.place.to_be_bytes());
        message.extend(self.at.as_millis().to_be_bytes());
        for text in [before, &self.kind, &self.who, &self.about, &self.address, &self.detail] {
            message.extend((text.len() as u64).to_be_bytes());
            message.extend(text.as_bytes());
        }
        integrity.digest(&message)
    }

    fn counted(&self, integrity: &Integrity) -> String {
        let mut message = b"zhicha audit count v1\0".to_vec();
        message.extend(self.times.to_be_bytes());
        message.extend(self.last_at.as_millis().to_be_bytes());
        message.extend(self.digest.as_bytes());
        integrity.digest(&message)
    }
}

const COLUMNS: &str = "SELECT place, at, last_at, times, kind, who, about, address, detail, digest, counted \
     FROM audit WHERE";

fn read(row: &AnyRow) -> Result<Stored, StoreError> {
    Ok(Stored {
        place: count(row.try_get(0)?),
        at: Timestamp::from_millis(row.try_get(1)?),
        last_at: Timestamp::from_millis(row.try_get(2)?),
        times: count(row.try_get(3)?),
        kind: row.try_get(4)?,
        who: row.try_get(5)?,
        about: row.try_get(6)?,
        address: row.try_get(7)?,
        detail: row.try_get(8)?,
        digest: row.try_get(9)?,
        counted: row.try_get(10)?,
    })
}

/// Takes the end of the chain for this transaction; others that write wait. Whoever reads before writing calls it first.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn begin(db: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE audit_head SET place = place WHERE id = 1").execute(db).await?;
    Ok(())
}

/// Adds an event at the end of the chain, in the transaction of what it tells. What one person does about one thing from
/// one address again and again is counted in one row per hour, failures from the second time on.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn append(
    db: &mut AnyConnection,
    integrity: &Integrity,
    event: &Event,
) -> Result<(), StoreError> {
    begin(db).await?;
    let failure = event.kind == AuditKind::SignInFailed;
    let event = if failure { &bounded(db, event).await? } else { event };
    let text = format!(
        "{COLUMNS} hour = $1 AND kind = $2 AND about = $3 AND address = $4 AND who = $5 \
         ORDER BY place DESC LIMIT $6"
    );
    let same = sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(event.hour())
        .bind(event.kind.name())
        .bind(event.about.as_str())
        .bind(event.address.as_str())
        .bind(event.who.as_str())
        .bind(number(ROWS as u64))
        .fetch_all(&mut *db)
        .await?;
    let each = if failure { 1 } else { ROWS };
    match same.first().filter(|_| same.len() >= each) {
        Some(last) => count_again(db, integrity, read(last)?, event.at).await,
        None => add(db, integrity, event).await,
    }
}

/// A failure under the name and address under which it is counted: an address that tries many names is told once, and
/// so are many addresses.
async fn bounded(db: &mut AnyConnection, event: &Event) -> Result<Event, StoreError> {
    let rows = async |db: &mut AnyConnection, address: &str| {
        let text = "SELECT count(*) FROM audit WHERE hour = $1 AND kind = $2 \
                    AND ($3 = '' OR address = $3) AND about <> $4";
        let row = sqlx::query(text)
            .bind(event.hour())
            .bind(event.kind.name())
            .bind(address)
            .bind(event.about.as_str())
            .fetch_one(db)
            .await?;
        row.try_get::<i64, _>(0).map_err(StoreError::from)
    };
    let mut bounded = event.clone();
    if rows(&mut *db, &event.address).await? >= NAMES {
        bounded.about.clear();
    }
    if rows(&mut *db, "").await? >= FAILURES {
        bounded.about.clear();
        bounded.address.clear();
    }
    Ok(bounded)
}

async fn count_again(
    db: &mut AnyConnection,
    integrity: &Integrity,
    row: Stored,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = Stored { times: row.times + 1, last_at: at.max(row.last_at), ..row };
    sqlx::query("UPDATE audit SET times = $2, last_at = $3, counted = $4 WHERE place = $1")
        .bind(number(row.place))
        .bind(number(row.times))
        .bind(row.last_at.as_millis())
        .bind(row.counted(integrity))
        .execute(db)
        .await?;
    Ok(())
}

async fn add(
    db: &mut AnyConnection,
    integrity: &Integrity,
    event: &Event,
) -> Result<(), StoreError> {
    let (last, before) = head(db).await?;
    let mut row = Stored {
        place: last + 1,
        at: event.at,
        last_at: event.at,
        times: 1,
        kind: event.kind.name().to_owned(),
        who: event.who.clone(),
        about: event.about.clone(),
        address: event.address.clone(),
        detail: event.detail.clone(),
        digest: String::new(),
        counted: String::new(),
    };
    row.digest = row.chained(integrity, &before);
    row.counted = row.counted(integrity);
    sqlx::query(
        "INSERT INTO audit (place, at, hour, kind, who, about, address, detail, digest, times, \
         last_at, counted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(number(row.place))
    .bind(row.at.as_millis())
    .bind(event.hour())
    .bind(row.kind)
    .bind(row.who)
    .bind(row.about)
    .bind(row.address)
    .bind(row.detail)
    .bind(row.digest.as_str())
    .bind(number(row.times))
    .bind(row.last_at.as_millis())
    .bind(row.counted)
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE audit_head SET place = $1, digest = $2 WHERE id = 1")
        .bind(number(row.place))
        .bind(row.digest)
        .execute(db)
        .await?;
    Ok(())
}

async fn head(db: &mut AnyConnection) -> Result<(u64, String), StoreError> {
    let row =
        sqlx::query("SELECT place, digest FROM audit_head WHERE id = 1").fetch_one(db).await?;
    Ok((count(row.try_get(0)?), row.try_get(1)?))
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct Page {
    /// The events, the newest first.
    pub rows: Vec<Stored>,
    /// Places at which the chain does not hold.
    pub broken: Vec<u64>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Events before a place, or the last ones, the newest first, at most `limit`; each is held to its digest and to the row
/// before it, the newest of all to the end of the chain.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn page(
    db: &mut AnyConnection,
    integrity: &Integrity,
    before: Option<u64>,
    limit: u32,
) -> Result<Page, StoreError> {
    let text = format!("{COLUMNS} place < $1 ORDER BY place DESC LIMIT $2");
    // First the end, then the rows: what is added in between is newer than the end that was read.
    let (end, digest) = head(db).await?;
    let from = before.unwrap_or(end.saturating_add(1));
    let found = sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(number(from))
        .bind(i64::from(limit) + 1)
        .fetch_all(&mut *db)
        .await?;
    let mut rows = found.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut broken = Vec::new();
    let newest = rows.first().map_or((0, ""), |row| (row.place, row.digest.as_str()));
    let expected =
        if before.is_none() { end } else { from.min(end.saturating_add(1)).saturating_sub(1) };
    if newest.0 != expected || (before.is_none() && newest.1 != digest) {
        broken.push(expected);
    }
    for (at, row) in rows.iter().enumerate() {
        let older = rows.get(at + 1);
        if older.is_none() && at + 1 > limit as usize {
            // It stands for the page after this one.
            break;
        }
        let (place, digest) = older.map_or((0, ""), |row| (row.place, row.digest.as_str()));
        let holds = row.place == place + 1
            && row.digest == row.chained(integrity, digest)
            && row.counted == row.counted(integrity);
        if !holds && !broken.contains(&row.place) {
            broken.push(row.place);
        }
    }
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    for place in &broken {
        integrity.note(format!("audit {place}"));
    }
    Ok(Page { rows, broken, more })
}
