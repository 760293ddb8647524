//! What a route refuses, by status.

use std::collections::BTreeMap;

use schemars::Schema;
use serde_json::{Map, Value, json};
use sync_core::refusal::Code;
use sync_core::wire::problem;

use crate::http::problem::status;
use crate::http::route::Route;

/// A response for each status of a refusal, with the codes that come under it.
pub(super) fn responses(row: &Route, problem: &Schema) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in row.refusals() {
        by_status.entry(status(code).as_u16()).or_default().push(code);
    }
    let mut responses = Map::new();
    for (status, codes) in by_status {
        let names: Vec<_> = codes.iter().map(|code| code.name()).collect();
        let sentences: Vec<_> =
            codes.iter().map(|code| format!("{code} {}", code.sentence())).collect();
        let narrowed = json!({ "properties": {
            "code": { "enum": names }, "status": { "const": status },
        }});
        let schema = json!({ "schema": { "allOf": [problem, narrowed] } });
        let content = Map::from_iter([(problem::CONTENT_TYPE.to_owned(), schema)]);
        add(&mut responses, status, &sentences.join("\n"), content);
    }
    responses
}

/// Adds what may come under a status to what may come under it already.
pub(super) fn add(
    responses: &mut Map<String, Value>,
    status: u16,
    meaning: &str,
    content: Map<String, Value>,
) {
    let entry = responses.entry(status.to_string()).or_insert_with(|| json!({}));
    let Value::Object(response) = entry else { return };
    let known = response.get("description").and_then(Value::as_str);
    let both = known.map_or_else(|| meaning.to_owned(), |known| format!("{known}\n{meaning}"));
    response.insert("description".to_owned(), both.into());
    if content.is_empty() {
        return;
    }
    let contents = response.entry("content").or_insert_with(|| json!({}));
    if let Value::Object(contents) = contents {
        contents.extend(content);
    }
}
