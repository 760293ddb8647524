//! Schemas of the types that travel, as the description of the interface takes them.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema of a type.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// The schema of a type by its name, so that it is described once.
pub(crate) fn named<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The schema of a type where it stands.
pub(crate) fn inline<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// The fields of some objects, each as it stands in an address: there, or left out, but never null.
pub(crate) fn fields(shapes: &[Shape], generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut all = Map::new();
    for shape in shapes {
        if let Some(Value::Object(fields)) = shape(generator).remove("properties") {
            all.extend(fields.into_iter().map(|(name, schema)| (name, given(schema))));
        }
    }
    all
}

fn given(schema: Value) -> Value {
    let Value::Object(mut fields) = schema else { return schema };
    // What it means is said in Chinese beside it.
    fields.remove("description");
    fields.remove("default");
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|it| it != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            fields.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(either)) = fields.get("anyOf")
        && let Some(some) = either.iter().find(|it| it.get("type") != Some(&json!("null")))
    {
        return some.clone();
    }
    fields.into()
}
