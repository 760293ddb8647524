//! One route of the interface: who may call it, what it takes, what it gives and what it refuses.

use axum::routing::MethodRouter;
use sync_core::domain::account::Role;
use sync_core::refusal::Code;

use super::caller::Access;
use crate::shape::Shape;
use crate::state::App;

/// What a request brings.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Shape),
    /// Bytes of this media type.
    Bytes(&'static str),
}

/// What is answered when nothing is refused.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Shape),
    /// JSON, or a file where one is asked for.
    JsonOrFile(Shape),
    /// Bytes of this media type.
    Bytes(&'static str),
    /// Bytes of one of these media types, or the same file within JSON where that is asked for.
    File(&'static [&'static str]),
}

/// One route.
#[derive(Clone, Copy)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path; parts in braces are parameters.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// Whether a revoked person may still call, to hand over what is on the device.
    pub handover: bool,
    /// Whether it may be called before a new password is set in the place of a forgotten one.
    pub sets_password: bool,
    /// What it does, in Chinese.
    pub title: &'static str,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// What a request brings.
    pub request: Body,
    /// What is answered.
    pub response: Answer,
    /// Status of an answer that is not a refusal.
    pub done: u16,
    /// Other statuses under which the same is answered, each with its meaning in Chinese.
    pub other: &'static [(u16, &'static str)],
    /// Objects whose fields are the parameters of the query.
    pub question: &'static [Shape],
    /// Query parameters, each with its meaning in Chinese.
    pub query: &'static [(&'static str, &'static str)],
    /// What is refused here, besides what follows from access, parameters and body.
    pub refuses: &'static [Code],
    /// Whether the rules are asked, so that each of their codes may be the refusal.
    pub judges: bool,
    /// The handler, under its method.
    pub handler: fn() -> MethodRouter<App>,
}

/// Who is let through to a route.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// Who may call.
    pub access: Access,
    /// Whether a revoked person may still call.
    pub handover: bool,
    /// Whether it may be called before a new password is set.
    pub sets_password: bool,
    /// Largest body in bytes.
    pub body_limit: usize,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.access)
    }
}

/// Largest body of JSON.
const JSON_BYTES: usize = 64 * 1024;

/// Every code of the rules is below this number; above are files, exchange and devices.
const AFTER_RULES: u16 = 600;

impl Route {
    pub(super) const fn get(
        path: &'static str,
        access: Access,
        title: &'static str,
        handler: fn() -> MethodRouter<App>,
    ) -> Self {
        Self {
            method: "GET",
            path,
            access,
            handover: false,
            sets_password: false,
            title,
            body_limit: 0,
            request: Body::Nothing,
            response: Answer::Nothing,
            done: 200,
            other: &[],
            question: &[],
            query: &[],
            refuses: &[],
            judges: false,
            handler,
        }
    }

    pub(super) const fn post(
        path: &'static str,
        access: Access,
        title: &'static str,
        handler: fn() -> MethodRouter<App>,
    ) -> Self {
        Self { method: "POST", body_limit: JSON_BYTES, ..Self::get(path, access, title, handler) }
    }

    pub(super) const fn takes(self, request: Shape) -> Self {
        Self { request: Body::Json(request), ..self }
    }

    pub(super) const fn takes_bytes(self, media: &'static str, limit: usize) -> Self {
        Self { request: Body::Bytes(media), body_limit: limit, ..self }
    }

    pub(super) const fn gives(self, response: Shape) -> Self {
        Self { response: Answer::Json(response), ..self }
    }

    pub(super) const fn gives_or_file(self, response: Shape) -> Self {
        Self { response: Answer::JsonOrFile(response), ..self }
    }

    pub(super) const fn gives_file(self, media: &'static [&'static str]) -> Self {
        Self { response: Answer::File(media), ..self }
    }

    pub(super) const fn gives_bytes(self, media: &'static str) -> Self {
        Self { response: Answer::Bytes(media), ..self }
    }

    pub(super) const fn asks(
        self,
        question: &'static [Shape],
        query: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { question, query, ..self }
    }

    pub(super) const fn refuses(self, refuses: &'static [Code]) -> Self {
        Self { refuses, ..self }
    }

    pub(super) const fn judges(self) -> Self {
        Self { judges: true, ..self }
    }

    pub(super) const fn done(self, done: u16) -> Self {
        Self { done, ..self }
    }

    pub(super) const fn or(self, other: &'static [(u16, &'static str)]) -> Self {
        Self { other, ..self }
    }

    pub(super) const fn for_handover(self) -> Self {
        Self { handover: true, ..self }
    }

    pub(super) const fn for_new_password(self) -> Self {
        Self { sets_password: true, ..self }
    }

    /// Who is let through.
    pub(super) const fn gate(&self) -> Gate {
        let Self { access, handover, sets_password, body_limit, .. } = *self;
        Gate { access, handover, sets_password, body_limit }
    }

    /// Every code that this route may refuse with, ascending.
    #[must_use]
    pub fn refusals(&self) -> Vec<Code> {
        // Nothing moved for too long, or too much is asked at once.
        let mut codes = vec![Code::ServerBusy, Code::RateLimited];
        if let Access::Roles(roles) = self.access {
            codes.push(Code::NotSignedIn);
            if roles.len() < Role::ALL.len() {
                codes.push(Code::RoleNotAllowed);
            }
            if !self.handover {
                codes.push(Code::AccountDisabled);
            }
            if !self.sets_password {
                codes.push(Code::PasswordChangeNeeded);
            }
        }
        if self.path.contains('{') {
            codes.push(Code::IdMalformed);
        }
        if !self.question.is_empty() {
            codes.push(Code::FieldMalformed);
        }
        match self.request {
            Body::Nothing => {}
            Body::Json(_) => codes.extend([
                Code::Malformed,
                Code::FieldMalformed,
                Code::TooLarge,
                Code::NetworkLost,
            ]),
            Body::Bytes(_) => codes.extend([Code::TooLarge, Code::NetworkLost]),
        }
        if self.judges {
            codes.extend(Code::ALL.iter().filter(|code| code.number() < AFTER_RULES));
        }
        codes.extend(self.refuses);
        codes.sort();
        codes.dedup();
        codes
    }
}
