//! The published JSON Schema of a questionnaire's file, generated from the types that read it.

use schemars::{
    Schema,
    generate::SchemaSettings,
    transform::{Transform, transform_subschemas},
};
use serde_json::Value;

use crate::questionnaire::definition::Definition;

/// The schema as JSON, for people to read too.
pub(super) fn text() -> String {
    let settings = SchemaSettings::draft2020_12().with_transform(WithoutNull);
    let mut schema = settings.into_generator().into_root_schema_for::<Definition>();
    schema.insert("$id".into(), "urn:anxin:questionnaire:1".into());
    schema.insert("title".into(), "Anxin questionnaire".into());
    format!("{:#}\n", schema.as_value())
}

/// A field that may be left out is left out, not null: the reader takes no null anywhere.
#[derive(Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|it| it != "null");
            if let [only] = &types[..] {
                let only = only.clone();
                schema.insert("type".into(), only);
            }
        }
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|it| it.get("type").is_none_or(|kind| kind != "null"));
            if let [Value::Object(only)] = &choices[..] {
                let only = only.clone();
                schema.remove("anyOf");
                schema.ensure_object().extend(only);
            }
        }
        if schema.get("default") == Some(&Value::Null) {
            schema.remove("default");
        }
        transform_subschemas(self, schema);
    }
}
