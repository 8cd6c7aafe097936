//! What the command line takes.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Text,
    /// One JSON document on stdout; all else on stderr
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Read a live database into the manifest
    Introspect(Introspect),
    /// Cast the manifest into the generated files
    Generate(Generate),
    /// Parse and semantically check the generated files on disk
    Validate(Validate),
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
    /// Make findings errors: codes, what codes begin with, or all
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub deny: Vec<String>,
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
}
