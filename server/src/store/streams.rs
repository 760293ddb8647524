//! Streams: what admission must know of a file of facts without reading the facts.

use std::collections::{BTreeSet, HashMap};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DepartmentId, DeviceId, EnterpriseId, InspectionId, NoticeId};
use sync_core::ledger::stream::{StreamId, StreamKind};

use sync_core::time::Timestamp;

use super::StoreError;
use super::sql::{self, Marks};

/// Names a row of `streams`: an inspection, a notice, or the chain of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamKey([u8; 17]);

/// The kind byte for the chain of a device, in the place of a stream's kind.
const CHAIN: u8 = 2;

impl StreamKey {
    /// The key of an inspection's stream.
    #[must_use]
    pub fn inspection(id: InspectionId) -> Self {
        Self::from(StreamId::inspection(id))
    }

    /// The key of a notice's stream.
    #[must_use]
    pub fn notice(id: NoticeId) -> Self {
        Self::from(StreamId::notice(id))
    }

    /// The key under which the chain of a device is counted.
    #[must_use]
    pub fn chain(id: DeviceId) -> Self {
        Self::new(CHAIN, *id.as_bytes())
    }

    /// A key behind which there is no inspection.
    #[must_use]
    pub const fn last_inspection() -> Self {
        let mut key = [u8::MAX; 17];
        key[0] = StreamKind::Inspection.number();
        Self(key)
    }

    fn new(kind: u8, id: [u8; 16]) -> Self {
        let mut key = [kind; 17];
        for (to, from) in key.iter_mut().skip(1).zip(id) {
            *to = from;
        }
        Self(key)
    }

    /// The stream it names; none for the chain of a device.
    #[must_use]
    pub fn stream(&self) -> Option<StreamId> {
        let (kind, id) = self.0.split_first()?;
        let id: [u8; 16] = id.try_into().ok()?;
        StreamId::of_number(*kind, id)
    }

    /// The device whose chain it names; none for a stream.
    #[must_use]
    pub fn device(&self) -> Option<DeviceId> {
        let (kind, id) = self.0.split_first()?;
        (*kind == CHAIN).then(|| id.try_into().ok()).flatten().map(DeviceId::from_bytes)
    }

    /// The bytes as stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        bytes.try_into().map(Self).map_err(|_| StoreError::damaged("stream"))
    }
}

impl From<StreamId> for StreamKey {
    fn from(stream: StreamId) -> Self {
        Self::new(stream.kind.number(), *stream.id.as_bytes())
    }
}

/// One row of `streams`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRow {
    /// Which stream.
    pub key: StreamKey,
    /// Grows with every write; 0 before the first one.
    pub version: i64,
    /// Last place given to a fact; for the chain of a device its highest number.
    pub facts: u64,
    /// Last place given to a change.
    pub changes: u64,
    /// Whether the clerk has to look at it.
    pub pending: bool,
    /// Whether changes stay here: the record is sealed.
    pub sealed: bool,
    /// The streams that belong to the same case by themselves: the notices of a visit, the visit of a notice.
    pub links: BTreeSet<StreamKey>,
    /// The enterprise it is about.
    pub enterprise: Option<EnterpriseId>,
    /// The department in whose name it happens.
    pub department: Option<DepartmentId>,
    /// Keys of the audiences that were granted it.
    pub audiences: BTreeSet<String>,
    /// When the passing of time alone makes the clerk look again.
    pub look_at: Option<Timestamp>,
    /// Whether the links cannot be read.
    pub torn: bool,
}

impl StreamRow {
    /// The row of a stream of which nothing is stored yet.
    #[must_use]
    pub fn absent(key: StreamKey) -> Self {
        Self {
            key,
            version: 0,
            facts: 0,
            changes: 0,
            pending: false,
            sealed: false,
            links: BTreeSet::new(),
            enterprise: None,
            department: None,
            audiences: BTreeSet::new(),
            look_at: None,
            torn: false,
        }
    }
}

const COLUMNS: &str = "SELECT stream, version, facts, changes, pending, sealed, linked, enterprise, \
     department, audiences, look_at FROM streams WHERE stream IN";

/// The rows of those of `keys` that are stored.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn load(
    db: &mut AnyConnection,
    keys: &[StreamKey],
) -> Result<HashMap<StreamKey, StreamRow>, StoreError> {
    let mut found = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let text = Marks::of(db).within(COLUMNS, keys.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            let row = read(&row)?;
            found.insert(row.key, row);
        }
    }
    Ok(found)
}

fn read(row: &sqlx::any::AnyRow) -> Result<StreamRow, StoreError> {
    let bytes = |index: usize| row.try_get::<Option<Vec<u8>>, _>(index);
    // What facts say, too, is not needed of a row.
    let enterprise = bytes(7)?.and_then(|id| id.try_into().map(EnterpriseId::from_bytes).ok());
    let department =
        row.try_get::<Option<String>, _>(8)?.and_then(|id| id.parse::<DepartmentId>().ok());
    let links = links(bytes(6)?.unwrap_or_default().as_slice());
    let audiences: String = row.try_get(9)?;
    Ok(StreamRow {
        key: StreamKey::read(row.try_get(0)?)?,
        version: row.try_get(1)?,
        facts: super::count(row.try_get(2)?),
        changes: super::count(row.try_get(3)?),
        pending: row.try_get::<i64, _>(4)? != 0,
        sealed: row.try_get::<i64, _>(5)? != 0,
        torn: links.is_err(),
        links: links.unwrap_or_default(),
        enterprise,
        department,
        audiences: audiences.split_whitespace().map(str::to_owned).collect(),
        look_at: row.try_get::<Option<i64>, _>(10)?.map(Timestamp::from_millis),
    })
}

/// The keys that stand one after the other.
fn links(bytes: &[u8]) -> Result<BTreeSet<StreamKey>, StoreError> {
    bytes.chunks(17).map(StreamKey::read).collect()
}

/// The versions of those of `keys` that are stored.
pub(crate) async fn versions(
    db: &mut AnyConnection,
    keys: &[StreamKey],
) -> Result<HashMap<StreamKey, i64>, StoreError> {
    let mut found = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let head = "SELECT stream, version FROM streams WHERE stream IN";
        let text = Marks::of(db).within(head, keys.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            found.insert(StreamKey::read(row.try_get(0)?)?, row.try_get(1)?);
        }
    }
    Ok(found)
}

/// Stores rows as they are, each over the row that is `step` versions older. False when one of them
/// was not: something is stored then that must not stay.
pub(crate) async fn put(
    db: &mut AnyConnection,
    rows: &[&StreamRow],
    step: i64,
) -> Result<bool, StoreError> {
    let over = format!(
        "ON CONFLICT (stream) DO UPDATE SET version = excluded.version, facts = excluded.facts, \
         changes = excluded.changes, pending = excluded.pending, sealed = excluded.sealed, \
         linked = excluded.linked, enterprise = excluded.enterprise, \
         department = excluded.department, audiences = excluded.audiences, \
         look_at = excluded.look_at \
         WHERE streams.version = excluded.version - {step}"
    );
    let mut stored = 0;
    for rows in sql::parts(rows) {
        let text = Marks::of(db).values(
            "INSERT INTO streams (stream, version, facts, changes, pending, sealed, linked, \
             enterprise, department, audiences, look_at) VALUES",
            11,
            rows.len(),
            &over,
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for row in rows {
            let audiences: Vec<&str> = row.audiences.iter().map(String::as_str).collect();
            query = query
                .bind(row.key.as_bytes())
                .bind(row.version)
                .bind(super::number(row.facts))
                .bind(super::number(row.changes))
                .bind(i64::from(row.pending))
                .bind(i64::from(row.sealed))
                .bind(
                    Some(row.links.iter().flat_map(|key| key.0).collect::<Vec<u8>>())
                        .filter(|it| !it.is_empty()),
                )
                .bind(row.enterprise.as_ref().map(|id| id.as_bytes().to_vec()))
                .bind(row.department.as_ref().map(|id| id.as_str().to_owned()))
                .bind(audiences.join(" "))
                .bind(row.look_at.map(Timestamp::as_millis));
        }
        stored += query.execute(&mut *db).await?.rows_affected();
    }
    Ok(stored == rows.len() as u64)
}

/// Streams that the clerk has to look at now, since something was written or since their time has come, at most
/// `limit`.
///
/// # Errors
/// What the database says.
pub async fn pending(
    db: &mut AnyConnection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<StreamKey>, StoreError> {
    let text = "SELECT stream FROM streams WHERE pending <> 0 \
         UNION SELECT stream FROM streams WHERE look_at <= $1 ORDER BY stream LIMIT $2";
    let rows = sqlx::query(text).bind(now.as_millis()).bind(limit).fetch_all(db).await?;
    rows.iter().map(|row| StreamKey::read(row.try_get(0)?)).collect()
}

/// Streams of cases after `after`, at most `limit`, in the order of their keys.
///
/// # Errors
/// What the database says.
pub async fn of_cases(
    db: &mut AnyConnection,
    after: Option<StreamKey>,
    limit: i64,
) -> Result<Vec<StreamKey>, StoreError> {
    let text =
        "SELECT stream FROM streams WHERE stream > $1 AND stream < $2 ORDER BY stream LIMIT $3";
    let rows = sqlx::query(text)
        .bind(after.map_or_else(Vec::new, |key| key.as_bytes().to_vec()))
        .bind(vec![CHAIN])
        .bind(limit)
        .fetch_all(db)
        .await?;
    Ok(rows.iter().filter_map(|row| StreamKey::read(row.try_get(0).ok()?).ok()).collect())
}

/// Streams with facts that have no row.
///
/// # Errors
/// What the database says.
pub async fn without_row(db: &mut AnyConnection) -> Result<Vec<StreamKey>, StoreError> {
    let text = "SELECT DISTINCT stream FROM facts WHERE NOT EXISTS \
         (SELECT 1 FROM streams WHERE streams.stream = facts.stream)";
    let rows = sqlx::query(text).fetch_all(db).await?;
    Ok(rows.iter().filter_map(|row| StreamKey::read(row.try_get(0).ok()?).ok()).collect())
}

/// Makes the clerk look at streams; one without a row gets an empty one, which is mended when it is read.
pub(crate) async fn mark(db: &mut AnyConnection, keys: &[StreamKey]) -> Result<(), StoreError> {
    for key in keys {
        sqlx::query(
            "INSERT INTO streams (stream, version, facts, changes, pending, sealed, audiences) \
             VALUES ($1, 0, 0, 0, 1, 0, '') ON CONFLICT (stream) DO UPDATE SET pending = 1",
        )
        .bind(key.as_bytes())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Corrects how many changes rows of streams know of, where there are more.
pub(crate) async fn raise_changes(
    db: &mut AnyConnection,
    ends: &[(StreamKey, u64)],
) -> Result<(), StoreError> {
    for (key, last) in ends {
        sqlx::query("UPDATE streams SET changes = $1 WHERE stream = $2 AND changes < $1")
            .bind(super::number(*last))
            .bind(key.as_bytes())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Corrects the last number of chains that is lower than that of their facts.
pub(crate) async fn raise(
    db: &mut AnyConnection,
    chains: &[(StreamKey, u64)],
) -> Result<(), StoreError> {
    for (key, last) in chains {
        sqlx::query(
            "INSERT INTO streams (stream, version, facts, changes, pending, sealed, audiences) \
             VALUES ($1, 0, $2, 0, 0, 0, '') \
             ON CONFLICT (stream) DO UPDATE SET facts = excluded.facts \
             WHERE streams.facts < excluded.facts",
        )
        .bind(key.as_bytes())
        .bind(super::number(*last))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Takes a mark for the clerk away without reading or changing anything else of a row, and notes when the clerk looks
/// again.
pub(crate) async fn postpone(
    db: &mut AnyConnection,
    key: StreamKey,
    look_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE streams SET pending = 0, look_at = $1 WHERE stream = $2")
        .bind(look_at.as_millis())
        .bind(key.as_bytes())
        .execute(db)
        .await?;
    Ok(())
}

/// The next instant at which the clerk has to look again although nothing is written.
///
/// # Errors
/// What the database says.
pub async fn next_look(db: &mut AnyConnection) -> Result<Option<Timestamp>, StoreError> {
    let text = "SELECT MIN(look_at) FROM streams WHERE look_at IS NOT NULL";
    let row = sqlx::query(text).fetch_one(db).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map(Timestamp::from_millis))
}

/// Which cases say something about a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when on something must have happened in a case, unless it was open then.
    pub since: Timestamp,
    /// Before when it must have begun.
    pub until: Timestamp,
    /// The department in whose name it happens, where one was asked for.
    pub department: Option<DepartmentId>,
}

/// Inspections after `after` whose case says something about a span of time, at most `limit`, in the order of their keys:
/// what began before its end and was open or moved since its beginning. What is settled rests as it is, so its row in
/// the lists tells that nothing came since; a case without a row is read.
///
/// # Errors
/// What the database says.
pub async fn alive(
    db: &mut AnyConnection,
    span: &Span,
    after: Option<StreamKey>,
    limit: i64,
) -> Result<Vec<StreamKey>, StoreError> {
    let last = StreamKey::last_inspection();
    let rows = sqlx::query(
        "SELECT s.stream FROM streams s \
         JOIN facts f ON f.stream = s.stream AND f.place = 1 AND f.received_at < $1 \
         LEFT JOIN case_rows c ON c.inspection = substr(s.stream, 2) \
         WHERE s.stream > $2 AND s.stream <= $3 AND ($4 = '' OR s.department = $4) \
         AND (s.pending <> 0 OR c.state IS NULL OR c.state <> 'settled' OR c.last_at >= $5) \
         ORDER BY s.stream LIMIT $6",
    )
    .bind(span.until.as_millis())
    .bind(after.map_or_else(Vec::new, |key| key.as_bytes().to_vec()))
    .bind(last.as_bytes())
    .bind(span.department.as_ref().map_or("", |id| id.as_str()))
    .bind(span.since.as_millis())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| StreamKey::read(row.try_get(0)?)).collect()
}

/// When the first of all facts was taken over.
///
/// # Errors
/// What the database says.
pub async fn first_fact(db: &mut AnyConnection) -> Result<Option<Timestamp>, StoreError> {
    let text = "SELECT MIN(f.received_at) FROM streams s \
         JOIN facts f ON f.stream = s.stream AND f.place = 1";
    let row = sqlx::query(text).fetch_one(db).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map(Timestamp::from_millis))
}

/// Every stored inspection after `after`, at most `limit`, in the order of their keys.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn inspections(
    db: &mut AnyConnection,
    after: Option<StreamKey>,
    limit: i64,
) -> Result<Vec<StreamKey>, StoreError> {
    let last = StreamKey::last_inspection();
    let rows = sqlx::query(
        "SELECT stream FROM streams WHERE stream > $1 AND stream <= $2 ORDER BY stream LIMIT $3",
    )
    .bind(after.map_or_else(Vec::new, |key| key.as_bytes().to_vec()))
    .bind(last.as_bytes())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| StreamKey::read(row.try_get(0)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_of_a_device_is_no_stream() {
        assert_eq!(StreamKey::chain(DeviceId::from_bytes([1; 16])).stream(), None);
    }
}
