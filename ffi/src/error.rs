//! The one error of the border.

use sync_core::{Code, Refusal};

/// Why something was not done. The code is stable and meant for programs, the sentences are for people.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// The stable name, as in `server/docs/REFUSALS.md`.
    pub code: String,
    /// One plain sentence in Chinese.
    pub sentence: String,
    /// The one thing to do next, in Chinese.
    pub action: String,
    /// The field that is to blame, where there is one.
    pub field: Option<String>,
    /// More for programs and logs.
    pub detail: Option<String>,
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code.name().to_owned(),
            sentence: refusal.code.sentence().to_owned(),
            action: refusal.code.action().to_owned(),
            field: refusal.field,
            detail: refusal.detail,
        }
    }
}

/// What a call answers when it did nothing. What was saved before stays saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DeviceError {
    /// The rules, the form or the server do not allow it.
    #[error("{}", reason.code)]
    Refused {
        /// Why.
        reason: Reason,
    },
    /// The key store is locked: unlock and call again.
    #[error("{}", reason.code)]
    Locked {
        /// Why.
        reason: Reason,
    },
    /// A text that should name something does not.
    #[error("{}", reason.code)]
    BadId {
        /// Why.
        reason: Reason,
    },
    /// No room is left on the device.
    #[error("{}", reason.code)]
    DiskFull {
        /// Why.
        reason: Reason,
    },
    /// No answer of the server came: none at all, or one of somebody between (`network_foreign`).
    #[error("{}", reason.code)]
    NetworkLost {
        /// Why.
        reason: Reason,
    },
    /// A person has to sign in first.
    #[error("{}", reason.code)]
    SignInNeeded {
        /// Why.
        reason: Reason,
    },
    /// Another process or object holds the folder.
    #[error("{}", reason.code)]
    InUse {
        /// Why.
        reason: Reason,
    },
    /// The device was closed.
    #[error("{}", reason.code)]
    Closed {
        /// Why.
        reason: Reason,
    },
}

impl From<Refusal> for DeviceError {
    fn from(refusal: Refusal) -> Self {
        let code = refusal.code;
        let reason = Reason::from(refusal);
        match code {
            Code::DeviceLocked => Self::Locked { reason },
            Code::IdMalformed => Self::BadId { reason },
            Code::DeviceFull => Self::DiskFull { reason },
            Code::NetworkLost | Code::NetworkForeign => Self::NetworkLost { reason },
            Code::NotSignedIn => Self::SignInNeeded { reason },
            Code::DeviceInUse => Self::InUse { reason },
            Code::DeviceClosed => Self::Closed { reason },
            _ => Self::Refused { reason },
        }
    }
}

/// The sentences of a code, for what a package of a language refuses itself.
///
/// # Errors
/// When there is no such code.
#[uniffi::export(default(field = None, detail = None))]
pub fn reason_of(
    code: String,
    field: Option<String>,
    detail: Option<String>,
) -> Result<Reason, DeviceError> {
    let known = Code::ALL.iter().find(|known| known.name() == code);
    let code = *known.ok_or(Refusal::new(Code::NotFound).field("code"))?;
    Ok(Reason { field, detail, ..Reason::from(Refusal::new(code)) })
}
