//! How a refusal looks in the JSON interface (RFC 9457, `application/problem+json`).

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Refusal};

/// Media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// A refusal as a JSON body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Stable name of the code.
    pub code: Code,
    /// Stable number of the code.
    pub number: u16,
    /// HTTP status, repeated for readers of logs.
    pub status: u16,
    /// One plain sentence in Chinese.
    pub title: String,
    /// The one thing to do next, in Chinese.
    pub action: String,
    /// The field, where one is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// More for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// Words a refusal for a reader, with the HTTP status under which it travels.
    #[must_use]
    pub fn new(refusal: Refusal, status: u16) -> Self {
        Self {
            code: refusal.code,
            number: refusal.code.number(),
            status,
            title: refusal.code.sentence().to_owned(),
            action: refusal.code.action().to_owned(),
            field: refusal.field,
            detail: refusal.detail,
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code, field: problem.field, detail: problem.detail }
    }
}
