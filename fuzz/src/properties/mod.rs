//! What holds for any bytes: each property is a function that panics where it
//! does not. The fuzz targets call them, and `tests/properties.rs` mounts this
//! folder: there proptest calls them, and the checked-in corpus is replayed.

pub mod bytes;
pub mod manifest;
pub mod names;
pub mod policies;
pub mod render;
pub mod sql_lexer;
pub mod types;
pub mod url;
