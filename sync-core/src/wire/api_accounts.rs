//! Bodies of the JSON interface about accounts: the audit, sessions, passwords.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, PersonId, SessionId};
#[cfg(feature = "schema")]
use crate::limits;
use crate::time::Timestamp;

macro_rules! audit_kinds {
    ($($name:ident = $text:literal, $title:literal;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum AuditKind {
            $(#[doc = $title] #[serde(rename = $text)] $name,)+
        }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The name in Chinese.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

audit_kinds! {
    SignedIn = "signed_in", "登录";
    SignInFailed = "sign_in_failed", "登录失败";
    Locked = "locked", "尝试过多，暂停登录";
    TokenReused = "token_reused", "旧凭证被再次使用，已退出";
    SignedOut = "signed_out", "退出登录";
    PasswordChanged = "password_changed", "修改密码";
    PasswordReset = "password_reset", "重置密码";
    AccountAdded = "account_added", "新建账号";
    PersonRevoked = "person_revoked", "停用账号";
    RestoreProposed = "restore_proposed", "提议恢复账号";
    PersonRestored = "person_restored", "恢复账号";
    DeviceEnrolled = "device_enrolled", "登记设备";
    DeviceRevoked = "device_revoked", "停用设备";
    QuarantineDecided = "quarantine_decided", "处理待定记录";
    ReportGiven = "report_given", "提供报表或导出文件";
}

/// `GET /api/v1/audit`: which page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// `next` of the page before.
    pub after: Option<u64>,
    /// Rows wanted, [`super::api_office::PAGE_ROWS`] if it is not said, at most [`super::api_office::PAGE_ROWS_MAX`].
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = super::api_office::PAGE_ROWS_MAX)))]
    pub limit: Option<u32>,
}

/// One page of events of security, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// Places of this page at which the chain does not hold: a row was changed, left out or put between. Empty when
    /// all of it is as it was written.
    pub broken: Vec<u64>,
    /// Where the next page starts; none on the last one.
    pub next: Option<u64>,
}

/// One event of security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditRow {
    /// Its place, from 1.
    pub place: u64,
    /// When it happened, for the first time where it is counted.
    pub at: Timestamp,
    /// When it happened for the last time within the hour.
    pub last_at: Timestamp,
    /// How often.
    pub times: u64,
    /// What happened.
    pub kind: AuditKind,
    /// The same in Chinese.
    pub title: String,
    /// Who did it; none where nobody was signed in.
    pub who: Option<PersonId>,
    /// Name of who did it.
    pub who_name: Option<String>,
    /// About whom or what: a person, a device, an item, a report, or the account name that was tried.
    pub about: Option<String>,
    /// Name of the person whom it is about.
    pub about_name: Option<String>,
    /// Network address, where it is known.
    pub address: Option<String>,
    /// More of it, such as the reason.
    pub detail: Option<String>,
    /// Digest over this row and the digest of the row before.
    pub digest: String,
}

/// Why something is done to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountReason {
    /// Why.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT_CHARS)))]
    pub reason: String,
}

/// `POST /api/v1/accounts/{person}/restore`: that a revoked person is to be restored. Another administrator confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RestoreProposal {
    /// Who proposed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// `POST /api/v1/password`: a new password for oneself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePassword {
    /// The old one; not asked of whoever signed in with a code for a forgotten password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PASSWORD_CHARS)))]
    pub old: Option<String>,
    /// The new one: visible characters, neither the account name nor one of those that everybody tries.
    #[cfg_attr(feature = "schema", schemars(length(min = limits::PASSWORD_CHARS_LEAST, max = limits::PASSWORD_CHARS)))]
    pub new: String,
}

/// Answer to [`ChangePassword`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordChanged {
    /// How many other sessions ended with it.
    pub ended: u64,
}

/// `POST /api/v1/accounts/{person}/password`: what to tell a person who forgot the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordReset {
    /// Signs in once in the place of the password, and then a new one has to be set. It is not shown again.
    pub code: String,
    /// Until when it signs in.
    pub until: Timestamp,
}

/// `GET /api/v1/sessions`: one session of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionRow {
    /// Which session.
    pub id: SessionId,
    /// When it began.
    pub signed_in_at: Timestamp,
    /// When it was renewed last.
    pub renewed_at: Timestamp,
    /// Until when it can be renewed.
    pub ends_at: Timestamp,
    /// The device that proved to renew it.
    pub device: Option<DeviceId>,
    /// Network address from which it began, where it is known.
    pub address: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Answer to the end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionEnded {
    /// Which session ended.
    pub session: SessionId,
}
