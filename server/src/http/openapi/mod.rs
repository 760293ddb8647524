//! The interface's description (OpenAPI 3.1), made from the table of routes and from the types that travel, so that
//! neither can be out of date.

mod refusals;

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use sync_core::id::Digest;
use sync_core::wire::problem::Problem;
use sync_core::wire::report::SheetFile;

use super::caller::Access;
use super::route::{Answer, Body, Route};
use super::table;
use crate::report::file;
use crate::shape::{fields, named};

/// The description.
#[must_use]
pub fn document() -> Value {
    let mut shapes = Shapes::new();
    let problem = named::<Problem>(&mut shapes.answers);
    let mut paths: Map<String, Value> = Map::new();
    for row in table::rows() {
        let path = paths.entry(row.path).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(row.method.to_lowercase(), operation(&row, &problem, &mut shapes));
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
            "schemas": shapes.definitions(),
        },
    })
}

/// The schemas of what is asked and of what is answered: a field that may be left out of a question is always there
/// in an answer.
struct Shapes {
    questions: SchemaGenerator,
    answers: SchemaGenerator,
}

impl Shapes {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12()
            .with(|it| it.definitions_path = "/components/schemas".into());
        Self {
            questions: settings.clone().for_deserialize().into_generator(),
            answers: settings.for_serialize().into_generator(),
        }
    }

    /// Every schema that has a name.
    fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.questions.take_definitions(true);
        all.append(&mut self.answers.take_definitions(true));
        for schema in all.values_mut() {
            plain(schema);
        }
        all
    }
}

/// Takes the marks out of descriptions that mean something to the documentation of Rust alone.
fn plain(schema: &mut Value) {
    let mut strip = RecursiveTransform(|schema: &mut Schema| {
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.replace("[`", "`").replace("`]", "`");
        }
    });
    if let Ok(schema) = schema.try_into() {
        strip.transform(schema);
    }
}

fn operation(row: &Route, problem: &Schema, shapes: &mut Shapes) -> Value {
    let mut responses = refusals::responses(row, problem);
    let answer = answer(row, &mut shapes.answers);
    for (status, meaning) in std::iter::once(&(row.done, "完成")).chain(row.other) {
        refusals::add(&mut responses, *status, meaning, answer.clone());
    }
    let mut operation = json!({
        "summary": row.title,
        "operationId": name(row),
        "parameters": parameters(row, &mut shapes.questions),
        "responses": responses,
    });
    let Value::Object(fields) = &mut operation else { return operation };
    if let Access::Roles(roles) = row.access {
        let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
        fields.insert("security".to_owned(), json!([{ "bearer": [] }]));
        fields.insert("description".to_owned(), json!(format!("可用岗位：{}", titles.join("、"))));
    }
    let body = match row.request {
        Body::Nothing => return operation,
        Body::Json(shape) => {
            json!({ "application/json": { "schema": shape(&mut shapes.questions) } })
        }
        Body::Bytes(media) => json!({ media: {} }),
    };
    fields.insert("requestBody".to_owned(), json!({ "required": true, "content": body }));
    operation
}

/// The contents under each media type.
fn answer(row: &Route, generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut content = Map::new();
    match row.response {
        Answer::Nothing => {}
        Answer::Json(shape) => {
            content.insert("application/json".to_owned(), json!({ "schema": shape(generator) }));
        }
        Answer::JsonOrFile(shape) => {
            let either = [shape(generator), named::<SheetFile>(generator)];
            let schema = json!({ "schema": { "anyOf": either } });
            content.insert("application/json".to_owned(), schema);
            for media in [file::CSV, file::XLSX] {
                content.insert(media.to_owned(), json!({}));
            }
        }
        Answer::Bytes(media) => {
            content.insert(media.to_owned(), json!({}));
        }
        Answer::File(media) => {
            let schema = json!({ "schema": named::<SheetFile>(generator) });
            content.insert("application/json".to_owned(), schema);
            content.extend(media.iter().map(|it| ((*it).to_owned(), json!({}))));
        }
    }
    content
}

fn name(row: &Route) -> String {
    let words = row.path.split('/').filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(|word| word.trim_matches(['{', '}'])).collect();
    format!("{}_{}", row.method.to_lowercase(), words.join("_"))
}

fn parameters(row: &Route, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters = Vec::new();
    for word in row.path.split('/') {
        let Some(name) = word.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            continue;
        };
        let schema = match name {
            "hash" | "item" => named::<Digest>(generator).to_value(),
            "id" | "device" | "person" => json!({ "type": "string", "format": "uuid" }),
            _ => json!({ "type": "string" }),
        };
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    let known = fields(row.question, generator);
    for (name, meaning) in row.query {
        let schema = known.get(*name).cloned().unwrap_or_default();
        parameters.push(json!({
            "name": name, "in": "query", "description": meaning, "schema": schema,
        }));
    }
    parameters
}

/// The names of what can be asked of a route.
#[must_use]
pub fn asked(row: &Route) -> BTreeSet<String> {
    let fields = fields(row.question, &mut Shapes::new().questions);
    fields.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_the_same_in_questions_and_in_answers() {
        let mut shapes = Shapes::new();
        for row in table::rows() {
            operation(&row, &Schema::default(), &mut shapes);
        }
        let questions = shapes.questions.take_definitions(true);
        let answers = shapes.answers.take_definitions(true);
        let both: Vec<_> = questions.keys().filter(|name| answers.contains_key(*name)).collect();
        assert!(both.len() > 3, "{both:?}");
        for name in both {
            assert_eq!(questions.get(name), answers.get(name), "{name}");
        }
    }
}
