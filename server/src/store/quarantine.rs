//! Items that rules cannot place, kept byte for byte until a supervisor judges them.

use std::collections::BTreeSet;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::act::Fact;
use sync_core::id::{DepartmentId, DeviceId, Digest, InspectionId, PersonId};
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantinedKind {
    /// A fact.
    Fact,
    /// A change of a draft.
    Change,
}

/// Where an item in quarantine stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Nobody judged it yet.
    Waiting,
    /// It was taken over.
    Accepted(Ruling),
    /// It stays where it is.
    Rejected(Ruling),
    /// A supplement of the record holds what it said.
    Supplemented(Ruling),
}

/// What becomes of an item in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken over.
    Accept,
    /// It stays where it is.
    Reject,
    /// A supplement of the record holds what it said.
    Supplement,
}

/// Who judged an item, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An item in quarantine.
#[derive(Clone, Debug)]
pub struct QuarantineRow {
    /// Its name, as in its verdict.
    pub item: Digest,
    /// What kind of item it is.
    pub form: QuarantinedKind,
    /// The stream it claims to belong to, where it could be read.
    pub stream: Option<StreamKey>,
    /// Who pushed it.
    pub author: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// The department whose supervisors judge it; none: every supervisor.
    pub department: Option<DepartmentId>,
    /// Why it is here, as its author was told.
    pub refusal: Refusal,
    /// Every condition that did not hold when it came.
    pub codes: Vec<Code>,
    /// When it came.
    pub received_at: Timestamp,
    /// For a change: the signature over the last change of its push.
    pub signature: Option<Vec<u8>>,
    /// The item as it came.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub judgement: Judgement,
}

/// Items of one visit that are judged at once: what rests on another one of them cannot be taken over without it, and
/// what was written before a seal cannot be after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matter {
    /// The visit.
    pub visit: InspectionId,
    /// Why they are here.
    pub code: Code,
    /// Whose they are; none for what came after the record was sealed, which is one matter of all who brought some.
    pub author: Option<PersonId>,
}

impl QuarantineRow {
    /// The matter that it is of. What this build cannot read nobody can judge, alone or with others.
    #[must_use]
    pub fn matter(&self) -> Option<Matter> {
        let code = self.refusal.code;
        let visit = self.stream?.stream()?.as_inspection()?;
        let author = (code != Code::AlreadySealed).then_some(self.author);
        (code != Code::KindUnknown).then_some(Matter { visit, code, author })
    }
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRow {
    /// The name of the item, as it is stored.
    pub item: Vec<u8>,
    /// When it came, where that can be read.
    pub received_at: Option<Timestamp>,
    /// What of it cannot be read.
    pub what: &'static str,
    /// The stream that it claims to belong to, where that can be read.
    stream: Option<StreamKey>,
    /// With which others of its stream it would be one matter.
    kin: Option<Kin>,
}

/// Why items are here, whose they are where that counts, where they stand, and since when.
type Kin = (i64, Vec<u8>, i64, Option<i64>);

fn kin(row: &AnyRow) -> Option<Kin> {
    let code: i64 = row.try_get(6).ok()?;
    let late = code == i64::from(Code::AlreadySealed.number());
    let author = if late { Vec::new() } else { row.try_get(3).ok()? };
    Some((code, author, row.try_get(12).ok()?, row.try_get(14).ok()?))
}

/// Items, and the rows beside them that cannot be read: one of those hides no other item.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The items.
    pub items: Vec<QuarantineRow>,
    /// The rows that cannot be read.
    pub unread: Vec<UnreadRow>,
}

impl Rows {
    fn take(&mut self, row: &AnyRow) {
        match read(row) {
            Ok(item) => self.items.push(item),
            Err(error) => self.unread.push(UnreadRow {
                item: row.try_get(0).unwrap_or_default(),
                received_at: row.try_get(9).ok().map(Timestamp::from_millis),
                what: if let StoreError::Damaged(what) = error { what } else { "value" },
                stream: row.try_get(2).ok().and_then(|key: Vec<u8>| StreamKey::read(&key).ok()),
                kin: kin(row),
            }),
        }
    }
}

/// Whose department judges: that of the stream, also when it became known after the item came.
const DEPARTMENT: &str = "coalesce((SELECT streams.department FROM streams \
     WHERE streams.stream = quarantine.stream), quarantine.department)";

/// The head of a query for items.
fn columns() -> String {
    format!(
        "SELECT item, form, stream, author, device, {DEPARTMENT}, code, field, detail, received_at, \
         signature, bytes, state, decided_by, decided_at, reason, codes FROM quarantine WHERE"
    )
}

/// Those among `items` that are or were in quarantine.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn find(db: &mut AnyConnection, items: &[Digest]) -> Result<Rows, StoreError> {
    let mut found = Rows::default();
    for items in items.chunks(sql::KEYS) {
        let items = sql::filled(items);
        let text = Marks::of(db).within(&format!("{} item IN", columns()), items.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for item in items {
            query = query.bind(item.as_bytes().as_slice());
        }
        query.fetch_all(&mut *db).await?.iter().for_each(|row| found.take(row));
    }
    Ok(found)
}

/// Whether an item is or was in quarantine, also one that cannot be read.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn is_known(db: &mut AnyConnection, item: Digest) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM quarantine WHERE item = $1")
        .bind(item.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// Which items a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only items of this department or of none; none: items of every department.
    pub department: Option<DepartmentId>,
    /// The departments that there are. A row whose department is none of them may be one that cannot be read.
    pub known: BTreeSet<DepartmentId>,
    /// Only items that nobody judged yet.
    pub waiting: bool,
    /// Only items that came before this one of this time: the last row of the page before.
    pub before: Option<Place>,
}

/// When an item came, and its name as it is stored: its place in a list.
pub type Place = (Timestamp, Vec<u8>);

/// Items that match, the newest first, of at most `limit` rows, and the place of the last row where there may be more.
/// Of what is one [matter](QuarantineRow::matter) and was judged at once, or waits, the newest item stands for all.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn list(
    db: &mut AnyConnection,
    filter: &Filter,
    limit: i64,
) -> Result<(Rows, Option<Place>), StoreError> {
    let (late, unread) = (Code::AlreadySealed.number(), Code::KindUnknown.number());
    let head = columns();
    let text = format!(
        "{head} ($1 = '' OR {DEPARTMENT} IS NULL OR {DEPARTMENT} = $1 \
             OR $6 NOT LIKE ('% ' || {DEPARTMENT} || ' %')) AND ($2 = 0 OR state = 0) \
         AND (received_at < $3 OR (received_at = $3 AND item < $4)) \
         AND (code = {unread} OR stream > $7 OR NOT EXISTS (SELECT 1 FROM quarantine AS newer \
             WHERE newer.stream = quarantine.stream AND newer.code = quarantine.code \
             AND (newer.code = {late} OR newer.author = quarantine.author) \
             AND newer.state = quarantine.state \
             AND coalesce(newer.decided_at, 0) = coalesce(quarantine.decided_at, 0) \
             AND (newer.received_at > quarantine.received_at \
                 OR (newer.received_at = quarantine.received_at \
                     AND newer.item > quarantine.item)))) \
         ORDER BY received_at DESC, item DESC LIMIT $5"
    );
    let before = filter.before.as_ref();
    let (at, item) =
        before.map_or((i64::MAX, Vec::new()), |(at, item)| (at.as_millis(), item.clone()));
    let known: Vec<&str> = filter.known.iter().map(DepartmentId::as_str).collect();
    let rows = sqlx::query(AssertSqlSafe(text))
        .bind(filter.department.as_ref().map_or("", DepartmentId::as_str))
        .bind(i64::from(filter.waiting))
        .bind(at)
        .bind(item)
        .bind(limit)
        .bind(format!(" {} ", known.join(" ")))
        .bind(StreamKey::last_inspection().as_bytes().to_vec())
        .fetch_all(&mut *db)
        .await?;
    let mut found = Rows::default();
    for row in &rows {
        found.take(row);
    }
    uncover(db, &mut found).await?;
    if let Some(own) = &filter.department {
        found.items.retain(|row| row.department.as_ref().is_none_or(|it| it == own));
    }
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let last = rows.iter().rev().find_map(place).filter(|_| full);
    Ok((found, last))
}

/// Where a row that cannot be read would stand for others, the newest that can stands for them.
async fn uncover(db: &mut AnyConnection, found: &mut Rows) -> Result<(), StoreError> {
    for row in found.unread.clone() {
        let (Some(stream), Some(kin)) = (row.stream, &row.kin) else { continue };
        let text = format!("{} stream = $1 ORDER BY received_at DESC, item DESC", columns());
        let rows =
            sqlx::query(AssertSqlSafe(text)).bind(stream.as_bytes()).fetch_all(&mut *db).await?;
        let mut of_kin = rows.iter().filter(|row| self::kin(row).as_ref() == Some(kin));
        let newest = of_kin.find_map(|row| read(row).ok());
        let is_covered = |it: &QuarantineRow| {
            it.matter().is_some()
                && (Some(it.received_at), it.item.as_bytes().as_slice())
                    < (row.received_at, row.item.as_slice())
        };
        let known = |it: &QuarantineRow| found.items.iter().any(|other| other.item == it.item);
        found.items.extend(newest.filter(|it| is_covered(it) && !known(it)));
    }
    Ok(())
}

fn place(row: &AnyRow) -> Option<Place> {
    Some((Timestamp::from_millis(row.try_get(9).ok()?), row.try_get(0).ok()?))
}

fn read(row: &AnyRow) -> Result<QuarantineRow, StoreError> {
    let stream: Option<Vec<u8>> = row.try_get(2)?;
    let department: Option<String> = row.try_get(5)?;
    let code = u16::try_from(row.try_get::<i64, _>(6)?)
        .ok()
        .and_then(Code::from_number)
        .ok_or(StoreError::damaged("code"))?;
    let codes: Option<String> = row.try_get(16)?;
    let by: Option<Vec<u8>> = row.try_get(13)?;
    let at: Option<i64> = row.try_get(14)?;
    let reason: Option<String> = row.try_get(15)?;
    let decision = match (by, at, reason) {
        (Some(by), Some(at), Some(reason)) => Some(Ruling {
            by: PersonId::from_bytes(super::id16(&by)?),
            at: Timestamp::from_millis(at),
            reason,
        }),
        _ => None,
    };
    let judgement = match (row.try_get::<i64, _>(12)?, decision) {
        (1, Some(decision)) => Judgement::Accepted(decision),
        (2, Some(decision)) => Judgement::Rejected(decision),
        (3, Some(decision)) => Judgement::Supplemented(decision),
        (0, _) => Judgement::Waiting,
        _ => return Err(StoreError::damaged("state")),
    };
    let item = super::digest(row.try_get(0)?)?;
    let bytes: Vec<u8> = row.try_get(11)?;
    let (form, name) = match row.try_get::<i64, _>(1)? {
        0 => (QuarantinedKind::Fact, Fact::decode(&bytes).ok().map(|fact| fact.id)),
        1 => (QuarantinedKind::Change, Some(Digest::of(&bytes))),
        _ => return Err(StoreError::damaged("form")),
    };
    if name != Some(item) {
        return Err(StoreError::damaged("bytes"));
    }
    Ok(QuarantineRow {
        item,
        form,
        stream: stream.map(|key| StreamKey::read(&key)).transpose()?,
        author: PersonId::from_bytes(super::id16(row.try_get(3)?)?),
        device: DeviceId::from_bytes(super::id16(row.try_get(4)?)?),
        department: department
            .map(|id| id.parse())
            .transpose()
            .map_err(|_| StoreError::damaged("department"))?,
        refusal: Refusal { code, field: row.try_get(7)?, detail: row.try_get(8)? },
        codes: codes.map_or_else(|| vec![code], |codes| numbered(&codes)),
        received_at: Timestamp::from_millis(row.try_get(9)?),
        signature: row.try_get(10)?,
        bytes,
        judgement,
    })
}

/// The codes with these numbers.
fn numbered(numbers: &str) -> Vec<Code> {
    numbers.split(' ').filter_map(|it| it.parse().ok().and_then(Code::from_number)).collect()
}

/// Keeps items; one that is already kept stays as it is.
pub(crate) async fn add(
    db: &mut AnyConnection,
    items: &[&QuarantineRow],
) -> Result<(), StoreError> {
    for items in sql::parts(items) {
        let text = Marks::of(db).values(
            "INSERT INTO quarantine (item, form, stream, author, device, department, code, field, \
             detail, received_at, signature, bytes, state, codes) VALUES",
            14,
            items.len(),
            "ON CONFLICT (item) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for item in items {
            let codes: Vec<String> =
                item.codes.iter().map(|code| code.number().to_string()).collect();
            query = query
                .bind(item.item.as_bytes().as_slice())
                .bind(i64::from(item.form == QuarantinedKind::Change))
                .bind(item.stream.as_ref().map(|key| key.as_bytes().to_vec()))
                .bind(item.author.as_bytes().as_slice())
                .bind(item.device.as_bytes().as_slice())
                .bind(item.department.as_ref().map(|id| id.as_str().to_owned()))
                .bind(i64::from(item.refusal.code.number()))
                .bind(item.refusal.field.as_deref())
                .bind(item.refusal.detail.as_deref())
                .bind(item.received_at.as_millis())
                .bind(item.signature.as_deref())
                .bind(item.bytes.as_slice())
                .bind(0_i64)
                .bind(codes.join(" "));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// What there is of visits, by visit and as it came. With `waiting` only what nobody judged yet.
///
/// # Errors
/// What the database says.
pub async fn of_visits(
    db: &mut AnyConnection,
    streams: &[StreamKey],
    waiting: bool,
) -> Result<Rows, StoreError> {
    let mut found = Rows::default();
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let open = if waiting { "AND state = 0" } else { "" };
        let tail = format!("{open} ORDER BY stream, received_at, item");
        let text = Marks::of(db).within(&format!("{} stream IN", columns()), keys.len(), &tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        query.fetch_all(&mut *db).await?.iter().for_each(|row| found.take(row));
    }
    Ok(found)
}

/// How much of a person waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Items.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// How much of a person waits.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn waiting_of(db: &mut AnyConnection, author: PersonId) -> Result<Waiting, StoreError> {
    let text = "SELECT count(*), CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM quarantine \
                WHERE author = $1 AND state = 0";
    let query = sqlx::query(text).bind(author.as_bytes().as_slice());
    let row = query.fetch_one(db).await?;
    Ok(Waiting { items: super::count(row.try_get(0)?), bytes: super::count(row.try_get(1)?) })
}

/// Whether nobody judged an item yet.
pub(crate) async fn is_waiting(db: &mut AnyConnection, item: Digest) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT 1 FROM quarantine WHERE item = $1 AND state = 0")
        .bind(item.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// Writes the judgement of an item that waits down.
pub(crate) async fn judge(
    db: &mut AnyConnection,
    item: Digest,
    verdict: Verdict,
    decision: &Ruling,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE quarantine SET state = $1, decided_by = $2, decided_at = $3, reason = $4 \
         WHERE item = $5 AND state = 0",
    )
    .bind(match verdict {
        Verdict::Accept => 1_i64,
        Verdict::Reject => 2,
        Verdict::Supplement => 3,
    })
    .bind(decision.by.as_bytes().as_slice())
    .bind(decision.at.as_millis())
    .bind(decision.reason.as_str())
    .bind(item.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(())
}
