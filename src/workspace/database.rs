//! Which database is meant, and a session with it.

use std::env;
use std::path::{Path, PathBuf};

use tokio_postgres::Client;

use super::wanted::Target;
use super::{Tell, Workspace};
use crate::codegen::layout::Layout;
use crate::codegen::project::Project;
use crate::postgres::bootstrap::{self, BootstrapError};
use crate::postgres::introspect;
use crate::postgres::rehearsal::RehearsalError;
use crate::postgres::scratch;
use crate::postgres::{ConnectError, ConnectionSettings, ScratchError, ScratchServer, Session, UrlError};
use crate::tasks::action;
use crate::tasks::database::Connection;
use crate::tasks::redact::Redaction;

/// Why there is no session, or why what was asked of it failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "no database: set {} (in the environment or in .env), pass --database-url URL, \
         or use --scratch for a Postgres that schemacast starts itself",
        .0.join(" or ")
    )]
    NoUrl(Vec<String>),
    #[error("cannot read {}: {message}", .path.display())]
    DotEnv { path: PathBuf, message: String },
    #[error("{place}: {error}")]
    Url { place: String, error: UrlError },
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    #[error("{file} cannot be canonicalized: {error}")]
    Canonicalize { file: String, error: Box<RehearsalError> },
    #[error("{place}: {message}")]
    Introspect { place: String, message: String },
}

/// Which live database is meant, where it is not that of tasks.
#[derive(Debug, Clone, Copy)]
pub enum Live<'l> {
    /// A scratch server, filled with what the project declares.
    Scratch,
    /// The URL, else the configured one.
    Named(Option<&'l str>),
}

/// A session, and the scratch server that it needs to live.
pub struct Database {
    // Dropped first: the server is stopped when nobody uses it any more.
    pub session: Session,
    _scratch: Option<ScratchServer>,
}

/// A scratch server, filled with what the project declares.
pub fn open_scratch(layout: &Layout, project: &Project, tell: &mut dyn Tell) -> Result<Database, Error> {
    // What is missing is said before anything is fetched or started.
    let files = bootstrap::files(layout, project)?;
    let (session, server) = fill_scratch(&files, tell)?;
    Ok(Database { session, _scratch: Some(server) })
}

/// The database of a chain: a scratch server where `scratch` says so or no URL
/// is configured, else the one that is named. The migrations of a chain are its
/// tasks, so the scratch server holds the bootstrap alone.
pub fn open_for_tasks(
    workspace: &Workspace,
    target: Target<'_>,
    layout: &Layout,
    project: &Project,
    tell: &mut dyn Tell,
) -> Result<Connection, Error> {
    let named = match (target.scratch, target.url) {
        (true, _) => None,
        (false, Some(url)) => Some(("--database-url".to_owned(), url.to_owned())),
        (false, None) => match named_url(&workspace.root, Some(project)) {
            Ok(named) => Some((named.variable, named.url)),
            Err(Error::NoUrl(names)) => {
                tell.note(&format!("{} is not set: running on a scratch Postgres", names.join(" or ")));
                None
            }
            Err(error) => return Err(error),
        },
    };
    match named {
        Some((place, url)) => {
            let session = connect(&place, &url, tell)?;
            Ok(Connection::to_database(session, url))
        }
        None => {
            let (session, server) = fill_scratch(&bootstrap::base_files(layout)?, tell)?;
            Ok(Connection::to_scratch(session, server))
        }
    }
}

/// Whether [`open_for_tasks`] would start a scratch server.
pub fn is_scratch(workspace: &Workspace, target: Target<'_>, project: &Project) -> Result<bool, Error> {
    match (target.scratch, target.url) {
        (true, _) => Ok(true),
        (false, Some(_)) => Ok(false),
        (false, None) => match named_url(&workspace.root, Some(project)) {
            Ok(_) => Ok(false),
            Err(Error::NoUrl(_)) => Ok(true),
            Err(error) => Err(error),
        },
    }
}

/// Whether a database is configured for a project.
///
/// # Errors
/// None is: the names of the variables that could say it.
pub fn is_configured(workspace: &Workspace, project: &Project) -> Result<(), Error> {
    named_url(&workspace.root, Some(project)).map(|_| ())
}

fn fill_scratch(files: &[PathBuf], tell: &mut dyn Tell) -> Result<(Session, ScratchServer), Error> {
    let server = ScratchServer::start(&scratch_options(tell))?;
    let settings = server.create_database("schemacast")?;
    let mut session = Session::connect(&settings)?;
    bootstrap::apply(&mut session, files)?;
    tell.note(&format!("scratch Postgres {}: applied {} files", server.binaries().version, files.len()));
    Ok((session, server))
}

/// How a scratch server is started: it tells what takes long.
pub fn scratch_options(tell: &dyn Tell) -> scratch::Options {
    scratch::Options { tell: tell.rarely(), ..scratch::Options::default() }
}

/// The database that `--database-url`, the environment or `.env` names.
pub fn open_named(
    workspace: &Workspace,
    database_url: Option<&str>,
    project: Option<&Project>,
    tell: &mut dyn Tell,
) -> Result<Database, Error> {
    let (place, url) = match database_url {
        Some(url) => ("--database-url".to_owned(), url.to_owned()),
        None => {
            let named = named_url(&workspace.root, project)?;
            (named.variable, named.url)
        }
    };
    Ok(Database { session: connect(&place, &url, tell)?, _scratch: None })
}

/// Connects to a URL, which stands at a place.
fn connect(place: &str, url: &str, tell: &mut dyn Tell) -> Result<Session, Error> {
    let settings = ConnectionSettings::parse(url).map_err(|error| Error::Url { place: place.to_owned(), error })?;
    for warning in &settings.warnings {
        tell.warning(&warning.to_string());
    }
    for hint in settings.hints() {
        tell.warning(&hint);
    }
    Ok(Session::connect_telling(&settings, &mut |line| tell.note(line))?)
}

/// A URL that the environment or `.env` holds.
pub struct Named {
    pub variable: String,
    pub url: String,
    /// The file, where it is not the environment that holds it.
    pub file: Option<PathBuf>,
    /// A variable of the project's own that holds another URL, which is
    /// passed over.
    pub passed_over: Option<String>,
}

/// The URL in `DATABASE_URL` or the project's own variable, the environment
/// before `.env`.
///
/// # Errors
/// There is none ([`Error::NoUrl`]), or `.env` cannot be read.
pub fn named_url(root: &Path, project: Option<&Project>) -> Result<Named, Error> {
    let mut names = vec!["DATABASE_URL".to_owned()];
    if let Some(own) = project.and_then(|project| project.database_url_env.clone())
        && !names.contains(&own)
    {
        names.push(own);
    }
    let file = root.join(".env");
    let from_file = dot_env(&file)?;
    let found = |name: &String| {
        let is_set = |value: &String| !value.trim().is_empty();
        let from_environment = env::var(name).ok();
        let file = from_environment.is_none().then(|| file.clone());
        let value = from_environment
            .or_else(|| from_file.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
        value.filter(is_set).map(|url| Named { variable: name.clone(), url, file, passed_over: None })
    };
    let mut all = names.iter().filter_map(found);
    let Some(mut named) = all.next() else { return Err(Error::NoUrl(names)) };
    named.passed_over = all.find(|other| other.url != named.url).map(|other| other.variable);
    Ok(named)
}

/// The secrets that are known here: those of the environment and of `.env`.
///
/// # Errors
/// `.env` is there and cannot be read.
pub fn redaction(workspace: &Workspace) -> Result<Redaction, Error> {
    let mut redaction = Redaction::of_environment();
    for (name, value) in dot_env(&workspace.root.join(".env"))? {
        redaction.variable(&name, value);
    }
    Ok(redaction)
}

fn dot_env(path: &Path) -> Result<Vec<(String, String)>, Error> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    // The parser's message may quote the line, and so a password: left out.
    let failed = |message: &str| Error::DotEnv { path: path.to_owned(), message: message.to_owned() };
    let entries = dotenvy::from_path_iter(path).map_err(|_| failed("it is not readable"))?;
    entries.map(|entry| entry.map_err(|_| failed("a line is not KEY=VALUE"))).collect()
}

/// What of a database a project's settings say to read.
pub fn options(settings: Option<&Project>) -> introspect::Options {
    settings.map(action::options).unwrap_or_default()
}

/// Reads the catalog of a session's database.
pub fn introspect(
    database: &mut Database,
    options: &introspect::Options,
    tell: &mut dyn Tell,
) -> Result<crate::codegen::manifest::Manifest, Error> {
    let settings = database.session.settings().clone();
    let place = database.session.place();
    let _busy = tell.busy("reading the catalog");
    let work = async |client: &mut Client| introspect::introspect_beside(client, &place, options).await;
    database
        .session
        .read(work, introspect::Error::is_lost, &mut |line| tell.note(line))
        .map_err(|error| Error::Introspect { place: settings.place(), message: settings.redact(&error.to_string()) })
}
