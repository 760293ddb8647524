//! Form and bounds of texts that several kinds carry.

use crate::limits;
use crate::refusal::{Code, Refusal};

/// A reason has to be given.
pub(super) fn reason(text: &str) -> Result<(), Refusal> {
    if !crate::text::is_visible(text) {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", text, limits::TEXT_CHARS)
}
