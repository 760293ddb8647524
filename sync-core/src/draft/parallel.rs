//! Differing values of binding fields.

use super::{Draft, keys};
use crate::domain::inspection::BindingField;
use crate::domain::parallel::{ParallelSubject, ParallelValue};
use crate::rules::merge_policy::{self, Policy};
use keys::Map;

impl Draft {
    /// Every binding field whose values differ, with its values in a fixed order.
    #[must_use]
    pub fn parallels(&self) -> Vec<(ParallelSubject, BindingField, Vec<ParallelValue>)> {
        let mut found = Vec::new();
        for (map, kind) in [(Map::Answers, "answer"), (Map::Hazards, "hazard")] {
            let Some(object) = self.maps.get(&map) else { continue };
            for key in automerge::ReadDoc::keys(&self.doc, object) {
                let Some((id, name)) = key.split_once('/') else { continue };
                let policy = merge_policy::of(&format!("{kind}.{name}"));
                let Some(Policy::NeedsDecision(field)) = policy else { continue };
                let subject = match map {
                    Map::Answers => id.parse().map(ParallelSubject::Item),
                    Map::Hazards | Map::Photos | Map::Sessions => {
                        id.parse().map(ParallelSubject::Hazard)
                    }
                };
                if let (Ok(subject), Some(values)) = (subject, self.differing(map, &key)) {
                    found.push((subject, field, values));
                }
            }
        }
        found
    }

    fn differing(&self, map: Map, key: &str) -> Option<Vec<ParallelValue>> {
        let values = self.values(map, key);
        let (shown, _) = values.first()?;
        if values.iter().all(|(value, _)| value == shown) {
            return None;
        }
        let mut differing: Vec<ParallelValue> = values
            .into_iter()
            .map(|(value, actor)| ParallelValue { by: self.writer(actor), value })
            .collect();
        differing.sort();
        differing.dedup();
        Some(differing)
    }
}
