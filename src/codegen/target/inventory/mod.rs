//! SCHEMA_INVENTORY.md.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target};

/// The options of this target, `inventory:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InventoryOptions {}

/// The target `inventory`.
pub struct Inventory;

impl Target for Inventory {
    fn name(&self) -> &'static str {
        "inventory"
    }

    fn about(&self) -> &'static str {
        "SCHEMA_INVENTORY.md"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &[]
    }

    fn cast(&self, _input: &Input<'_>) -> Result<Output, CastError> {
        Ok(Output::default())
    }
}
