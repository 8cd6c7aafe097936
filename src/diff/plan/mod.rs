//! The SQL that turns what is there into what is expected: which statements,
//! in which order, and what no statement can do.

use super::ddl::Statement;
use crate::codegen::manifest::ObjectId;

/// What is to be done, in order, and what cannot be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub steps: Vec<Step>,
    pub impossible: Vec<Impossible>,
}

/// One statement, and the object that it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub object: ObjectId,
    pub statement: Statement,
}

/// A difference that no statement of ours mends.
#[derive(Debug, Clone, PartialEq)]
pub struct Impossible {
    pub object: ObjectId,
    /// `None` where it is about the whole object.
    pub attribute: Option<String>,
    /// Why, and what a person can do.
    pub reason: String,
}

/// What the SQL may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Statements that lose data are run rather than commented out.
    pub allow_destructive: bool,
    /// Indexes are built and dropped CONCURRENTLY.
    pub concurrently: bool,
    /// The server's `server_version_num`; `None` where it is not known.
    pub server_version: Option<u32>,
}
