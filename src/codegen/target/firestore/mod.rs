//! FIRESTORE_SCHEMA.json.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target};

/// The options of this target, `firestore:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FirestoreOptions {}

/// The target `firestore`.
pub struct Firestore;

impl Target for Firestore {
    fn name(&self) -> &'static str {
        "firestore"
    }

    fn about(&self) -> &'static str {
        "FIRESTORE_SCHEMA.json"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &[]
    }

    fn cast(&self, _input: &Input<'_>) -> Result<Output, CastError> {
        Ok(Output::default())
    }
}
