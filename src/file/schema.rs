//! The JSON Schema of a roster file, generated from the types that read one.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use serde_json::Value;

use crate::file::raw::Roster;

/// The schema (JSON Schema 2020-12) for editors and reviewers. It knows the shape of a roster; what takes several places
/// to see, such as one person listed twice, only reading finds.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize().with_transform(for_people);
    settings.into_generator().into_root_schema_for::<Roster>().to_value()
}

/// Joins the lines that a comment was broken into, and leaves out what only says how a number is kept here.
fn for_people(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    if schema.get("format").is_some_and(|format| format == "int64") {
        schema.remove("format");
    }
    transform_subschemas(&mut for_people, schema);
}
