//! The cases that a report looks at, as they stood at an instant, read from the store in parts.

use std::collections::HashSet;
use std::sync::Arc;

use sync_core::act::{Admitted, state};
use sync_core::case::fold::fold_until;
use sync_core::domain::numbers::Series;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Refusal;
use sync_core::time::Timestamp;
use sync_core::wire::report::Sheet;

use super::{Asked, Figures, KnownCase, KnownSeries, note_unreadable};
use crate::admission::dossier::admitted;
use crate::admission::load::{self, Loaded};
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::numbers::{self, Given};
use crate::store::streams::{self, Span, StreamKey};

/// Visits that are read at once: so many cases are in memory, whatever the number of all.
const BATCH: i64 = 200;

/// Answers a question from what is stored. Other work has its turn between the parts.
///
/// # Errors
/// What the database or the report says.
pub async fn answer(
    shared: &Shared,
    directory: &Arc<Directory>,
    asked: Asked,
) -> Result<Sheet, Refusal> {
    let Asked { span, figures, series, .. } = asked;
    let mut count = Count { figures, seen: HashSet::new(), unreadable: 0 };
    let mut after: Option<StreamKey> = None;
    loop {
        let loaded = {
            let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
            let keys = streams::alive(&mut db, &span, after, BATCH).await?;
            let Some(last) = keys.last() else { break };
            after = Some(*last);
            load::cases(&mut db, &keys, true, &shared.integrity).await?
        };
        let (directory, span) = (Arc::clone(directory), span.clone());
        let work = move || {
            count.take(loaded, &span, &directory);
            count
        };
        count = shared.turns.run(work).await?;
    }
    for series in series {
        let key = StreamKey::from(StreamId::numbers(series.id()));
        let (loaded, given) = {
            let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
            let given = numbers::given(&mut db, &series).await?;
            (load::cases(&mut db, &[key], true, &shared.integrity).await?, given)
        };
        count.take_series(&loaded, &series, &given, span.until);
    }
    count.sheet()
}

/// The sheet that a report makes of cases that are at hand: the same figures without a store.
///
/// # Errors
/// What the report says.
pub fn of_facts<'a>(
    cases: impl IntoIterator<Item = &'a [Admitted]>,
    directory: &Directory,
    asked: Asked,
) -> Result<Sheet, Refusal> {
    let Asked { span, figures, .. } = asked;
    let mut count = Count { figures, seen: HashSet::new(), unreadable: 0 };
    for facts in cases {
        count.add(facts, &span, directory);
    }
    count.sheet()
}

struct Count {
    figures: Box<dyn Figures>,
    /// Streams whose case was counted.
    seen: HashSet<StreamKey>,
    unreadable: u64,
}

impl Count {
    fn take(&mut self, loaded: Loaded, span: &Span, directory: &Directory) {
        for dossier in loaded.by_dossier() {
            let fresh = dossier.streams.keys().filter(|key| self.seen.insert(**key)).count();
            if fresh != dossier.streams.len() {
                continue;
            }
            if dossier.facts.keys().any(|key| dossier.damaged.contains(key)) {
                self.unreadable += 1;
            } else {
                let stored = dossier.facts.values().flat_map(|facts| facts.iter());
                let facts: Vec<Admitted> = stored.filter_map(admitted).collect();
                self.add(&facts, span, directory);
            }
        }
    }

    fn take_series(&mut self, loaded: &Loaded, series: &Series, given: &Given, until: Timestamp) {
        self.unreadable += u64::from(!loaded.damaged.is_empty());
        let stored = loaded.facts.values().flat_map(|facts| facts.iter());
        let facts: Vec<Admitted> = stored.filter_map(admitted).collect();
        let case = fold_until(&facts, until);
        self.figures.add_series(&KnownSeries { series, case: &case, given });
    }

    fn add(&mut self, facts: &[Admitted], span: &Span, directory: &Directory) {
        let case = fold_until(facts, span.until);
        let Some(plan) = case.plan().map(|plan| plan.body) else { return };
        if span.department.as_ref().is_some_and(|asked| *asked != plan.department) {
            return;
        }
        if state::require_known(&case).is_err() {
            self.unreadable += 1;
            return;
        }
        let enterprise = directory.enterprises.get(&plan.enterprise);
        self.figures.add(&KnownCase { case: &case, plan, enterprise });
    }

    fn sheet(self) -> Result<Sheet, Refusal> {
        let mut sheet = self.figures.sheet()?;
        note_unreadable(&mut sheet, self.unreadable);
        Ok(sheet)
    }
}
