//! What the command line takes.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::workspace::Workspace;

/// One Postgres schema, cast into everything that mirrors it.
#[derive(Debug, Parser)]
#[command(name = "schemacast", version, about, max_term_width = 100, arg_required_else_help = true)]
pub struct Args {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Common {
    /// The folder that holds manifests/ and generated/
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// How to print what was found
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Text)]
    pub output: OutputFormat,
    /// Print nothing but errors and what was asked for
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Override an option of project.yaml, such as amplify.strategy=postgres
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

impl Common {
    pub fn workspace(&self) -> Workspace {
        Workspace { root: self.root.clone(), set: self.set.clone(), jobs: None }
    }

    /// The same, for a verb that reads a catalog.
    pub fn workspace_reading(&self, reading: &Reading) -> Workspace {
        Workspace { jobs: reading.jobs, ..self.workspace() }
    }
}

/// How a catalog is read.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct Reading {
    /// How many connections read the catalog at most; without it, one for a small catalog and up to four
    /// for a big one. Through a pooler, and where connections are short, it is one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=16))]
    pub jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Text,
    /// One JSON document on stdout, or of a chain a line of JSON for each event; all else on stderr
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Read a live database into the manifest
    Introspect(Introspect),
    /// Cast the manifest into the generated files
    Generate(Generate),
    /// Parse and semantically check the generated files on disk
    ///
    /// With --types the Rust models are proved against a live database, without touching a row. Exit code 0
    /// where all is right, 1 where something is not, 2 where it could not be found out.
    Validate(Validate),
    /// Compare the manifest with the live database
    ///
    /// Exit code 0 where they are the same, 1 where they differ, 2 where it could not be found out.
    /// What does not count is said in project.yaml (`drift: {ignore: […]}`) and listed in every report.
    Drift(Drift),
    /// Compare any two schemas: what turns A into B
    ///
    /// Exit code 0 where they are the same, 1 where they differ, 2 where it could not be found out.
    Diff(Diff),
    /// Run one task of a project
    ///
    /// Without a configured database it runs on a scratch Postgres, where the tasks that it depends on and
    /// that change the database are run first.
    Run(RunTask),
    /// Run a project's tasks in the order of their dependencies
    ///
    /// Exit code 0 where all succeeded, 1 where one failed, 2 where it could not begin, 130 where it was
    /// interrupted. Without a configured database the whole chain runs on one scratch Postgres.
    RunChain(RunChain),
    /// How the last run of a project or a task ended, or stands
    Status(Status),
    /// What tasks said
    Logs(Logs),
    /// A line for each task of the last run, also while another process runs it
    Progress(Progress),
    /// The tasks and what they depend on, as a graph
    Graph(Graph),
    /// Write down what the database holds, and compare what was written down
    Snapshot {
        #[command(subcommand)]
        verb: super::snapshot::Verb,
    },
    /// The checklist before anything is run: what would stand in the way, and the fix
    ///
    /// It changes nothing. Exit code 0 where nothing is bad (warnings are no reason, but with --strict), 1 where
    /// something is, 2 where nothing could be looked at.
    Doctor(Doctor),
    /// Make manifests/PROJECT, from a database or from nothing
    ///
    /// No file that is there is written over. It prints what to run next.
    Init(Init),
    /// Serve the tasks to an MCP client, over stdin and stdout
    ///
    /// Read-only: nothing below the root and no database is changed, unless --allow-write is given.
    Mcp(Mcp),
    /// Print the JSON Schema of a file format
    Schema(Schema),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Introspect {
    /// The project; not needed with --database-url and --out
    pub project: Option<String>,
    /// The file to write instead of the project's manifest; - for stdout
    #[arg(long, value_name = "FILE|-")]
    pub out: Option<String>,
    /// Fill a scratch Postgres with the project's bootstrap and migrations, and read that
    #[arg(long, conflicts_with = "database_url")]
    pub scratch: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Exit 1 where the manifest is not what the database holds, and write nothing
    #[arg(long, conflicts_with = "out")]
    pub check: bool,
    /// Exit 1 where the database holds what a manifest cannot, name it, and write nothing
    #[arg(long)]
    pub strict_coverage: bool,
    /// Then generate the project's files from it, as `generate` does
    #[arg(long, requires = "project", conflicts_with_all = ["out", "check"])]
    pub generate: bool,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, Default, ClapArgs)]
pub(super) struct Generate {
    /// The projects; none: all of them
    pub projects: Vec<String>,
    /// The targets; none: those of project.yaml, else all (firestore, amplify, models, inventory)
    #[arg(long = "target", value_name = "NAME,…", value_delimiter = ',')]
    pub targets: Vec<String>,
    /// Write nothing; exit 1 and name the files that are stale
    #[arg(long)]
    pub check: bool,
    /// A manifest file outside a project's folder
    #[arg(long, value_name = "FILE", conflicts_with = "projects")]
    pub manifest: Option<PathBuf>,
    /// The folder to generate into, instead of generated/PROJECT
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Make findings errors, but those that project.yaml accepts: codes, what codes begin with, new (since what is checked in), or all
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Exit 1 and write nothing where fewer objects than this percentage have a comment
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
    pub min_coverage: Option<u8>,
    /// Print each finding with the way out, not a line for each code
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Validate {
    /// The projects; none: all of them
    pub projects: Vec<String>,
    /// A folder of generated files outside generated/
    #[arg(long, value_name = "DIR", conflicts_with = "projects")]
    pub out: Option<PathBuf>,
    /// A manifest file to check as well
    #[arg(long, value_name = "FILE", conflicts_with = "projects")]
    pub manifest: Option<PathBuf>,
    /// Prove the Rust models against a live database too: every column, label and statement
    #[arg(long)]
    pub types: bool,
    /// With --types: a scratch Postgres that holds the project's bootstrap and migrations
    #[arg(long, requires = "types", conflicts_with = "database_url")]
    pub scratch: bool,
    /// With --types: the database; else DATABASE_URL, else the project's own variable, from the environment or .env
    #[arg(long, value_name = "URL", requires = "types")]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Drift {
    /// The project; not needed with --manifest
    pub project: Option<String>,
    /// Compare with a scratch Postgres that holds the project's bootstrap and migrations
    #[arg(long, conflicts_with = "database_url")]
    pub scratch: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// The manifest to compare with, instead of the project's
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    #[command(flatten)]
    pub reporting: Reporting,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Diff {
    /// What there is: a manifest file, a database URL, a project, live:PROJECT, scratch:PROJECT, or empty
    pub a: String,
    /// What it is to become, named in the same ways
    pub b: String,
    #[command(flatten)]
    pub reporting: Reporting,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Reporting {
    #[command(flatten)]
    pub reading: Reading,
    /// How to report
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Where to write the report; - for stdout
    #[arg(long, value_name = "FILE|-", default_value = "-")]
    pub out: String,
    /// Write the report in Markdown as well, whatever --format says
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write the SQL that mends the differences; exit 2 where it cannot mend all of them
    #[arg(long, value_name = "FILE")]
    pub sql: Option<PathBuf>,
    /// Let the SQL delete data rather than comment those statements out
    #[arg(long)]
    pub allow_destructive: bool,
    /// Let the SQL build indexes CONCURRENTLY, and add constraints NOT VALID and validate them afterwards
    #[arg(long)]
    pub concurrently: bool,
    /// Try the SQL on a copy without rows, in a scratch Postgres; exit 2 where it does not converge
    #[arg(long)]
    pub verify: bool,
    /// Build a manifest file in a scratch Postgres first, and compare what that makes of it: for one
    /// that was edited by hand
    #[arg(long)]
    pub canonicalize: bool,
    /// Count what is not compared or not visible as a difference (--deny DRF006,DRF007)
    #[arg(long)]
    pub strict_coverage: bool,
    /// Count notes as differences: DRF006 not visible, DRF007 not compared, DRF008 unused and DRF009
    /// expired ignore rules, or all
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Leave the date out, so that the same differences give the same bytes
    #[arg(long)]
    pub stable: bool,
    /// How many differences are still a yes
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threshold: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Lines for a terminal
    Text,
    /// SCHEMA_DRIFT_REPORT.md
    Markdown,
    /// As --output json; `schemacast schema drift` is its JSON Schema
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations; with GITHUB_STEP_SUMMARY and GITHUB_OUTPUT, a summary and outputs as well
    Github,
    /// JUnit XML, for the test reports of CI servers
    Junit,
}

#[derive(Debug, ClapArgs)]
pub(super) struct RunTask {
    #[arg(value_name = "PROJECT:TASK")]
    pub task: String,
    /// Print what the task says while it runs
    #[arg(long, short)]
    pub verbose: bool,
    /// Print what would run, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub target: Target,
}

#[derive(Debug, ClapArgs)]
pub(super) struct RunChain {
    pub project: String,
    /// The tasks, with what they depend on; +t: the same; t+: with what depends on it; none: all
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub tasks: Vec<String>,
    /// Leave out what the named tasks depend on
    #[arg(long, requires = "tasks")]
    pub no_deps: bool,
    /// Begin with this task, and leave out those before it
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
    /// Tasks to leave out; t+: with what depends on it
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub exclude: Vec<String>,
    /// Cancel the rest at the first failure, instead of what depends on it alone
    #[arg(long)]
    pub stop_on_error: bool,
    /// Go on with the last run: what succeeded there is not done again
    #[arg(long, conflicts_with_all = ["tasks", "from", "exclude"])]
    pub resume: bool,
    /// Resume although the registry has changed
    #[arg(long, requires = "resume")]
    pub force: bool,
    /// Print the plan with the state of each task's files, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How many tasks may run side by side; of those that use the database, one
    #[arg(long, short, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: u16,
    /// Print what the tasks say while they run
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub target: Target,
}

/// Which database tasks run on.
#[derive(Debug, ClapArgs)]
pub(super) struct Target {
    /// Run on a scratch Postgres that holds the project's bootstrap, whatever is configured
    #[arg(long, conflicts_with = "database_url")]
    pub scratch: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env, else scratch
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Status {
    #[arg(value_name = "PROJECT[:TASK]")]
    pub name: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Logs {
    #[arg(value_name = "PROJECT[:TASK]")]
    pub name: String,
    /// The run, instead of the last
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Only of tasks that failed
    #[arg(long)]
    pub failed: bool,
    /// Go on until the run ends
    #[arg(long, short)]
    pub follow: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Progress {
    pub project: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Graph {
    pub project: String,
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// For Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    Json,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Doctor {
    /// The project; none: all of them
    pub project: Option<String>,
    /// Look at a scratch Postgres that holds the project's bootstrap, whatever is configured
    #[arg(long, conflicts_with = "database_url")]
    pub scratch: bool,
    /// The database; else DATABASE_URL, else the project's own variable, from the environment or .env
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Exit 1 for warnings as well
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Init {
    /// Its name, and its folder's in manifests/
    pub project: String,
    /// What it begins with; without it a database where one is configured, else nothing
    #[arg(long, value_enum)]
    pub from: Option<Start>,
    /// The database; else DATABASE_URL, from the environment or .env
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Write what is missing where the project is there already
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Start {
    /// A sample migration
    Nothing,
    /// The manifest of what it holds
    Database,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Mcp {
    /// Let the client run tasks, write manifests and generate files
    #[arg(long)]
    pub allow_write: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Schema {
    #[arg(value_enum)]
    pub format: SchemaFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaFormat {
    /// NEON_SCHEMA_MANIFEST.yaml
    Manifest,
    /// project.yaml
    Project,
    /// FIRESTORE_SCHEMA.json
    Firestore,
    /// task_registry.json
    Registry,
    /// What `drift` and `diff` print with --format json
    Drift,
}
