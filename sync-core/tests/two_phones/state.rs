//! What tells one state from another: the same statements in another order of the two officers are the same state.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sync_core::act::{Fact, Statement};
use sync_core::id::{Digest, FactId, PersonId};

use crate::model::Model;

/// Statements of each author in their order, whatever was stated by others in between.
fn by_author<'f>(facts: impl Iterator<Item = &'f Fact>) -> Vec<(PersonId, FactId)> {
    let mut named: Vec<(PersonId, FactId)> =
        facts.map(|fact| (fact.body.author, fact.id)).collect();
    named.sort_by_key(|it| it.0);
    named
}

/// The name of a state.
pub(crate) fn name(model: &Model) -> u64 {
    let mut hasher = DefaultHasher::new();
    let facts = &model.server.facts;
    // What is known before a seal and after it are two things.
    let sealed = facts.iter().position(|it| matches!(it.fact.statement, Statement::Sealed(_)));
    let (before, after) = facts.split_at(sealed.unwrap_or(facts.len()));
    for part in [before, after] {
        by_author(part.iter().map(|it| &it.fact)).hash(&mut hasher);
    }
    let mut changes: Vec<Digest> = model.server.changes.iter().map(|it| it.name).collect();
    changes.sort_unstable();
    changes.hash(&mut hasher);
    for officer in &model.officers {
        by_author(facts.iter().take(officer.known).map(|it| &it.fact)).hash(&mut hasher);
        by_author(officer.unsent.iter().map(|it| &**it)).hash(&mut hasher);
        officer.draft.names().hash(&mut hasher);
        let (sent, waiting) = officer.changes.split_at(officer.sent);
        for part in [sent, waiting] {
            let mut names: Vec<Digest> = part.iter().map(|it| it.name).collect();
            names.sort_unstable();
            names.hash(&mut hasher);
        }
    }
    hasher.finish()
}
