//! `schemacast snapshot capture|list|diff`: the feature inventory over time.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::args::Common;
use super::print::Printer;
use super::{Error, Verdict};
use crate::clock::now;
use crate::codegen::layout;
use crate::codegen::writer;
use crate::postgres::Session;
use crate::snapshot::files::Folder;
use crate::snapshot::model::Object;
use crate::snapshot::{self, Comparison, Destination, Difference, Pick, Request, Snapshot, changelog, inventory};
use crate::tasks::places::Places;
use crate::workspace::Tell as _;
use crate::workspace::database::{self, Database};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Write down what the database holds now
    ///
    /// Into catalog.snapshots where the database has that and the function catalog.capture_snapshot, else
    /// into .schemacast/PROJECT/snapshots/. FEATURE_INVENTORY.md is written from it.
    Capture(Capture),
    /// The snapshots of the database and those in files, the oldest first
    List(List),
    /// What was added, removed and changed from one snapshot to another, and for whom that is breaking
    ///
    /// Exit code 0 where no definition differs, 1 where one does, 2 where it could not be found out.
    Diff(Diff),
}

#[derive(Debug, Args)]
pub(super) struct Capture {
    pub project: String,
    /// Why it is taken, such as nightly; retention counts within a label
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// The commit that is deployed
    #[arg(long, value_name = "SHA")]
    pub commit: Option<String>,
    /// How many snapshots of the label stay; the oldest beyond are removed
    #[arg(long, value_name = "N", requires = "label", value_parser = clap::value_parser!(i32).range(1..))]
    pub keep: Option<i32>,
    /// The edge functions that are deployed, which the database cannot see; not given: those last told
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub edge_functions: Option<Vec<String>>,
    /// Where FEATURE_INVENTORY.md is written; - for stdout [default: .schemacast/PROJECT/FEATURE_INVENTORY.md]
    #[arg(long, value_name = "FILE|-")]
    pub inventory: Option<String>,
    /// Of a scratch Postgres that holds the project's bootstrap and migrations; always into a file
    #[arg(long, conflicts_with = "database_url")]
    pub scratch: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    pub project: String,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    pub project: String,
    /// An id or a label (its newest); not given: the snapshot of the same database before the other
    pub from: Option<String>,
    /// An id or a label; not given: the newest
    pub to: Option<String>,
    /// Add an entry on top of this CHANGELOG, where anything differs
    #[arg(long, value_name = "FILE")]
    pub changelog: Option<PathBuf>,
    #[command(flatten)]
    pub store: Store,
}

/// Where snapshots are looked for.
#[derive(Debug, Args)]
pub(super) struct Store {
    /// Only in files; no database is asked
    #[arg(long, conflicts_with = "database_url")]
    pub offline: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env,
    /// else none
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

pub(super) fn run(common: &Common, verb: &Verb, printer: &mut Printer) -> Result<Verdict, Error> {
    match verb {
        Verb::Capture(verb) => capture(common, verb, printer),
        Verb::List(verb) => list(common, verb, printer),
        Verb::Diff(verb) => diff(common, verb, printer),
    }
}

/// Which database is meant; the only place here that opens one.
enum Wanted<'w> {
    Scratch,
    /// The one that is named or configured.
    Named(Option<&'w str>),
    /// The same, or none where none is configured.
    Perhaps(&'w Store),
}

fn open(
    common: &Common,
    places: &Places,
    wanted: Wanted<'_>,
    printer: &mut Printer,
) -> Result<Option<Database>, Error> {
    let settings = common.workspace().settings(&places.layout)?;
    let (url, may_be_none) = match wanted {
        Wanted::Scratch => return Ok(Some(database::open_scratch(&places.layout, &settings, printer)?)),
        Wanted::Perhaps(Store { offline: true, .. }) => return Ok(None),
        Wanted::Named(url) => (url, false),
        Wanted::Perhaps(store) => (store.database_url.as_deref(), true),
    };
    match database::open_named(&common.workspace(), url, Some(&settings), printer) {
        Err(database::Error::NoUrl(_)) if may_be_none => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

fn capture(common: &Common, verb: &Capture, printer: &mut Printer) -> Result<Verdict, Error> {
    let places = common.workspace().places(&verb.project)?;
    let wanted = if verb.scratch { Wanted::Scratch } else { Wanted::Named(verb.database_url.as_deref()) };
    let Some(mut database) = open(common, &places, wanted, printer)? else {
        return Err(Error::Usage("there is no database to take a snapshot of".to_owned()));
    };
    let folder = Folder(places.snapshots());
    let settings = database.session.settings().clone();
    let place = if verb.scratch { "scratch server".to_owned() } else { settings.place() };
    let request = Request {
        label: verb.label.as_deref(),
        commit: verb.commit.as_deref(),
        keep: verb.keep,
        edge_functions: verb.edge_functions.as_deref(),
    };
    // A scratch database is gone in a moment, and its own snapshots with it.
    let to = Destination { folder: &folder, may_use_database: !verb.scratch, place: &place };
    let busy = printer.busy("taking a snapshot");
    let taken = snapshot::capture(&mut database.session, &request, &to, &mut |line| printer.note(line))
        .map_err(|error| Error::Snapshot(error.explained(&settings)))?;
    drop(busy);

    let text = inventory::inventory(&taken.snapshot, &now());
    if verb.inventory.as_deref() == Some("-") {
        printer.document(&text)?;
        return Ok(Verdict::Yes);
    }
    let path = verb.inventory.as_ref().map_or_else(|| places.feature_inventory(), PathBuf::from);
    // The snapshot stays: it need not be taken again for the want of a file.
    writer::write_file(&path, text.as_bytes())
        .map_err(|error| Error::Snapshot(format!("the snapshot {} was taken, but {error}", taken.snapshot.id)))?;

    let shown = layout::below(&common.root, &path);
    let file = folder.file(&taken.snapshot.id);
    let at =
        if taken.in_database { format!("catalog.snapshots of {place}") } else { layout::below(&common.root, &file) };
    let pick = Pick { snapshot: taken.snapshot, in_database: taken.in_database };
    let snapshot = &pick.snapshot;
    let mut lines = format!("took {} into {at}: {}", pick.name(), totals(snapshot));
    if let Some(since) = &snapshot.unchanged_since_id {
        let _ = write!(lines, "\n  no definition changed since {since}");
    }
    for removed in &taken.removed {
        let _ = write!(lines, "\n  removed {removed}");
    }
    let _ = writeln!(lines, "\n  wrote {shown}");
    let mut outcome = head(&pick);
    outcome["inventory"] = json!(shown);
    outcome["removed"] = json!(taken.removed);
    printer.result(&outcome, if common.quiet { "" } else { &lines })?;
    Ok(Verdict::Yes)
}

fn list(common: &Common, verb: &List, printer: &mut Printer) -> Result<Verdict, Error> {
    let places = common.workspace().places(&verb.project)?;
    let (all, _) = gather(common, &places, &verb.store, printer)?;
    let heads: Vec<Value> = all.iter().map(head).collect();
    printer.result(&heads, &table(&all))?;
    if all.is_empty() {
        printer.note("no snapshot was taken yet: `schemacast snapshot capture` takes one");
    }
    Ok(Verdict::Yes)
}

/// Work that only reads, again where the connection was lost.
fn read<T>(
    session: &mut Session,
    work: impl AsyncFn(&mut Client) -> Result<T, snapshot::Error>,
    printer: &mut Printer,
) -> Result<T, snapshot::Error> {
    session.read(work, snapshot::Error::is_lost, &mut |line| printer.note(line))
}

/// The snapshots of both stores, and the session with the one of them.
fn gather(
    common: &Common,
    places: &Places,
    store: &Store,
    printer: &mut Printer,
) -> Result<(Vec<Pick>, Option<Database>), Error> {
    let mut database = open(common, places, Wanted::Perhaps(store), printer)?;
    let of_files = Folder(places.snapshots()).list().map_err(|error| Error::Snapshot(error.to_string()))?;
    let of_database = match &mut database {
        None => Vec::new(),
        Some(database) => {
            let settings = database.session.settings().clone();
            let list = async |client: &mut Client| {
                if snapshot::is_there(client).await? { snapshot::list(client).await } else { Ok(Vec::new()) }
            };
            read(&mut database.session, list, printer).map_err(|error| Error::Snapshot(error.explained(&settings)))?
        }
    };
    Ok((Pick::all(of_database, of_files), database))
}

/// What a comparison is printed as with `--output json`.
#[derive(Serialize)]
struct Outcome<'o> {
    from: Value,
    to: Value,
    #[serde(flatten)]
    comparison: &'o Comparison,
}

fn diff(common: &Common, verb: &Diff, printer: &mut Printer) -> Result<Verdict, Error> {
    let places = common.workspace().places(&verb.project)?;
    let (all, mut database) = gather(common, &places, &verb.store, printer)?;
    let (from, to) = snapshot::pair(&all, verb.from.as_deref(), verb.to.as_deref())
        .map_err(|error| Error::Snapshot(error.to_string()))?;
    let mut objects = |pick: &Pick| objects(&places, pick, database.as_mut(), printer);
    let comparison = snapshot::compare(&objects(from)?, &objects(to)?);
    if let (Some(path), Some(entry)) = (&verb.changelog, changelog::entry(&comparison, from, to)) {
        let said = write_changelog(path, &entry)?;
        printer.note(&format!("{said} {}", path.display()));
    }
    let outcome = Outcome { from: head(from), to: head(to), comparison: &comparison };
    printer.result(&outcome, &text(&comparison, from, to))?;
    Ok(if comparison.is_equal() { Verdict::Yes } else { Verdict::No })
}

fn objects(
    places: &Places,
    pick: &Pick,
    database: Option<&mut Database>,
    printer: &mut Printer,
) -> Result<Vec<Object>, Error> {
    let snapshot = &pick.snapshot;
    match (pick.in_database, database) {
        (true, Some(database)) => {
            let settings = database.session.settings().clone();
            let objects = async |client: &mut Client| snapshot::objects_of_database(client, snapshot).await;
            read(&mut database.session, objects, printer).map_err(|error| Error::Snapshot(error.explained(&settings)))
        }
        _ => snapshot::objects_of_file(&Folder(places.snapshots()), snapshot)
            .map_err(|error| Error::Snapshot(error.to_string())),
    }
}

/// Adds the entry on top of the file, and says what it did.
fn write_changelog(path: &Path, entry: &str) -> Result<&'static str, Error> {
    let file = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        read => Some(read.map_err(|error| Error::Snapshot(format!("cannot read {}: {error}", path.display())))?),
    };
    match changelog::prepend(file.as_deref(), entry) {
        None => Ok("the entry is there already:"),
        Some(whole) => {
            writer::write_file(path, whole.as_bytes())?;
            Ok("wrote an entry into")
        }
    }
}

/// A snapshot for programs, without its lists.
fn head(pick: &Pick) -> Value {
    let snapshot = &pick.snapshot;
    json!({
        "id": snapshot.id,
        "store": if pick.in_database { "database" } else { "file" },
        "taken_at": snapshot.taken_at,
        "label": snapshot.label,
        "github_commit_sha": snapshot.github_commit_sha,
        "root_hash": snapshot.root_hash,
        "unchanged_since_id": snapshot.unchanged_since_id,
        "database": snapshot.database,
        "total_tables": snapshot.total_tables,
        "total_functions": snapshot.total_functions,
        "total_policies": snapshot.total_policies,
        "total_extensions": snapshot.total_extensions,
        "total_edge_functions": snapshot.total_edge_functions,
    })
}

fn totals(snapshot: &Snapshot) -> String {
    format!(
        "{} tables, {} functions, {} policies, {} extensions, {} edge functions",
        snapshot.total_tables,
        snapshot.total_functions,
        snapshot.total_policies,
        snapshot.total_extensions,
        snapshot.total_edge_functions
    )
}

/// A line for each snapshot, in columns.
fn table(all: &[Pick]) -> String {
    let mut rows = vec![["ID", "TAKEN AT", "LABEL", "COMMIT", "STORE", "DEFINITIONS"].map(str::to_owned)];
    for Pick { snapshot, in_database } in all {
        let commit = snapshot.github_commit_sha.as_deref().unwrap_or("-");
        let store = match (in_database, &snapshot.database) {
            (true, _) => "database".to_owned(),
            (false, None) => "file".to_owned(),
            (false, Some(place)) => format!("file of {place}"),
        };
        let definitions = match &snapshot.unchanged_since_id {
            Some(since) => format!("as in {since}"),
            None => totals(snapshot),
        };
        let label = snapshot.label.clone().unwrap_or_else(|| "-".to_owned());
        let commit = commit.get(..12).unwrap_or(commit).to_owned();
        rows.push([snapshot.id.clone(), snapshot.time_in_seconds(), label, commit, store, definitions]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..5).map(width).collect();
    let mut text = String::new();
    for row in rows.iter().skip(usize::from(all.is_empty())) {
        for (cell, width) in row.iter().zip(&widths) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{cell:width$}  ");
        }
        text.push_str(&row[5]);
        text.push('\n');
    }
    text
}

fn text(comparison: &Comparison, from: &Pick, to: &Pick) -> String {
    let names = format!("{} → {}", from.name(), to.name());
    if comparison.is_equal() {
        return format!("{names}: no definition differs\n");
    }
    let mut text = format!(
        "{names}: {} added, {} changed, {} removed; {} breaking, {} undecided\n",
        comparison.added, comparison.changed, comparison.removed, comparison.breaking, comparison.undecided
    );
    for change in &comparison.changes {
        let sign = match change.change {
            Difference::Added => '+',
            Difference::Removed => '-',
            Difference::Changed => '~',
        };
        let _ = writeln!(text, "{sign} {} {}", change.kind.replace('_', " "), change.identity.replace('\n', "␊"));
        for effect in &change.effects {
            let words: Vec<&str> = effect.audiences.iter().map(|audience| audience.word()).collect();
            let whom = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
            let _ = writeln!(text, "    {}{whom}: {}", effect.verdict.word(), effect.text.replace('\n', "␊"));
        }
    }
    text
}
