//! The JSON Schema of a roster file, generated from the types that read one.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::file::raw::Roster;

/// The schema (JSON Schema 2020-12) for editors and reviewers. It knows the shape of a roster; what takes several places
/// to see, such as one person listed twice, only reading finds.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<Roster>().to_value()
}
