//! Gates: may this person state this now. The phone asks before it signs and the server before it
//! takes a fact over, with the same answer for the same case.

use crate::act::{Statement, state};
use crate::case::act::{Context, Unmet};
use crate::case::offer::Offer;
use crate::case::{About, Case};
use crate::refusal::{Code, Refusal};

/// Names every condition that does not hold. Form and bounds are checked before, by
/// [`Content::validate`](crate::ledger::fact::Content::validate).
#[must_use]
pub fn unmet(statement: &Statement, case: &Case, context: &Context<'_>) -> Unmet {
    let mut unmet = Unmet::new(context.pardoned);
    if statement.is_by_server() {
        unmet.require(false, Code::ServerOnly);
        return unmet;
    }
    state::require_known(case).unwrap_or_else(|refusal| unmet.add(refusal));
    if unmet.is_empty() {
        statement.check(case, context, &mut unmet);
    }
    unmet
}

/// Refuses what may not be stated.
///
/// # Errors
/// The first condition that does not hold.
pub fn check(statement: &Statement, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    unmet(statement, case, context).into_result()
}

/// What the author may state about something now, in the order of the loop.
#[must_use]
pub fn offers(case: &Case, about: About, context: &Context<'_>) -> Vec<Offer> {
    if state::require_known(case).is_err() {
        return Vec::new();
    }
    Statement::offers(case, about, context)
}
