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
pub struct Problem(pub Refusal);

/// The status under which a code travels.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn | Code::WrongPassword | Code::TokenReused | Code::AccountDisabled => {
            StatusCode::UNAUTHORIZED
        }
        Code::RoleNotAllowed
        | Code::NotOnTeam
        | Code::OtherDepartment
        | Code::OtherEnterprise
        | Code::SamePerson
        | Code::DepartmentNoPower
        | Code::CertificateMissing
        | Code::ProofInvalid
        | Code::AuthorMismatch
        | Code::DeviceUnknown
        | Code::DeviceRevoked => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        // The body did not come whole.
        Code::NetworkLost => StatusCode::REQUEST_TIMEOUT,
        Code::TooManyAttempts | Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::ServerBusy | Code::StorageFailed => StatusCode::SERVICE_UNAVAILABLE,
        Code::AlreadyExists | Code::AlreadyDecided | Code::BlobOffset | Code::BlobUnexpected => {
            StatusCode::CONFLICT
        }
        Code::KeyUnavailable => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Malformed
        | Code::NotCanonical
        | Code::VersionUnsupported
        | Code::IdMalformed
        | Code::FieldMalformed => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = status(self.0.code);
        let retry = self.0.code.disposition() == Disposition::Retry;
        let body = problem::Problem::new(self.0, status.as_u16());
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
        if retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a query failed");
        Self(error.into())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "a file could not be read or written");
        Self(Refusal::new(Code::StorageFailed))
    }
}

impl From<JsonRejection> for Problem {
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

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        let large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Self(Refusal::new(if large { Code::TooLarge } else { Code::NetworkLost }).field("body"))
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self(Refusal::new(Code::IdMalformed).field("path"))
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Self(Refusal::new(Code::FieldMalformed).field("query"))
    }
}
