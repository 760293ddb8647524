//! Who calls, and whether the row of the table lets them.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sync_core::domain::account::{Person, Role};
use sync_core::refusal::{Code, Refusal};

use super::problem::Problem;
use crate::state::App;

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

/// Lets a request through or not, before anything of it is read.
pub async fn guard(
    State((app, access, handover)): State<(App, Access, bool)>,
    mut request: Request,
    next: Next,
) -> Response {
    if access == Access::Public {
        return next.run(request).await;
    }
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let caller = token.ok_or(Refusal::new(Code::NotSignedIn)).and_then(|it| identify(&app, it));
    let now = app.clock.now();
    match caller {
        Err(refusal) => Problem(refusal).into_response(),
        Ok(person) if !access.allows(Some(person.role)) => {
            Problem(Refusal::new(Code::RoleNotAllowed)).into_response()
        }
        Ok(person) if !handover && person.revoked_at.is_some_and(|at| at <= now) => {
            Problem(Refusal::new(Code::AccountDisabled)).into_response()
        }
        Ok(person) => {
            request.extensions_mut().insert(Caller(person));
            next.run(request).await
        }
    }
}

/// The person of a token. A revoked person is let through where the row says so: to hand over what
/// is still on the device, which goes to quarantine.
fn identify(app: &App, token: &str) -> Result<Person, Refusal> {
    let now = app.clock.now();
    let (person, family) = app.tokens.read(token, now)?;
    if app.ended.contains(family) {
        return Err(Refusal::new(Code::NotSignedIn));
    }
    let directory = app.shared.directory.snapshot();
    directory.persons.get(&person).cloned().ok_or(Refusal::new(Code::NotSignedIn))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or(Problem(Refusal::new(Code::NotSignedIn)))
    }
}
