//! models.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target};

/// The options of this target, `models:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelsOptions {}

/// The target `models`.
pub struct Models;

impl Target for Models {
    fn name(&self) -> &'static str {
        "models"
    }

    fn about(&self) -> &'static str {
        "models"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &[]
    }

    fn cast(&self, _input: &Input<'_>) -> Result<Output, CastError> {
        Ok(Output::default())
    }
}
