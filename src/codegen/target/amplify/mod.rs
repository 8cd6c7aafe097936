//! AMPLIFY_TYPES.graphql.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target};

/// The options of this target, `amplify:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplifyOptions {}

/// The target `amplify`.
pub struct Amplify;

impl Target for Amplify {
    fn name(&self) -> &'static str {
        "amplify"
    }

    fn about(&self) -> &'static str {
        "AMPLIFY_TYPES.graphql"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &[]
    }

    fn cast(&self, _input: &Input<'_>) -> Result<Output, CastError> {
        Ok(Output::default())
    }
}
