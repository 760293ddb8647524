//! Bodies as the description of the interface has them.

use serde_json::{Value, json};
use sync_core::id::Digest;

/// An id of anything.
const SOME_ID: &str = "00000000-0000-0000-0000-000000000001";

/// A value that a schema allows, with every field that it names.
pub(crate) fn fitting(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema.get("$ref") {
        let of = document.pointer(name.as_str().unwrap().trim_start_matches('#'));
        return fitting(document, of.unwrap());
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    if let Some(first) = schema.get("anyOf").or(schema.get("oneOf")).or(schema.get("enum")) {
        return if first[0].is_object() { fitting(document, &first[0]) } else { first[0].clone() };
    }
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let word = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => SOME_ID.to_owned(),
        _ if pattern.is_some_and(|it| it.contains("sha256")) => Digest::of(b"").to_string(),
        _ => "word".to_owned(),
    };
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind.unwrap_or_else(|| panic!("{schema}")) {
        "object" => {
            let fields = schema["properties"].as_object().unwrap();
            fields.iter().map(|(name, of)| (name.clone(), fitting(document, of))).collect()
        }
        "boolean" => json!(true),
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "string" => {
            let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or_default();
            json!(format!("{word:.<least$}", least = usize::try_from(least).unwrap()))
        }
        other => panic!("{other}"),
    }
}
