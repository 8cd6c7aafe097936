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
use crate::postgres::{Session, connect};

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

/// Reads the catalog of the chain's database.
fn read_catalog(context: &Context<'_>, connection: &mut Connection) -> Result<Manifest, Failure> {
    let options = options(context.project);
    let settings = connection.settings().clone();
    let work = |session: &mut Session| {
        let place = session.place();
        session.run(async |client| catalog::introspect_beside(client, &place, &options).await)
    };
    let explained = |error: &catalog::Error| format!("{}: {}", settings.place(), settings.redact(&error.to_string()));
    read_again(context, connection, Instant::now(), work, catalog::Error::is_lost, explained)
}

/// Does work that only reads: a connection that is lost in the middle, as
/// `is_lost` says, is opened again, and it is read again, within the task's
/// time, which began at `started`.
fn read_again<T, E>(
    context: &Context<'_>,
    connection: &mut Connection,
    started: Instant,
    work: impl Fn(&mut Session) -> Result<T, E>,
    is_lost: impl Fn(&E) -> bool,
    explained: impl Fn(&E) -> String,
) -> Result<T, Failure> {
    // What the work failed with, or why it could not be done to its end.
    let read = |connection: &mut Connection| {
        let limit = limit(context.task).map(|limit| limit.saturating_sub(started.elapsed()));
        match connection.with_limit(limit, context.interrupt, &work).map_err(|error| Err(error.into()))? {
            (Ok(read), _) => Ok(read),
            (Err(_), Some(stopped)) => Err(Err(Failure::Stopped(stopped))),
            (Err(error), None) => Err(Ok(error)),
        }
    };
    let reopen = |connection: &mut Connection, _| {
        (context.log)("the connection was lost: reading again");
        connection.reopen().map_err(|error| Err(error.into()))
    };
    let is_lost = |error: &Result<E, Failure>| error.as_ref().is_ok_and(&is_lost);
    connect::read_again(connection, read, is_lost, reopen).map_err(|error| match error {
        Ok(error) => Failure::new(explained(&error)),
        Err(failure) => failure,
    })
}
