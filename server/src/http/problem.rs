//! Refusals as answers (RFC 9457).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sync_core::refusal::{Code, Disposition, Refusal};
use sync_core::wire::problem::{self, Problem};

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refused(pub Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

/// The HTTP status under which a code travels.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn | Code::WrongPassword | Code::TokenReused | Code::AccountDisabled => {
            StatusCode::UNAUTHORIZED
        }
        Code::NotFound | Code::BlobUnexpected => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::TooManyAttempts | Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        _ => match (code.number() / 100, code.disposition()) {
            (_, Disposition::Retry) => StatusCode::SERVICE_UNAVAILABLE,
            (1, _) => StatusCode::BAD_REQUEST,
            (3, _) => StatusCode::FORBIDDEN,
            (4 | 6, _) => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        },
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = status(self.0.code);
        let problem = Problem::new(self.0, status.as_u16());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, problem::CONTENT_TYPE)], body).into_response()
    }
}
