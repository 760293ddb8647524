//! Bodies of the JSON interface.

use serde::{Deserialize, Serialize};

use crate::domain::account::{EnrolledDevice, Person, Role};
use crate::id::{DepartmentId, DeviceId, EnterpriseId};
#[cfg(feature = "schema")]
use crate::limits;
use crate::time::Timestamp;
use crate::wire::api_accounts::RestoreProposal;

/// `POST /api/v1/session`: name and password for tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// Account name.
    pub username: String,
    /// Password, or the code that an administrator gave in the place of a forgotten one.
    #[cfg_attr(feature = "schema", schemars(length(max = limits::PASSWORD_CHARS)))]
    pub password: String,
}

/// `POST /api/v1/session/refresh`: the refresh token for new tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refresh {
    /// The refresh token of the last answer. It works once; for an answer that was lost the same successor
    /// is given again: within the grace time, and at any later time to the device that proves to be the
    /// one of this session.
    pub refresh_token: String,
    /// Which enrolled device asks, with its proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<DeviceProof>,
}

/// That a request comes from an enrolled device.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceProof {
    /// Which device.
    pub device: DeviceId,
    /// Its signature over [`refresh_message`], 64 bytes, base64 (RFC 4648, URL-safe, no padding).
    pub signature: String,
}

/// What the device key signs to renew a session: a domain string and the refresh token as text.
#[must_use]
pub fn refresh_message(refresh_token: &str) -> Vec<u8> {
    let mut message = b"zhicha refresh v1\0".to_vec();
    message.extend(refresh_token.as_bytes());
    message
}

/// Tokens of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// Bearer token (RFC 6750), valid for minutes.
    pub access_token: String,
    /// When it ends.
    pub access_until: Timestamp,
    /// Token for the next session, opaque.
    pub refresh_token: String,
    /// Whose session it is.
    pub person: Person,
    /// Whether a new password has to be set before anything else: it was signed in with a code for a forgotten one.
    #[serde(default)]
    pub set_password: bool,
}

/// `POST /api/v1/devices/challenge`: asks for what the device key must sign.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Challenge {
    /// Base64 (RFC 4648, URL-safe, no padding) of 32 bytes, good for a few minutes and once.
    pub challenge: String,
}

/// `POST /api/v1/devices`: enrols a device with proof that it holds the key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrol {
    /// The challenge that was signed.
    pub challenge: String,
    /// P-256 public key, SEC1 compressed, base64 as above.
    pub public_key: String,
    /// Signature over [`enrol_message`], 64 bytes, base64 as above.
    pub signature: String,
    /// What the person calls the device.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::NAME_CHARS)))]
    pub label: String,
}

/// What the device key signs to enrol: a domain string and the challenge as text.
#[must_use]
pub fn enrol_message(challenge: &str) -> Vec<u8> {
    let mut message = b"zhicha enrol v1\0".to_vec();
    message.extend(challenge.as_bytes());
    message
}

/// Answer to [`Enrol`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrolled {
    /// The device as the server knows it.
    pub device: EnrolledDevice,
    /// The server's Ed25519 public key, base64 as above: receipts and server facts verify with it.
    pub server_key: String,
    /// The server's signature over whose the device is, base64 as above: it is what colleagues' phones believe when
    /// they meet it without a network.
    pub certificate: String,
}

/// `POST /api/v1/devices/{device}/revoke` and its like: who stops being trusted, from when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoke {
    /// From when; work captured before is accepted, work captured after goes to quarantine.
    pub from: Timestamp,
    /// Why.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::TEXT_CHARS)))]
    pub reason: String,
}

/// Answer to [`Revoke`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoked {
    /// From when it is not trusted any more.
    pub revoked_at: Timestamp,
}

/// One enrolled device in a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceRow {
    /// Which device.
    pub id: DeviceId,
    /// What its person calls it.
    pub label: String,
    /// From when it is enrolled.
    pub enrolled_at: Timestamp,
    /// From when it is not trusted any more.
    pub revoked_at: Option<Timestamp>,
}

/// One account in a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountRow {
    /// Account name.
    pub username: String,
    /// Whose it is.
    pub person: Person,
    /// That a revoked person is to be restored, and another administrator has to confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_proposed: Option<RestoreProposal>,
}

/// `POST /api/v1/accounts`: a new account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewAccount {
    /// Account name: 3 to 32 letters, Chinese characters, digits, `.`, `_` and `-`; kept in lower case.
    #[cfg_attr(feature = "schema", schemars(length(min = 3, max = 32)))]
    pub username: String,
    /// First password, as [`super::api_accounts::ChangePassword`] asks for it.
    #[cfg_attr(feature = "schema", schemars(length(min = limits::PASSWORD_CHARS_LEAST, max = limits::PASSWORD_CHARS)))]
    pub password: String,
    /// Full name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = limits::NAME_CHARS)))]
    pub name: String,
    /// Role.
    pub role: Role,
    /// Department, for staff.
    pub department: Option<DepartmentId>,
    /// Enterprise, for its people.
    pub enterprise: Option<EnterpriseId>,
    /// Certificate number, for inspectors.
    pub certificate: Option<String>,
}

/// `PUT /sync/v1/blobs/{hash}`: how much of a file the server has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Uploaded {
    /// Bytes from the beginning.
    pub received: u64,
    /// Whether it has all of it and the digest fits.
    pub complete: bool,
    /// Of a file that it has: the receipt that the device shows in later exchanges, as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// `GET /health`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// Whether records and files can be kept.
    pub ok: bool,
    /// Version of the server.
    pub version: String,
    /// Dossiers for which the server could not state what it owes: somebody has to look at them.
    pub set_aside: u64,
    /// Stored facts and files that were found not to be what was taken over, since the server started.
    #[serde(default)]
    pub damaged: u64,
    /// How often a device had read what the store does not have, since the server started: it came back from a backup.
    #[serde(default)]
    pub restores: u64,
}
