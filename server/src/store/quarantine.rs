//! Items that rules cannot place, kept byte for byte until a supervisor judges them.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DepartmentId, DeviceId, Digest, PersonId};
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
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
    pub form: Form,
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

const COLUMNS: &str = "SELECT item, form, stream, author, device, department, code, field, detail, \
     received_at, signature, bytes, state, decided_by, decided_at, reason, codes FROM quarantine WHERE";

/// The items among `items` that are or were in quarantine.
pub async fn find(
    db: &mut AnyConnection,
    items: &[Digest],
) -> Result<Vec<QuarantineRow>, StoreError> {
    let mut found = Vec::new();
    for items in items.chunks(sql::KEYS) {
        let items = sql::filled(items);
        let text = Marks::of(db).within(&format!("{COLUMNS} item IN"), items.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for item in items {
            query = query.bind(item.as_bytes().as_slice());
        }
        for row in query.fetch_all(&mut *db).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

/// Which items a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only items of this department or of none; none: items of every department.
    pub department: Option<DepartmentId>,
    /// Only items that nobody judged yet.
    pub waiting: bool,
    /// Only items that came before this one of this time: the last row of the page before.
    pub before: Option<(Timestamp, Digest)>,
}

/// Items that match, the newest first, at most `limit`.
pub async fn list(
    db: &mut AnyConnection,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<QuarantineRow>, StoreError> {
    let text = format!(
        "{COLUMNS} ($1 = '' OR department IS NULL OR department = $1) AND ($2 = 0 OR state = 0) \
         AND (received_at < $3 OR (received_at = $3 AND item < $4)) \
         ORDER BY received_at DESC, item DESC LIMIT $5"
    );
    let (at, item) = match filter.before {
        Some((at, item)) => (at.as_millis(), item.as_bytes().to_vec()),
        None => (i64::MAX, Vec::new()),
    };
    let rows = sqlx::query(AssertSqlSafe(text))
        .bind(filter.department.as_ref().map_or("", DepartmentId::as_str))
        .bind(i64::from(filter.waiting))
        .bind(at)
        .bind(item)
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::any::AnyRow) -> Result<QuarantineRow, StoreError> {
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
        _ => Judgement::Waiting,
    };
    Ok(QuarantineRow {
        item: super::digest(row.try_get(0)?)?,
        form: if row.try_get::<i64, _>(1)? == 0 { Form::Fact } else { Form::Change },
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
        bytes: row.try_get(11)?,
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
                .bind(i64::from(item.form == Form::Change))
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

/// Writes a judgement down; false when the item was judged before or is not in quarantine.
pub(crate) async fn judge(
    db: &mut AnyConnection,
    item: Digest,
    accepted: bool,
    decision: &Ruling,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE quarantine SET state = $1, decided_by = $2, decided_at = $3, reason = $4 \
         WHERE item = $5 AND state = 0",
    )
    .bind(if accepted { 1_i64 } else { 2_i64 })
    .bind(decision.by.as_bytes().as_slice())
    .bind(decision.at.as_millis())
    .bind(decision.reason.as_str())
    .bind(item.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
