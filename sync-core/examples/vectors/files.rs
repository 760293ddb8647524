//! Facts as they travel, each once, and the stages that are made of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sync_core::id::FactId;
use sync_core::testing::stages::Stage;
use sync_core::testing::world::World;

#[derive(Default)]
pub(crate) struct Facts {
    index: BTreeMap<FactId, usize>,
    rows: Vec<Value>,
}

impl Facts {
    /// A stage by its name, its instant and the places of its facts in the list.
    pub(crate) fn stage(&mut self, stage: Stage, world: &World) -> Value {
        let mut of_stage = Vec::new();
        for it in &world.facts {
            let receipt = it.receipt.expect("the server's facts have receipts");
            let index = *self.index.entry(it.fact.id).or_insert_with(|| {
                self.rows.push(json!({
                    "kind": it.fact.statement.name(),
                    "at": receipt.at,
                    "place": receipt.place,
                    "fact": hex(it.fact.bytes()),
                }));
                self.rows.len() - 1
            });
            of_stage.push(index);
        }
        let mut row = json!({"name": stage.name(), "now": world.now, "facts": of_stage});
        if let (Some(there), Some(row)) = (&world.there, row.as_object_mut()) {
            row.insert("there".to_owned(), json!(there));
        }
        row
    }

    pub(crate) fn rows(self) -> Vec<Value> {
        self.rows
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
