//! `gates.json`: every person, every statement, every stage of the loop.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sync_core::testing::cast::{Who, zone};
use sync_core::testing::stages::{Stage, world_at};

use crate::files::Facts;
use crate::law;

/// The parts of the file.
pub(crate) fn file() -> Vec<(&'static str, Vec<Value>)> {
    let mut facts = Facts::default();
    let (mut stages, mut wordings, mut cells) = (Vec::new(), Vec::<Value>::new(), Vec::new());
    for stage in Stage::ALL {
        let world = world_at(*stage);
        stages.push(facts.stage(*stage, &world));
        for row in law::rows(&world) {
            let wording = serde_json::to_value(&row.statement).expect("plain data");
            let known = wordings.iter().position(|known| *known == wording);
            let index = known.unwrap_or_else(|| {
                wordings.push(wording);
                wordings.len() - 1
            });
            let mut codes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for who in Who::ALL {
                codes.entry(row.verdict(*who, *stage)).or_default().push(who.name());
            }
            let (name, stage) = (row.name, stage.name());
            let cell = json!({"name": name, "stage": stage, "statement": index, "codes": codes});
            cells.push(cell);
        }
    }
    let people = Who::ALL.iter().map(|who| json!({"name": who.name(), "person": who.person()}));
    let zone = zone();
    vec![
        ("people", people.collect()),
        ("departments", zone.departments.iter().map(|it| json!(it)).collect()),
        ("competence", zone.competence.iter().map(|it| json!(it)).collect()),
        ("procedures", zone.procedures.iter().map(|it| json!(it)).collect()),
        ("criteria", zone.criteria.iter().map(|it| json!(it)).collect()),
        ("laws", zone.laws.iter().map(|it| json!(it)).collect()),
        ("facts", facts.rows()),
        ("stages", stages),
        ("statements", wordings),
        ("cells", cells),
    ]
}
