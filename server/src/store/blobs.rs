//! Which files the facts announce, who announced them where, and who brought their bytes.
//!
//! A file is taken only from someone whose fact names it, and it is there for the readers of a stream once someone
//! who announced it in that stream has brought all of it. Whoever only names a digest learns nothing.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{BlobHash, PersonId};
use sync_core::time::Timestamp;

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// A file that a fact announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Digest of the file.
    pub hash: BlobHash,
    /// The stream whose fact announces it.
    pub stream: StreamKey,
    /// Whose fact.
    pub person: PersonId,
    /// Its size.
    pub bytes: u64,
}

/// Notes that files are announced; one that already is stays as it is.
pub(crate) async fn expect(db: &mut AnyConnection, files: &[&Expected]) -> Result<(), StoreError> {
    for files in sql::parts(files) {
        let text = Marks::of(db).values(
            "INSERT INTO announced_files (hash, stream, person, bytes) VALUES",
            4,
            files.len(),
            "ON CONFLICT (hash, stream, person) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for file in files {
            query = query
                .bind(file.hash.as_bytes().as_slice())
                .bind(file.stream.as_bytes())
                .bind(file.person.as_bytes().as_slice())
                .bind(super::number(file.bytes));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Notes that people have brought the bytes of files.
pub(crate) async fn bring(
    db: &mut AnyConnection,
    files: &[(BlobHash, PersonId)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for files in sql::parts(files) {
        let head = "INSERT INTO brought_files (hash, person, at) VALUES";
        let tail = "ON CONFLICT (hash, person) DO NOTHING";
        let text = Marks::of(db).values(head, 3, files.len(), tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (hash, person) in files {
            query = query
                .bind(hash.as_bytes().as_slice())
                .bind(person.as_bytes().as_slice())
                .bind(at.as_millis());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Whether nobody has brought a file yet.
pub(crate) async fn is_new(db: &mut AnyConnection, hash: BlobHash) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM brought_files WHERE hash = $1")
        .bind(hash.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? == 0)
}

/// Whether a person has brought a file.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn is_brought(
    db: &mut AnyConnection,
    hash: BlobHash,
    person: PersonId,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM brought_files WHERE hash = $1 AND person = $2")
        .bind(hash.as_bytes().as_slice())
        .bind(person.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// What is known of a file that someone is about to bring.
#[derive(Clone, Copy, Debug)]
pub struct Awaited {
    /// The largest size that this person announced.
    pub bytes: u64,
    /// Whether this person has brought all of it.
    pub brought: bool,
}

/// What is known of a file that this person announced; none if there is no such fact.
///
/// # Errors
/// What the database says.
pub async fn awaited(
    db: &mut AnyConnection,
    hash: BlobHash,
    person: PersonId,
) -> Result<Option<Awaited>, StoreError> {
    let row = sqlx::query(
        "SELECT MAX(announced_files.bytes), MAX(brought_files.at) FROM announced_files \
         LEFT JOIN brought_files ON brought_files.hash = announced_files.hash \
         AND brought_files.person = announced_files.person \
         WHERE announced_files.hash = $1 AND announced_files.person = $2",
    )
    .bind(hash.as_bytes().as_slice())
    .bind(person.as_bytes().as_slice())
    .fetch_one(db)
    .await?;
    let brought = row.try_get::<Option<i64>, _>(1)?.is_some();
    let bytes: Option<i64> = row.try_get(0)?;
    Ok(bytes.map(|bytes| Awaited { bytes: super::count(bytes), brought }))
}

/// Who announced a file in which stream, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    /// The file.
    pub hash: BlobHash,
    /// The stream.
    pub stream: StreamKey,
    /// Who.
    pub person: PersonId,
    /// Whether the same person has brought all of it.
    pub brought: bool,
    /// Whether its bytes are on disk, and not found damaged.
    pub kept: bool,
    /// What a decoder found that has read it to its end; none while nobody has looked.
    pub looked: Option<Looked>,
}

/// What a decoder found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// A picture from its first byte to its last.
    Whole,
    /// Something that is no whole picture.
    Flawed,
}

const ANNOUNCED: &str = "SELECT announced_files.hash, announced_files.stream, \
     announced_files.person, brought_files.at, files.kept_at, looked_files.at, looked_files.flaw \
     FROM announced_files \
     LEFT JOIN looked_files ON looked_files.hash = announced_files.hash \
     LEFT JOIN brought_files ON brought_files.hash = announced_files.hash \
     AND brought_files.person = announced_files.person \
     LEFT JOIN files ON files.hash = announced_files.hash AND files.damaged_at IS NULL";

fn read(row: &sqlx::any::AnyRow) -> Result<Announced, StoreError> {
    let looked = row.try_get::<Option<i64>, _>(5)?.is_some();
    let flawed = row.try_get::<Option<String>, _>(6)?.is_some();
    Ok(Announced {
        looked: looked.then_some(if flawed { Looked::Flawed } else { Looked::Whole }),
        hash: super::digest(row.try_get(0)?)?,
        stream: StreamKey::read(row.try_get(1)?)?,
        person: PersonId::from_bytes(super::id16(row.try_get(2)?)?),
        brought: row.try_get::<Option<i64>, _>(3)?.is_some(),
        kept: row.try_get::<Option<i64>, _>(4)?.is_some(),
    })
}

/// Everyone who announced one of these files; nothing of those that no fact names.
///
/// # Errors
/// What the database says.
pub async fn announced(
    db: &mut AnyConnection,
    files: &[BlobHash],
) -> Result<Vec<Announced>, StoreError> {
    let mut found = Vec::new();
    for files in files.chunks(sql::KEYS) {
        let files = sql::filled(files);
        let head = format!("{ANNOUNCED} WHERE announced_files.hash IN");
        let text = Marks::of(db).within(&head, files.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for file in files {
            query = query.bind(file.as_bytes().as_slice());
        }
        for row in query.fetch_all(&mut *db).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Everything that is announced in a stream.
///
/// # Errors
/// What the database says.
pub async fn of_stream(
    db: &mut AnyConnection,
    stream: StreamKey,
) -> Result<Vec<Announced>, StoreError> {
    let text = format!("{ANNOUNCED} WHERE announced_files.stream = $1");
    let rows = sqlx::query(AssertSqlSafe(text)).bind(stream.as_bytes()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// How many files a person announced and did not bring.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn unbrought_of(db: &mut AnyConnection, person: PersonId) -> Result<u64, StoreError> {
    let text = "SELECT count(DISTINCT hash) FROM announced_files AS announced \
                WHERE person = $1 AND NOT EXISTS (SELECT 1 FROM brought_files AS brought \
                    WHERE brought.hash = announced.hash AND brought.person = announced.person)";
    let query = sqlx::query(text).bind(person.as_bytes().as_slice());
    Ok(super::count(query.fetch_one(db).await?.try_get(0)?))
}
