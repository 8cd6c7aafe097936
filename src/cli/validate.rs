//! `schemacast validate`: the manifests, the task registries and the generated
//! files on disk, by their parsers; and with `--types` the models, against a
//! live database.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{Common, Validate};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::layout;
use crate::codegen::threads;
use crate::codegen::writer;
use crate::semantics;
use crate::tasks::places::Places;
use crate::tasks::registry;
use crate::workspace::comparison::Subject;
use crate::workspace::database::Live;
use crate::workspace::proving::{self, Proof};

/// One file that its parser refuses.
#[derive(Serialize)]
struct Refused {
    file: String,
    faults: Vec<String>,
}

/// As `--output json` prints it.
#[derive(Serialize)]
struct Outcome {
    valid: usize,
    refused: Vec<Refused>,
    /// With --types: for each project what became of its proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<Vec<Proof>>,
}

pub fn run(common: &Common, verb: &Validate, printer: &mut Printer) -> Result<Verdict, Error> {
    let mut manifests: Vec<PathBuf> = verb.manifest.iter().cloned().collect();
    let mut folders: Vec<PathBuf> = verb.out.iter().cloned().collect();
    let mut registries: Vec<Places> = Vec::new();
    if manifests.is_empty() && folders.is_empty() {
        for layout in common.workspace().layouts(&verb.projects)? {
            if registry::is_there(&layout.folder) {
                registries.push(Places { root: common.root.clone(), layout: layout.clone() });
            }
            manifests.push(layout.manifest);
            folders.push(layout.generated);
        }
    }
    let mut outcome = Outcome { valid: 0, refused: Vec::new(), types: None };
    for manifest in &manifests {
        match layout::read_manifest(manifest) {
            Ok(_) => outcome.valid += 1,
            Err(layout::Error::Mistakes { mistakes, .. }) => outcome.refused.push(Refused {
                file: layout::below(&common.root, manifest),
                faults: mistakes.iter().map(ToString::to_string).collect(),
            }),
            Err(error) => return Err(crate::workspace::Error::from(error).into()),
        }
    }
    for places in &registries {
        match registry::read(places) {
            Ok(_) => outcome.valid += 1,
            Err(registry::Error::Mistakes { path, mistakes }) => {
                outcome.refused.push(Refused { file: path, faults: mistakes.iter().map(ToString::to_string).collect() })
            }
            Err(error) => return Err(crate::workspace::Error::from(error).into()),
        }
    }
    for folder in &folders {
        validate_folder(common, folder, &mut outcome)?;
    }
    let mut text = String::new();
    for Refused { file, faults } in &outcome.refused {
        text.extend(faults.iter().map(|fault| format!("{file}:{fault}\n")));
    }
    text.push_str(&format!("{} valid, {} refused\n", outcome.valid, outcome.refused.len()));
    // Models of files that are wrong are not proved: what is said of them would be, too.
    if verb.types && outcome.refused.is_empty() {
        let proofs = prove(common, verb, printer)?;
        text.extend(proofs.iter().map(proving::text));
        outcome.types = Some(proofs);
    }
    let proofs = outcome.types.as_deref().unwrap_or_default();
    let unproved: usize = proofs.iter().map(|proof| proof.unproved.len()).sum();
    let is_clean = outcome.refused.is_empty() && !proofs.iter().any(Proof::is_refuted);
    printer.result(&outcome, if common.quiet && is_clean && unproved == 0 { "" } else { &text })?;
    match (is_clean, unproved) {
        (false, _) => Ok(Verdict::No),
        (true, 0) => Ok(Verdict::Yes),
        // A check that could not be made is never a yes.
        (true, count) => Err(Error::Unproved(format!(
            "{count} of the models' statements could not be tried; the lines above name them"
        ))),
    }
}

/// The models of each project that is named, or of the manifest, against a
/// database.
fn prove(common: &Common, verb: &Validate, printer: &mut Printer) -> Result<Vec<Proof>, Error> {
    let workspace = common.workspace_reading(&verb.reading);
    let live = if verb.scratch { Live::Scratch } else { Live::Named(verb.database_url.as_deref()) };
    if verb.manifest.is_some() || verb.out.is_some() {
        let subject = Subject { project: None, manifest: verb.manifest.as_deref() };
        return Ok(vec![proving::prove(&workspace, subject, live, printer)?]);
    }
    let layouts = workspace.layouts(&verb.projects)?;
    if let (Some(_), [_, _, ..]) = (&verb.database_url, layouts.as_slice()) {
        return Err(Error::Usage("--database-url is one project's database: name the project".to_owned()));
    }
    let prove = |layout: &layout::Layout| {
        let subject = Subject { project: Some(&layout.name), manifest: None };
        proving::prove(&workspace, subject, live, printer)
    };
    Ok(layouts.iter().map(prove).collect::<Result<_, _>>()?)
}

fn validate_folder(common: &Common, folder: &Path, outcome: &mut Outcome) -> Result<(), Error> {
    let files = writer::recorded(folder)?;
    if files.is_empty() && outcome.refused.is_empty() {
        let message = format!("{} holds no generated files: `schemacast generate` makes them", folder.display());
        return Err(Error::Usage(message));
    }
    let found = check_files(folder, &files, threads::available());
    for (path, faults) in files.iter().zip(found) {
        match faults.is_empty() {
            true => outcome.valid += 1,
            false => {
                outcome.refused.push(Refused { file: layout::below(&common.root, &folder.join(path)), faults });
            }
        }
    }
    Ok(())
}

/// What is wrong with each of a folder's files, in their order, on up to that
/// many threads: each is read and checked by itself.
fn check_files(folder: &Path, files: &[String], threads: usize) -> Vec<Vec<String>> {
    threads::each(files, threads, |path| match fs::read(folder.join(path)) {
        Err(error) => vec![format!(" cannot be read: {error}; `schemacast generate` makes it again")],
        Ok(bytes) => match String::from_utf8(bytes) {
            Err(_) => vec![" is not UTF-8".to_owned()],
            Ok(contents) => {
                let artifact = Artifact { format: Format::of(path), path: path.clone(), contents };
                semantics::check(&artifact).err().unwrap_or_default()
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_changes_nothing_of_what_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for number in 0..40 {
            for (name, text) in [
                ("good.rs", format!("pub struct Row{number};\n").into_bytes()),
                ("bad.rs", format!("pub struct Row{number} {{\n").into_bytes()),
                ("bad.graphql", format!("type A{number} {{ b: Missing{number} }}\n").into_bytes()),
                ("text.md", vec![0xff, number]),
            ] {
                let path = format!("{number:02}_{name}");
                fs::write(folder.path().join(&path), text).unwrap();
                files.push(path);
            }
            files.push(format!("{number:02}_gone.rs"));
        }
        let one = check_files(folder.path(), &files, 1);
        assert_eq!(one.len(), files.len());
        for (path, faults) in files.iter().zip(&one) {
            assert_eq!(faults.is_empty(), path.ends_with("good.rs"), "{path}: {faults:?}");
        }
        assert_ne!(one[2], one[7], "each is told its own faults");
        for threads in [2, 3, 16] {
            assert_eq!(check_files(folder.path(), &files, threads), one);
        }
    }
}
