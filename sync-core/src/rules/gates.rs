//! Gates: may this person state this now. The phone asks before it signs and the server before it
//! takes a fact over, with the same answer for the same case.

use crate::act::{Statement, capture, since, state};
use crate::case::act::{Context, Unmet};
use crate::case::offer::Offer;
use crate::case::{About, Case};
use crate::id::{BlobHash, FactId};
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
        let bounded =
            statement.about().map(|about| bounded(case, about, &statement.follows(), context));
        statement.check(case, bounded.as_ref().unwrap_or(context), &mut unmet);
        photos_are_there(statement, case, context, &mut unmet);
    }
    unmet
}

/// The context of a statement about something: it was not stated before what it follows.
fn bounded<'a>(case: &Case, about: About, named: &[FactId], context: &Context<'a>) -> Context<'a> {
    context.not_before(since::earliest(case, about, named, context.author.id))
}

/// Every photo of the case on which a decision rests is at the server and could be looked at.
fn photos_are_there(statement: &Statement, case: &Case, context: &Context<'_>, unmet: &mut Unmet) {
    let Some((grounds, about)) = statement.rests_on().zip(statement.about()) else { return };
    let photos = grounds.photos(case, about);
    // What is no photo of this case is refused as such.
    let is_of_case = |blob: &&BlobHash| capture::first_purpose(case, blob).is_some();
    let of_case: Vec<&BlobHash> = photos.iter().filter(is_of_case).collect();
    let flawed = of_case.iter().any(|blob| context.photos.is_flawed(blob));
    unmet.require(!flawed, Code::EvidenceUnreadable);
    let there = of_case.iter().all(|blob| context.photos.is_there(blob));
    unmet.require(there || flawed, Code::EvidencePending);
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
    Statement::offers(case, about, &bounded(case, about, &[], context))
}
