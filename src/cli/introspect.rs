//! `schemacast introspect`: live database -> manifest.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{Common, Generate, Introspect};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest::{self, Manifest, NotModelled};
use crate::codegen::project::Project;
use crate::tasks::action::introspect::{Counts, MANIFEST_SCHEMA, is_same, now, write_manifest, write_schemas};
use crate::workspace::{Tell as _, database};

/// What was read, as `--output json` prints it.
#[derive(Serialize)]
struct Outcome {
    manifest: Option<String>,
    changed: bool,
    #[serde(flatten)]
    counts: Counts,
    left_out: Vec<String>,
    not_visible: usize,
    not_modelled: Vec<NotModelled>,
}

pub fn run(common: &Common, verb: &Introspect, printer: &mut Printer) -> Result<Verdict, Error> {
    let layout = verb.project.as_deref().map(|name| common.workspace().layout(name)).transpose()?;
    let settings = layout.as_ref().map(|layout| common.workspace().settings(layout)).transpose()?;
    let destination = destination(verb, layout.as_ref())?;
    let mut manifest = read(common, verb, layout.as_ref(), settings.as_ref(), printer)?;
    if !manifest.not_modelled.is_empty() {
        printer.warning(&not_modelled(&manifest.not_modelled));
        if verb.strict_coverage {
            printer.result(&outcome(&manifest, None, false), "")?;
            return Ok(Verdict::No);
        }
    }
    match destination {
        Destination::Stdout => {
            manifest.generated = Some(now());
            printer.document(&manifest::write(&manifest, MANIFEST_SCHEMA))?;
            Ok(Verdict::Yes)
        }
        Destination::File(path) => {
            let changed = match verb.check {
                // One that cannot be read counts as none.
                true => layout::read_manifest(&path).ok().is_none_or(|current| !is_same(&current, &manifest)),
                false => write_manifest(&path, &mut manifest)?,
            };
            if let Some(layout) = layout.as_ref().filter(|_| !verb.check) {
                write_schemas(layout)?;
            }
            report(common, verb, &manifest, &path, changed, printer)?;
            if changed && verb.check {
                return Ok(Verdict::No);
            }
            if verb.generate {
                let verb = Generate { projects: verb.project.iter().cloned().collect(), ..Generate::default() };
                return super::generate::run(common, &verb, printer);
            }
            Ok(Verdict::Yes)
        }
    }
}

enum Destination {
    Stdout,
    File(PathBuf),
}

fn destination(verb: &Introspect, layout: Option<&Layout>) -> Result<Destination, Error> {
    match (verb.out.as_deref(), layout) {
        (Some("-"), _) => Ok(Destination::Stdout),
        (Some(file), _) => Ok(Destination::File(PathBuf::from(file))),
        (None, Some(layout)) => Ok(Destination::File(layout.manifest.clone())),
        (None, None) => {
            Err(Error::Usage("name a project, or a file to write with --out FILE (- for stdout)".to_owned()))
        }
    }
}

fn read(
    common: &Common,
    verb: &Introspect,
    layout: Option<&Layout>,
    settings: Option<&Project>,
    printer: &mut Printer,
) -> Result<Manifest, Error> {
    let mut database = match (verb.scratch, layout, settings) {
        (true, Some(layout), Some(settings)) => database::open_scratch(layout, settings, printer)?,
        (true, _, _) => return Err(Error::Usage("--scratch fills a project's database: name the project".to_owned())),
        (false, _, _) => database::open_named(&common.workspace(), verb.database_url.as_deref(), settings, printer)?,
    };
    Ok(database::introspect(&mut database, &database::options(settings), printer)?)
}

/// What a dump would hold and the manifest does not.
fn not_modelled(objects: &[NotModelled]) -> String {
    let mut text =
        format!("{} of the database's objects cannot be in a manifest, and nothing compares them:", objects.len());
    for object in objects {
        text.push_str(&format!("\n  {}: {}", object.kind, object.name));
    }
    text
}

fn report(
    common: &Common,
    verb: &Introspect,
    manifest: &Manifest,
    path: &Path,
    changed: bool,
    printer: &mut Printer,
) -> Result<(), Error> {
    let outcome = outcome(manifest, Some(layout::below(&common.root, path)), changed);
    let what = match (changed, verb.check) {
        (false, _) => "unchanged",
        (true, true) => "stale",
        (true, false) => "wrote",
    };
    let mut text = format!("{what} {}: {}\n", layout::below(&common.root, path), outcome.counts);
    for left_out in &manifest.left_out {
        text.push_str(&format!("  left out: schema {} ({})\n", left_out.schema, left_out.reason));
    }
    for not_visible in &manifest.not_visible {
        text.push_str(&format!("  not visible: {} {} ({})\n", not_visible.kind, not_visible.name, not_visible.reason));
    }
    printer.result(&outcome, if common.quiet { "" } else { &text })?;
    Ok(())
}

fn outcome(manifest: &Manifest, path: Option<String>, changed: bool) -> Outcome {
    Outcome {
        manifest: path,
        changed,
        counts: Counts::of(manifest),
        left_out: manifest.left_out.iter().map(|left_out| left_out.schema.clone()).collect(),
        not_visible: manifest.not_visible.len(),
        not_modelled: manifest.not_modelled.clone(),
    }
}
