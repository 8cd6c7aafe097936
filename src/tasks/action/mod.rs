//! What a script of the registry can have the program do itself.
//!
//! Each action has a file, takes data and gives data, and prints nothing: the
//! command line and a chain call the same code.

pub mod drift;
mod generate;
pub mod introspect;
mod snapshot;
mod verify;

use std::time::Instant;

use super::database::Connection;
use super::execute::{Context, Done, Failure, limit, with_database};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::postgres::introspect::{self as catalog, Options};

/// Does an action by its name.
pub fn act(context: &Context<'_>, action: &str, connection: Option<&mut Connection>) -> Result<Done, Failure> {
    match action.split_once(':').unwrap_or((action, "")) {
        ("introspect", _) => introspect::act(context, with_database(connection)?),
        ("drift", _) => drift::act(context, with_database(connection)?),
        ("generate", target) => generate::act(context, target),
        ("snapshot", label) => snapshot::act(context, label, with_database(connection)?),
        ("verify", _) => verify::act(context, with_database(connection)?),
        _ => Err(Failure::new(format!("there is no action `{action}`"))),
    }
}

/// What of a database a project's settings say to read.
pub fn options(project: &Project) -> Options {
    Options {
        profile: project.profile,
        include: project.include.clone(),
        exclude: project.exclude.clone(),
        ..Options::default()
    }
}

/// How often the catalog is read where the connection is lost meanwhile.
const TRIES: u32 = 3;

/// Reads the catalog of the chain's database. It only reads, so a connection
/// that is lost in the middle is opened again, within the task's time.
fn read_catalog(context: &Context<'_>, connection: &mut Connection) -> Result<Manifest, Failure> {
    let options = options(context.project);
    let settings = connection.settings().clone();
    let work = |session: &mut crate::postgres::Session| {
        let place = session.place();
        session.run(async |client| catalog::introspect_beside(client, &place, &options).await)
    };
    let started = Instant::now();
    let mut tries = 1;
    loop {
        let limit = limit(context.task).map(|limit| limit.saturating_sub(started.elapsed()));
        match connection.with_limit(limit, context.interrupt, work)? {
            (Ok(manifest), _) => return Ok(manifest),
            (Err(_), Some(stopped)) => return Err(Failure::Stopped(stopped)),
            (Err(error), None) if tries < TRIES && error.is_lost() => {
                (context.log)("the connection was lost: reading again");
                connection.reopen()?;
                tries += 1;
            }
            (Err(error), None) => {
                return Err(Failure::new(format!("{}: {}", settings.place(), settings.redact(&error.to_string()))));
            }
        }
    }
}
