//! Objects as the SQL that makes, alters and drops them: a file for each
//! family. Names are always qualified, for the SQL runs with whatever
//! search_path there is.

pub mod grant;
mod statement;

pub use statement::{Alter, Statement};
