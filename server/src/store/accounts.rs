//! People with accounts.

use std::collections::{BTreeSet, HashMap};

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use sync_core::domain::account::{Person, Role};
use sync_core::id::{EnterpriseId, PersonId, StreetCode};
use sync_core::time::Timestamp;

use super::{StoreError, id16};

/// An account as stored.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// Account name.
    pub username: String,
    /// PHC string of the password.
    pub password: String,
    /// Until when that is the hash of a code for a forgotten password; none for a password.
    pub reset_until: Option<Timestamp>,
}

const COLUMNS: &str = "person, username, password, name, role, department, enterprise, \
                       certificate, valid_from, revoked_at, reset_until";

fn role_text(role: Role) -> &'static str {
    match role {
        Role::Inspector => "inspector",
        Role::Assistant => "assistant",
        Role::Expert => "expert",
        Role::Supervisor => "supervisor",
        Role::Coordinator => "coordinator",
        Role::Enterprise => "enterprise",
        Role::Administrator => "administrator",
        Role::Auditor => "auditor",
    }
}

fn read(row: &AnyRow) -> Result<Account, StoreError> {
    let role: String = row.try_get("role")?;
    let role = Role::ALL.iter().copied().find(|known| role_text(*known) == role);
    let department: Option<String> = row.try_get("department")?;
    let enterprise: Option<Vec<u8>> = row.try_get("enterprise")?;
    let revoked_at: Option<i64> = row.try_get("revoked_at")?;
    let person = Person {
        id: PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>("person")?)?),
        name: row.try_get("name")?,
        role: role.ok_or_else(|| StoreError::damaged("role"))?,
        department: department
            .map(|text| text.parse())
            .transpose()
            .map_err(|_| StoreError::damaged("department"))?,
        enterprise: enterprise
            .map(|bytes| id16(&bytes).map(EnterpriseId::from_bytes))
            .transpose()?,
        certificate: row.try_get("certificate")?,
        from: Timestamp::from_millis(row.try_get("valid_from")?),
        revoked_at: revoked_at.map(Timestamp::from_millis),
    };
    let reset_until: Option<i64> = row.try_get("reset_until")?;
    Ok(Account {
        person,
        username: row.try_get("username")?,
        password: row.try_get("password")?,
        reset_until: reset_until.map(Timestamp::from_millis),
    })
}

/// The streets of staff who work in some only.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn streets(
    db: &mut AnyConnection,
) -> Result<HashMap<PersonId, BTreeSet<StreetCode>>, StoreError> {
    let rows = sqlx::query("SELECT person, street FROM working_streets").fetch_all(db).await?;
    let mut streets: HashMap<PersonId, BTreeSet<StreetCode>> = HashMap::new();
    for row in rows {
        let person = PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>("person")?)?);
        let street: String = row.try_get("street")?;
        let street = street.parse().map_err(|_| StoreError::damaged("street"))?;
        streets.entry(person).or_default().insert(street);
    }
    Ok(streets)
}

/// Streets in which a person worked before that are kept.
const EARLIER: i64 = 8;

/// The streets in which people worked before, the last ones first; none is every street.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn earlier_streets(
    db: &mut AnyConnection,
) -> Result<HashMap<PersonId, Vec<BTreeSet<StreetCode>>>, StoreError> {
    let text = "SELECT person, streets FROM earlier_streets ORDER BY person, number DESC";
    let mut earlier: HashMap<PersonId, Vec<BTreeSet<StreetCode>>> = HashMap::new();
    for row in sqlx::query(text).fetch_all(db).await? {
        let person = PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>("person")?)?);
        let streets: String = row.try_get("streets")?;
        let streets: Result<_, _> = streets.split_whitespace().map(str::parse).collect();
        earlier
            .entry(person)
            .or_default()
            .push(streets.map_err(|_| StoreError::damaged("street"))?);
    }
    Ok(earlier)
}

/// Notes in which streets a person worked until now.
async fn note_streets(
    db: &mut AnyConnection,
    person: PersonId,
    streets: &BTreeSet<StreetCode>,
) -> Result<(), StoreError> {
    let id = person.as_bytes().as_slice();
    let last = sqlx::query("SELECT MAX(number) FROM earlier_streets WHERE person = $1")
        .bind(id)
        .fetch_one(&mut *db)
        .await?;
    let number = last.try_get::<Option<i64>, _>(0)?.unwrap_or_default() + 1;
    let streets: Vec<&str> = streets.iter().map(StreetCode::as_str).collect();
    sqlx::query("INSERT INTO earlier_streets (person, number, streets) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(number)
        .bind(streets.join(" "))
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM earlier_streets WHERE person = $1 AND number <= $2")
        .bind(id)
        .bind(number - EARLIER)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes in which streets a person works; none is in all of them. Those of before stay known for a while.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn set_streets(
    db: &mut AnyConnection,
    person: PersonId,
    streets: &BTreeSet<StreetCode>,
) -> Result<(), StoreError> {
    let before = self::streets(&mut *db).await?.remove(&person).unwrap_or_default();
    if before != *streets {
        note_streets(&mut *db, person, &before).await?;
    }
    sqlx::query("DELETE FROM working_streets WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(&mut *db)
        .await?;
    for street in streets {
        sqlx::query("INSERT INTO working_streets (person, street) VALUES ($1, $2)")
            .bind(person.as_bytes().as_slice())
            .bind(street.as_str())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Every account, by name.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Account>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM accounts ORDER BY username");
    let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The account with this name.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn by_username(
    db: &mut AnyConnection,
    username: &str,
) -> Result<Option<Account>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM accounts WHERE username = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(username).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The account of a person.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn find(db: &mut AnyConnection, person: PersonId) -> Result<Option<Account>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM accounts WHERE person = $1");
    let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(person.as_bytes().as_slice());
    query.fetch_optional(db).await?.as_ref().map(read).transpose()
}

/// Puts another hash in the place of one that is known, the one of a code where it says until when; false if somebody
/// else did so first.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn set_password(
    db: &mut AnyConnection,
    person: PersonId,
    known: &str,
    hash: &str,
    reset_until: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE accounts SET password = $3, reset_until = $4 WHERE person = $1 AND password = $2",
    )
    .bind(person.as_bytes().as_slice())
    .bind(known)
    .bind(hash)
    .bind(reset_until.map(Timestamp::as_millis))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a person the rights back.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn restore(db: &mut AnyConnection, person: PersonId) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET revoked_at = NULL, revoked_reason = NULL WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// Adds an account; false if the name or the person exists.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn add(db: &mut AnyConnection, account: &Account) -> Result<bool, StoreError> {
    let person = &account.person;
    let done = sqlx::query(
        "INSERT INTO accounts (person, username, password, name, role, department, enterprise, \
         certificate, valid_from, revoked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
    )
    .bind(person.id.as_bytes().as_slice())
    .bind(account.username.as_str())
    .bind(account.password.as_str())
    .bind(person.name.as_str())
    .bind(role_text(person.role))
    .bind(person.department.as_ref().map(|it| it.as_str().to_owned()))
    .bind(person.enterprise.map(|it| it.as_bytes().to_vec()))
    .bind(person.certificate.clone())
    .bind(person.from.as_millis())
    .bind(person.revoked_at.map(Timestamp::as_millis))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the rights of a person from a time on.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn revoke(
    db: &mut AnyConnection,
    person: PersonId,
    from: Timestamp,
    reason: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET revoked_at = $2, revoked_reason = $3 WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .bind(from.as_millis())
        .bind(reason)
        .execute(db)
        .await?;
    Ok(())
}
