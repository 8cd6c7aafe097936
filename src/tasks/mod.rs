//! The task runner: what a project's chain is, and running it.
//!
//! `registry` reads `task_registry.json` or says all that is wrong with it,
//! `graph` puts its tasks in order and picks those that are asked for,
//! `places` says which files they mean. `chain` runs them: it hands each task
//! to `execute`, which asks the database, applies a migration, starts a command
//! or does one of the program's own `action`s, and then checks the result.
//! `ledger` applies migrations and keeps the record of them in the database.
//! `record` keeps what became of each run, so that another process, a later
//! one, or one after a crash can tell.
//!
//! Architecture Invariant: nothing in here prints. A chain tells a listener
//! what happens; everything that is told or recorded went through `redact`.

pub mod action;
pub mod chain;
pub mod database;
mod execute;
pub mod graph;
pub mod interrupt;
pub mod ledger;
pub mod places;
pub mod record;
pub mod redact;
pub mod registry;

pub use chain::{Event, Request, run};
pub use interrupt::Interrupt;
pub use places::Places;
pub use record::{Run, State, TaskRun};
pub use registry::{Registry, Task};
