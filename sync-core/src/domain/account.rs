//! People with accounts: roles, grants with validity, devices.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, DeviceId, EnterpriseId, PersonId};
use crate::time::Timestamp;

/// What a person is. The rights of a role are in [`crate::rules::authority`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// 执法人员: holds a certificate, records, signs, rechecks.
    #[n(0)]
    Inspector,
    /// 执法辅助人员、网格员、街道检查员: finds and reports, never signs as an officer.
    #[n(1)]
    Assistant,
    /// 专家: gives an opinion only.
    #[n(2)]
    Expert,
    /// 部门负责人: plans, decides extensions, approves closure, judges quarantine.
    #[n(3)]
    Supervisor,
    /// 安委办: sees all, supervises and reports; never inspects, never issues.
    #[n(4)]
    Coordinator,
    /// 企业安全员: receives, answers, applies; sees only its own enterprise.
    #[n(5)]
    Enterprise,
    /// 系统管理员: accounts and configuration; sees no case.
    #[n(6)]
    Administrator,
    /// 审计员: reads everything, writes nothing; never also administrator.
    #[n(7)]
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::Inspector,
        Self::Assistant,
        Self::Expert,
        Self::Supervisor,
        Self::Coordinator,
        Self::Enterprise,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The Chinese term.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Inspector => "执法人员",
            Self::Assistant => "执法辅助人员",
            Self::Expert => "专家",
            Self::Supervisor => "部门负责人",
            Self::Coordinator => "安委办",
            Self::Enterprise => "企业安全员",
            Self::Administrator => "系统管理员",
            Self::Auditor => "审计员",
        }
    }
}

/// A person as the rules need to know them, with the time in which the role is held.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct Person {
    /// Who.
    #[n(0)]
    pub id: PersonId,
    /// Full name.
    #[n(1)]
    pub name: String,
    /// The role.
    #[n(2)]
    pub role: Role,
    /// The department, for staff.
    #[n(3)]
    pub department: Option<DepartmentId>,
    /// The enterprise, for its people.
    #[n(4)]
    pub enterprise: Option<EnterpriseId>,
    /// Number of the enforcement certificate, for inspectors.
    #[n(5)]
    pub certificate: Option<String>,
    /// From when the role is held.
    #[n(6)]
    pub from: Timestamp,
    /// From when it is not held any more.
    #[n(7)]
    pub revoked_at: Option<Timestamp>,
}

/// An enrolled device and the key that its facts are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(map)]
pub struct EnrolledDevice {
    /// Which device.
    #[n(0)]
    pub id: DeviceId,
    /// Whose it is.
    #[n(1)]
    pub person: PersonId,
    /// The P-256 public key, SEC1 compressed, 33 bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub public_key: Vec<u8>,
    /// From when it is enrolled.
    #[n(3)]
    pub from: Timestamp,
    /// From when it is not trusted any more.
    #[n(4)]
    pub revoked_at: Option<Timestamp>,
}
