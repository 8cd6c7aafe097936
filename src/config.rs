use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::codegen::check;
use crate::codegen::generate::{self, Report, Request, generate};
use crate::codegen::layout;
use crate::codegen::loss::Deny;
use crate::codegen::project::{self, Project};
use crate::codegen::target::models::Feature;
use crate::codegen::writer::Mode;

/// The front for build scripts, in the manner of prost-build: a manifest in,
/// generated files out.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     schemacast::Config::new()
///         .manifest("NEON_SCHEMA_MANIFEST.yaml")
///         .out_dir("src/generated")
///         .targets(["models"])
///         .emit_rerun_if_changed(true)
///         .generate()?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    manifest: PathBuf,
    project: Option<PathBuf>,
    out_dir: Option<PathBuf>,
    targets: Vec<String>,
    options: Vec<(String, String)>,
    deny: Vec<String>,
    mode: Mode,
    emit_rerun_if_changed: bool,
}

/// Why a build script's generation failed.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("no folder to generate into: call `out_dir`, or run in a build script, where OUT_DIR is set")]
    NoOutDir,
    #[error(transparent)]
    Project(#[from] layout::Error),
    #[error("option {0}")]
    Option(String),
    #[error("deny: {0}")]
    Deny(String),
    #[error(transparent)]
    Generate(#[from] generate::Error),
    /// [`Config::check`] was asked for, and these files are not what would be
    /// generated.
    #[error("stale, generate them again and commit them: {}", .0.join(", "))]
    Stale(Vec<String>),
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl Config {
    /// The defaults: `NEON_SCHEMA_MANIFEST.yaml` in the current folder, a
    /// `project.yaml` beside it if there is one, all targets, into OUT_DIR.
    pub fn new() -> Self {
        Self {
            manifest: PathBuf::from(layout::MANIFEST),
            project: None,
            out_dir: None,
            targets: Vec::new(),
            options: Vec::new(),
            deny: Vec::new(),
            mode: Mode::Write,
            emit_rerun_if_changed: false,
        }
    }

    /// The manifest to read: YAML or JSON, relative to the current folder (in
    /// a build script the package's).
    pub fn manifest(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.manifest = path.into();
        self
    }

    /// The settings to read, where they are not the `project.yaml` beside the
    /// manifest.
    pub fn project(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.project = Some(path.into());
        self
    }

    /// The folder to generate into. Without it, cargo's OUT_DIR.
    pub fn out_dir(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.out_dir = Some(path.into());
        self
    }

    /// The targets to generate: `firestore`, `amplify`, `models`, `inventory`.
    /// None: those that the settings name, else all.
    pub fn targets<S: Into<String>>(&mut self, names: impl IntoIterator<Item = S>) -> &mut Self {
        self.targets = names.into_iter().map(Into::into).collect();
        self
    }

    /// Overrides an option of the settings: `set("amplify.strategy", "postgres")`.
    pub fn set(&mut self, option: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.options.push((option.into(), value.into()));
        self
    }

    /// Makes findings errors: codes, what codes begin with, or `all`.
    pub fn deny<S: Into<String>>(&mut self, codes: impl IntoIterator<Item = S>) -> &mut Self {
        self.deny = codes.into_iter().map(Into::into).collect();
        self
    }

    /// Writes nothing and fails where a file is not what would be generated.
    pub fn check(&mut self, check: bool) -> &mut Self {
        self.mode = if check { Mode::Check } else { Mode::Write };
        self
    }

    /// Prints the `cargo::rerun-if-changed` lines of what is read. Off by
    /// default, since the first such line turns cargo's own watching off.
    pub fn emit_rerun_if_changed(&mut self, emit: bool) -> &mut Self {
        self.emit_rerun_if_changed = emit;
        self
    }

    /// Reads, casts, parses and writes.
    ///
    /// # Errors
    /// Whatever stands in the way; the files that stood there then stay.
    pub fn generate(&self) -> Result<Report, ConfigError> {
        let settings = self.settings_path();
        if self.emit_rerun_if_changed {
            let mut out = io::stdout().lock();
            for path in [&self.manifest, &settings] {
                // Cargo reads these lines; where nobody does, nothing is lost.
                let _ = writeln!(out, "cargo::rerun-if-changed={}", path.display());
            }
        }
        let project = self.read_settings(&settings)?;
        let out_dir = match &self.out_dir {
            Some(out_dir) => out_dir.clone(),
            None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or(ConfigError::NoOutDir)?,
        };
        if env::var_os("OUT_DIR").is_some() {
            // The models name features that the crate need not have; without
            // this line rustc warns of those it lacks.
            let names = Feature::ALL.map(|feature| format!("\"{}\"", feature.name())).join(", ");
            let _ = writeln!(io::stdout().lock(), "cargo::rustc-check-cfg=cfg(feature, values({names}))");
        }
        let deny = Deny::new(&self.deny).map_err(ConfigError::Deny)?;
        let report = generate(&Request {
            manifest: &self.manifest,
            manifest_name: &layout::below(Path::new(""), &self.manifest),
            project: &project,
            targets: &self.targets,
            out_dir: &out_dir,
            mode: self.mode,
            deny: &deny,
            today: None,
            stamp: None,
            check: check::check,
        })?;
        if self.mode == Mode::Check && report.persisted.is_stale() {
            let persisted = report.persisted;
            return Err(ConfigError::Stale([persisted.written, persisted.removed].concat()));
        }
        Ok(report)
    }

    fn settings_path(&self) -> PathBuf {
        let beside = || self.manifest.with_file_name(layout::PROJECT);
        self.project.clone().unwrap_or_else(beside)
    }

    fn read_settings(&self, path: &Path) -> Result<Project, ConfigError> {
        let mut project = layout::read_project(path)?.unwrap_or_default();
        if project.name.is_empty() {
            project.name = env::var("CARGO_PKG_NAME").unwrap_or_else(|_| "schema".to_owned());
        }
        for (option, value) in &self.options {
            project = project::set(&project, option, value).map_err(ConfigError::Option)?;
        }
        Ok(project)
    }
}
