//! What the fuzz targets share: the properties, which the crate's own tests
//! mount too, and the parts of the program that they are about.
//!
//! The program's feature is not wanted here, for a fuzzer recompiles all that
//! it links; so what is in it and stands alone is mounted by path.

pub use schemacast::codegen;

#[path = "../../src/postgres"]
pub mod postgres {
    pub mod settings;
    pub mod sql_text;
    pub mod url;

    pub use settings::ConnectionSettings;
}
#[path = "../../src/semantics.rs"]
pub mod semantics;

pub mod properties;
