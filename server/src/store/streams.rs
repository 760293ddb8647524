//! Streams: what admission must know of a file of facts without reading the facts.

use std::collections::{BTreeSet, HashMap};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DepartmentId, DeviceId, EnterpriseId, InspectionId, NoticeId};
use sync_core::ledger::statement::StreamId;

use super::StoreError;
use super::sql::{self, Marks};

/// Names a row of `streams`: an inspection, a notice, or the chain of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamKey([u8; 17]);

const INSPECTION: u8 = 0;
const NOTICE: u8 = 1;
const CHAIN: u8 = 2;

impl StreamKey {
    /// The key of an inspection's stream.
    #[must_use]
    pub fn inspection(id: InspectionId) -> Self {
        Self::new(INSPECTION, *id.as_bytes())
    }

    /// The key of a notice's stream.
    #[must_use]
    pub fn notice(id: NoticeId) -> Self {
        Self::new(NOTICE, *id.as_bytes())
    }

    /// The key under which the chain of a device is counted.
    #[must_use]
    pub fn chain(id: DeviceId) -> Self {
        Self::new(CHAIN, *id.as_bytes())
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
        match *kind {
            INSPECTION => Some(StreamId::Inspection(InspectionId::from_bytes(id))),
            NOTICE => Some(StreamId::Notice(NoticeId::from_bytes(id))),
            _ => None,
        }
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
        match stream {
            StreamId::Inspection(id) => Self::inspection(id),
            StreamId::Notice(id) => Self::notice(id),
        }
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
    /// The notice of an inspection, or the inspection of a notice.
    pub linked: Option<StreamKey>,
    /// The enterprise it is about.
    pub enterprise: Option<EnterpriseId>,
    /// The department in whose name it happens.
    pub department: Option<DepartmentId>,
    /// Keys of the audiences that were granted it.
    pub audiences: BTreeSet<String>,
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
            linked: None,
            enterprise: None,
            department: None,
            audiences: BTreeSet::new(),
        }
    }
}

const COLUMNS: &str = "SELECT stream, version, facts, changes, pending, sealed, linked, enterprise, \
     department, audiences FROM streams WHERE stream IN";

/// The rows of those of `keys` that are stored.
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
    let enterprise = bytes(7)?
        .map(|id| id.try_into().map(EnterpriseId::from_bytes))
        .transpose()
        .map_err(|_| StoreError::damaged("enterprise"))?;
    let department = row
        .try_get::<Option<String>, _>(8)?
        .map(|id| id.parse())
        .transpose()
        .map_err(|_| StoreError::damaged("department"))?;
    let audiences: String = row.try_get(9)?;
    Ok(StreamRow {
        key: StreamKey::read(row.try_get(0)?)?,
        version: row.try_get(1)?,
        facts: super::count(row.try_get(2)?),
        changes: super::count(row.try_get(3)?),
        pending: row.try_get::<i64, _>(4)? != 0,
        sealed: row.try_get::<i64, _>(5)? != 0,
        linked: bytes(6)?.map(|key| StreamKey::read(&key)).transpose()?,
        enterprise,
        department,
        audiences: audiences.split_whitespace().map(str::to_owned).collect(),
    })
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
         department = excluded.department, audiences = excluded.audiences \
         WHERE streams.version = excluded.version - {step}"
    );
    let mut stored = 0;
    for rows in sql::parts(rows) {
        let text = Marks::of(db).values(
            "INSERT INTO streams (stream, version, facts, changes, pending, sealed, linked, \
             enterprise, department, audiences) VALUES",
            10,
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
                .bind(row.linked.as_ref().map(|key| key.as_bytes().to_vec()))
                .bind(row.enterprise.as_ref().map(|id| id.as_bytes().to_vec()))
                .bind(row.department.as_ref().map(|id| id.as_str().to_owned()))
                .bind(audiences.join(" "));
        }
        stored += query.execute(&mut *db).await?.rows_affected();
    }
    Ok(stored == rows.len() as u64)
}

/// Streams that the clerk has to look at, at most `limit`.
pub async fn pending(db: &mut AnyConnection, limit: i64) -> Result<Vec<StreamKey>, StoreError> {
    let rows =
        sqlx::query("SELECT stream FROM streams WHERE pending <> 0 ORDER BY stream LIMIT $1")
            .bind(limit)
            .fetch_all(db)
            .await?;
    rows.iter().map(|row| StreamKey::read(row.try_get(0)?)).collect()
}

/// Every stored inspection after `after`, at most `limit`, in the order of their keys.
pub async fn inspections(
    db: &mut AnyConnection,
    after: Option<StreamKey>,
    limit: i64,
) -> Result<Vec<StreamKey>, StoreError> {
    let last = StreamKey::new(INSPECTION, [u8::MAX; 16]);
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
