//! Who asks.

use sync_core::domain::account::Person;
use sync_core::time::Timestamp;

/// Who asks and when, as the session says. It is put into the request before a handler runs.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub person: Person,
    /// When the request came.
    pub now: Timestamp,
}
