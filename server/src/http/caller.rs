//! Who calls, and whether the row of the table lets them.

use axum::body::HttpBody as _;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::headers::authorization::Bearer;
use axum_extra::headers::{self, Authorization, HeaderMapExt as _};
use sync_core::domain::account::{Person, Role};
use sync_core::refusal::{Code, Refusal};

use super::peer::{Address, UNKNOWN};
use super::problem::ProblemResponse;
use super::route::Gate;
use crate::auth::tokens::Access as Given;
use crate::state::App;
use crate::turns::shares::Taker;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// These roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether a role may call; none stands for a caller who is not signed in.
    #[must_use]
    pub fn allows(self, role: Option<Role>) -> bool {
        match self {
            Self::Public => true,
            Self::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
        }
    }
}

/// A caller who is signed in, as the server knows the person now.
#[derive(Clone, Debug)]
pub struct Caller(pub Person);

/// What the token of a caller gives access to.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub Given);

/// Lets a request through or not, before anything of it is read.
pub async fn guard(
    State((app, gate)): State<(App, Gate)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Gate { access, handover, sets_password, body_limit } = gate;
    let (bytes, now) = (body_bytes(&request, body_limit), app.clock.now());
    if access == Access::Public {
        let Address(address) = request.extensions().get().copied().unwrap_or(UNKNOWN);
        return match app.sharing.take(Taker::Address(address), bytes, now) {
            Ok(_share) => next.run(request).await,
            Err(refusal) => ProblemResponse(refusal).into_response(),
        };
    }
    let bearer: Option<Authorization<Bearer>> = request.headers().typed_get();
    let caller = bearer
        .ok_or(Refusal::new(Code::NotSignedIn))
        .and_then(|bearer| identify(&app, bearer.token()));
    match caller {
        Err(refusal) => ProblemResponse(refusal).into_response(),
        Ok((_, given)) if given.only_password && !sets_password => {
            ProblemResponse(Refusal::new(Code::PasswordChangeNeeded)).into_response()
        }
        Ok((person, _)) if !access.allows(Some(person.role)) => {
            ProblemResponse(Refusal::new(Code::RoleNotAllowed)).into_response()
        }
        Ok((person, _)) if !handover && person.revoked_at.is_some_and(|at| at <= now) => {
            ProblemResponse(Refusal::new(Code::AccountDisabled)).into_response()
        }
        Ok((person, given)) => {
            // Taken before any of the body is read, and held until it is answered.
            let _share = match app.sharing.take(Taker::Person(person.id), bytes, now) {
                Ok(share) => share,
                Err(refusal) => return ProblemResponse(refusal).into_response(),
            };
            request.extensions_mut().insert(Caller(person));
            request.extensions_mut().insert(SignedIn(given));
            next.run(request).await
        }
    }
}

/// Bytes that a body may take in memory: what it says, but no more than the route takes.
fn body_bytes(request: &Request, limit: usize) -> usize {
    if request.body().is_end_stream() {
        return 0;
    }
    let said: Option<headers::ContentLength> = request.headers().typed_get();
    let said = said.and_then(|said| usize::try_from(said.0).ok());
    said.unwrap_or(limit).min(limit)
}

/// The person of a token. A revoked person may call the routes that are for handover: what is still
/// on the device goes to quarantine.
fn identify(app: &App, token: &str) -> Result<(Person, Given), Refusal> {
    let now = app.clock.now();
    let given = app.tokens.read(token, now)?;
    if app.ended.contains(given.family) {
        return Err(Refusal::new(Code::NotSignedIn));
    }
    let directory = app.shared.directory.snapshot();
    let person = directory.persons.get(&given.person).cloned();
    Ok((person.ok_or(Refusal::new(Code::NotSignedIn))?, given))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemResponse> {
        parts.extensions.get().cloned().ok_or(ProblemResponse(Refusal::new(Code::NotSignedIn)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemResponse> {
        parts.extensions.get().copied().ok_or(ProblemResponse(Refusal::new(Code::NotSignedIn)))
    }
}
