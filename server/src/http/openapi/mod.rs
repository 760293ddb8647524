//! The interface's description (OpenAPI 3.1), made from the table of routes and from samples that
//! are values of the real types, so that neither can be out of date.

pub(crate) mod office;
pub(crate) mod sample;

use serde_json::{Map, Value, json};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::{codec, problem};

use super::caller::Access;
use super::table::{self, Route};

/// The description.
#[must_use]
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for row in table::rows() {
        let path = paths.entry(row.path).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(row.method.to_lowercase(), operation(&row));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "直查 Zhicha",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "现场检查、整改、销号。所有拒绝都以 application/problem+json 返回，含稳定代码、一句中文说明和一个建议操作。",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
            "schemas": { "Problem": schema(&refused()) },
        },
    })
}

fn refused() -> Value {
    let refusal = Refusal::new(Code::FieldMissing).field("reason");
    serde_json::to_value(problem::Problem::new(refusal, 422)).unwrap_or_default()
}

fn operation(row: &Route) -> Value {
    let mut operation = json!({
        "summary": row.title,
        "operationId": name(row),
        "parameters": parameters(row),
        "responses": {
            row.done.to_string(): answer(row),
            "default": {
                "description": "拒绝",
                "content": { problem::CONTENT_TYPE: {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "example": refused(),
                }},
            },
        },
    });
    let Value::Object(fields) = &mut operation else { return operation };
    if let Access::Roles(roles) = row.access {
        let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
        fields.insert("security".to_owned(), json!([{ "bearer": [] }]));
        fields.insert("description".to_owned(), json!(format!("可用岗位：{}", titles.join("、"))));
    }
    if let Some(request) = row.request {
        let sample = request();
        fields.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": { "application/json": {
                "schema": schema(&sample), "example": sample,
            }}}),
        );
    } else if row.body_limit > 0 {
        let kind =
            if row.method == "PUT" { "application/octet-stream" } else { codec::CONTENT_TYPE };
        fields.insert("requestBody".to_owned(), json!({ "content": { kind: {} } }));
    }
    operation
}

fn answer(row: &Route) -> Value {
    let Some(response) = row.response else { return json!({ "description": "完成" }) };
    let sample = response();
    json!({ "description": "完成", "content": { "application/json": {
        "schema": schema(&sample), "example": sample,
    }}})
}

fn name(row: &Route) -> String {
    let words = row.path.split('/').filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(|word| word.trim_matches(['{', '}'])).collect();
    format!("{}_{}", row.method.to_lowercase(), words.join("_"))
}

fn parameters(row: &Route) -> Value {
    let text = json!({ "type": "string" });
    let names = row.path.split('/').filter_map(|word| {
        let name = word.strip_prefix('{')?.strip_suffix('}')?;
        Some(json!({ "name": name, "in": "path", "required": true, "schema": text }))
    });
    let asked = row.query.iter().map(
        |(name, what)| json!({ "name": name, "in": "query", "description": what, "schema": text }),
    );
    names.chain(asked).collect()
}

/// The schema that a sample value has.
fn schema(sample: &Value) -> Value {
    match sample {
        Value::Null => json!({}),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) if number.is_f64() => json!({ "type": "number" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => {
            json!({ "type": "array", "items": items.first().map_or(json!({}), schema) })
        }
        Value::Object(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), schema(value))).collect();
            json!({ "type": "object", "properties": properties })
        }
    }
}
