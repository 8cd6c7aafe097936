//! What a tool gives back.

use serde::Serialize;
use serde_json::Value;

use crate::tasks::record;
use crate::workspace::{self, database};

/// What a tool found: for programs, and in short for people.
#[derive(Debug)]
pub struct Answer {
    pub value: Value,
    pub text: String,
    /// Whether what was asked for did not succeed, such as a failed chain.
    pub failed: bool,
}

impl Answer {
    /// # Errors
    /// The value is nothing that JSON can hold.
    pub fn new<T: Serialize>(value: &T, text: impl Into<String>) -> Result<Answer, Failure> {
        let value = serde_json::to_value(value).map_err(|error| Failure::Failed(error.to_string()))?;
        Ok(Answer { value, text: text.into(), failed: false })
    }

    /// The same, as of what did not succeed.
    pub fn failed(self, failed: bool) -> Answer {
        Answer { failed, ..self }
    }
}

/// Why a tool gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was asked for cannot be a call of this tool. It becomes an error of
    /// the protocol.
    #[error("{0}")]
    Arguments(String),
    /// It could not be done; the agent is told, and may mend it.
    #[error("{0}")]
    Failed(String),
}

/// How an agent allows what it was refused.
const HOW_TO_ALLOW: &str =
    "this server is read-only; whoever configured it can start it with `schemacast mcp --allow-write`";

impl Failure {
    /// The answer to what writes, where that is not allowed. `instead` is what
    /// can be done without.
    pub fn read_only(what: &str, instead: &str) -> Failure {
        Failure::Failed(format!("{what}, and {HOW_TO_ALLOW}. {instead}"))
    }
}

impl From<workspace::Error> for Failure {
    fn from(error: workspace::Error) -> Self {
        match error {
            workspace::Error::Database(error) => error.into(),
            error => Failure::Failed(error.to_string()),
        }
    }
}

impl From<database::Error> for Failure {
    fn from(error: database::Error) -> Self {
        match error {
            // The command line's way out is not an agent's.
            database::Error::NoUrl(names) => Failure::Failed(format!(
                "no database is configured: {} is not set in the server's environment or in .env. Pass \
                 `database: \"scratch\"` for a Postgres that schemacast starts itself",
                names.join(" or ")
            )),
            error => Failure::Failed(error.to_string()),
        }
    }
}

impl From<record::Error> for Failure {
    fn from(error: record::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}
