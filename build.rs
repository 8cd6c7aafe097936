//! Keeps `generated/` fresh: picks a mode and calls codegen, nothing else.
//!
//! `SCHEMACAST_GENERATED=write` (the default in a checkout) rewrites what
//! changed and warns; `check` fails on a stale file and names it; `skip` does
//! nothing. A packaged copy has no projects and skips.

// Printing is how a build script talks to cargo.
#![allow(clippy::print_stdout)]

// The build script uses the part of codegen that generates; the library and
// the program use the rest.
#[allow(dead_code, unused_imports)]
#[path = "src/codegen/mod.rs"]
mod codegen;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use std::{env, fs};

use codegen::check;
use codegen::generate::{Request, generate};
use codegen::layout::{self, Layout, below};
use codegen::loss::Deny;
use codegen::writer::{Mode, Persisted};

fn main() -> ExitCode {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rerun-if-env-changed=SCHEMACAST_GENERATED");
    for path in ["build.rs", "src/codegen", "templates"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let packaged = root.join("Cargo.toml.orig").exists() || !root.join("manifests").exists();
    let mode = match env::var("SCHEMACAST_GENERATED").as_deref() {
        Ok("check") => Mode::Check,
        Ok("skip") => return ExitCode::SUCCESS,
        Ok("write") | Err(_) => Mode::Write,
        Ok(other) => {
            println!("cargo::error=SCHEMACAST_GENERATED is `{other}`; it is write, check or skip");
            return ExitCode::SUCCESS;
        }
    };
    if packaged {
        return ExitCode::SUCCESS;
    }
    println!("cargo::rerun-if-changed=manifests");
    let layouts = match layout::projects(&root) {
        Ok(layouts) => layouts,
        Err(error) => return fail(&error.to_string()),
    };
    for layout in layouts.iter().filter(|layout| layout.manifest.exists()) {
        match regenerate(&root, layout, mode) {
            Ok(persisted) => report(layout, &persisted, mode),
            Err(error) => return fail(&error),
        }
    }
    ExitCode::SUCCESS
}

/// Generates one project, and tells cargo which files to watch.
fn regenerate(root: &Path, layout: &Layout, mode: Mode) -> Result<Persisted, String> {
    let project = layout.read_project().map_err(|error| error.to_string())?;
    let manifest_name = below(root, &layout.manifest);
    let report = generate(&Request {
        manifest: &layout.manifest,
        manifest_name: &manifest_name,
        project: &project,
        targets: &[],
        out_dir: &layout.generated,
        mode,
        deny: &Deny::default(),
        today: None,
        stamp: newest(&[&layout.manifest, &layout.folder.join(layout::PROJECT)]),
        check: check::check,
    })
    .map_err(|error| format!("{}: {error}", layout.name))?;
    let persisted = report.persisted;
    // File by file: a folder's own time changes with every rename in it, and
    // the script would run once more after each run that wrote.
    for path in persisted.unchanged.iter().chain(&persisted.written) {
        println!("cargo::rerun-if-changed={}/{path}", below(root, &layout.generated));
    }
    Ok(persisted)
}

fn report(layout: &Layout, persisted: &Persisted, mode: Mode) {
    let name = |path: &String| format!("generated/{}/{path}", layout.name);
    match mode {
        Mode::Check => {
            for path in persisted.written.iter().chain(&persisted.removed) {
                println!("cargo::error=stale: {}; run `cargo build` and commit it", name(path));
            }
        }
        Mode::Write => {
            for path in &persisted.written {
                println!("cargo::warning=rewrote {}; commit it", name(path));
            }
            for path in &persisted.removed {
                println!("cargo::warning=removed {}; commit that", name(path));
            }
        }
    }
    for path in &persisted.kept {
        println!("cargo::warning={} is no longer made, but it holds notes: move them, then delete it", name(path));
    }
    for path in &persisted.edited {
        println!("cargo::warning={} was changed by hand; put the change into the manifest or the template", name(path));
    }
}

fn fail(message: &str) -> ExitCode {
    for line in message.lines() {
        println!("cargo::error={line}");
    }
    ExitCode::SUCCESS
}

/// What is generated gets its newest input's time, so that it does not look
/// newer than the run that wrote it.
fn newest(paths: &[&Path]) -> Option<SystemTime> {
    paths.iter().filter_map(|path| fs::metadata(path).ok()?.modified().ok()).max()
}
