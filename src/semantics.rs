//! Checks of artifacts that need more than a build script has.

use crate::codegen::artifact::Artifact;

/// The faults of an artifact that the parsers in `codegen::check` let pass.
pub fn faults(_artifact: &Artifact) -> Vec<String> {
    Vec::new()
}
