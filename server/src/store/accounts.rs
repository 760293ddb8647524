//! People with accounts.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use sync_core::domain::account::{Person, Role};
use sync_core::id::{EnterpriseId, PersonId};
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
}

const COLUMNS: &str = "person, username, password, name, role, department, enterprise, \
                       certificate, valid_from, revoked_at";

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
    Ok(Account { person, username: row.try_get("username")?, password: row.try_get("password")? })
}

/// Every account, by name.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Account>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM accounts ORDER BY username");
    let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The account with this name.
pub async fn by_username(
    db: &mut AnyConnection,
    username: &str,
) -> Result<Option<Account>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM accounts WHERE username = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(username).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// Adds an account; false if the name or the person exists.
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

/// Ends the rights of a person from a time on; false if there is no such person.
pub async fn revoke(
    db: &mut AnyConnection,
    person: PersonId,
    from: Timestamp,
    reason: &str,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE accounts SET revoked_at = $2, revoked_reason = $3 WHERE person = $1")
            .bind(person.as_bytes().as_slice())
            .bind(from.as_millis())
            .bind(reason)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}
