//! The one place where a refusal becomes an HTTP status.

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sync_core::refusal::{Code, Disposition, Refusal};
use sync_core::wire::problem;

use crate::store::StoreError;

/// A refusal on its way to the caller.
#[derive(Debug)]
pub struct ProblemResponse(pub Refusal);

/// The status under which a code travels.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn
        | Code::WrongPassword
        | Code::TokenReused
        | Code::AccountDisabled
        | Code::PasswordChangeNeeded => StatusCode::UNAUTHORIZED,
        Code::RoleNotAllowed
        | Code::NotOnTeam
        | Code::OtherDepartment
        | Code::OtherEnterprise
        | Code::SamePerson
        | Code::DepartmentNoPower
        | Code::CertificateMissing
        | Code::ProofInvalid
        | Code::FreshSignInNeeded
        | Code::OldPasswordWrong
        | Code::LastAdministrator
        | Code::AuthorMismatch
        | Code::DeviceUnknown
        | Code::DeviceRevoked => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        // The body did not come whole.
        Code::NetworkLost => StatusCode::REQUEST_TIMEOUT,
        Code::TooManyAttempts | Code::RateLimited | Code::QuarantineFull | Code::PartsFull => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Code::ServerBusy | Code::StorageFailed => StatusCode::SERVICE_UNAVAILABLE,
        Code::AlreadyExists
        | Code::AlreadyDecided
        | Code::RevokedEarlier
        | Code::NotRevoked
        | Code::TooManyDevices
        | Code::BlobOffset
        | Code::BlobUnexpected
        | Code::EvidencePending => StatusCode::CONFLICT,
        Code::KeyUnavailable => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Malformed
        | Code::NotCanonical
        | Code::VersionUnsupported
        | Code::IdMalformed
        | Code::FieldMalformed => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Seconds after which it makes sense to ask again: those that are really left where the refusal says them.
fn seconds_left(refusal: &Refusal) -> u64 {
    const USUAL: u64 = 5;
    let limited =
        matches!(refusal.code, Code::TooManyAttempts | Code::RateLimited | Code::PartsFull);
    let left = refusal.detail.as_ref().filter(|_| limited).and_then(|it| it.parse().ok());
    left.unwrap_or(USUAL)
}

impl IntoResponse for ProblemResponse {
    fn into_response(self) -> Response {
        let status = status(self.0.code);
        let retry = self.0.code.disposition() == Disposition::Retry;
        let seconds = seconds_left(&self.0);
        let body = problem::Problem::new(self.0, status.as_u16());
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
        if retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Refusal> for ProblemResponse {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<StoreError> for ProblemResponse {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a query failed");
        Self(error.into())
    }
}

impl From<std::io::Error> for ProblemResponse {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "a file could not be read or written");
        Self(Refusal::new(Code::StorageFailed))
    }
}

impl From<JsonRejection> for ProblemResponse {
    fn from(rejection: JsonRejection) -> Self {
        if let JsonRejection::BytesRejection(rejection) = rejection {
            return rejection.into();
        }
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            StatusCode::UNPROCESSABLE_ENTITY => Code::FieldMalformed,
            _ => Code::Malformed,
        };
        Self(Refusal::new(code).field("body"))
    }
}

impl From<BytesRejection> for ProblemResponse {
    fn from(rejection: BytesRejection) -> Self {
        let large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Self(Refusal::new(if large { Code::TooLarge } else { Code::NetworkLost }).field("body"))
    }
}

impl From<PathRejection> for ProblemResponse {
    fn from(_: PathRejection) -> Self {
        Self(Refusal::new(Code::IdMalformed).field("path"))
    }
}

impl From<QueryRejection> for ProblemResponse {
    fn from(_: QueryRejection) -> Self {
        Self(Refusal::new(Code::FieldMalformed).field("query"))
    }
}
