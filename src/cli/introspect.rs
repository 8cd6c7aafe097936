//! `schemacast introspect`: live database -> manifest.

use std::path::PathBuf;

use super::args::{Common, Generate, Introspect};
use super::print::Printer;
use super::{Error, Verdict};
use crate::clock::now;
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest;
use crate::tasks::action::introspect::MANIFEST_SCHEMA;
use crate::workspace::Tell as _;
use crate::workspace::database::Live;
use crate::workspace::reading::{self, Outcome};

pub fn run(common: &Common, verb: &Introspect, printer: &mut Printer) -> Result<Verdict, Error> {
    let layout = verb.project.as_deref().map(|name| common.workspace().layout(name)).transpose()?;
    let settings = layout.as_ref().map(|layout| common.workspace().settings(layout)).transpose()?;
    let destination = destination(verb, layout.as_ref())?;
    let live = if verb.scratch { Live::Scratch } else { Live::Named(verb.database_url.as_deref()) };
    let mut manifest =
        reading::read(&common.workspace_reading(&verb.reading), layout.as_ref(), settings.as_ref(), live, printer)?;
    if !manifest.not_modelled.is_empty() {
        printer.warning(&reading::not_modelled(&manifest.not_modelled));
        if verb.strict_coverage {
            printer.result(&Outcome::of(&manifest, None, false), "")?;
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
            let changed = reading::put(layout.as_ref(), &path, &mut manifest, verb.check)?;
            let outcome = Outcome::of(&manifest, Some(layout::below(&common.root, &path)), changed);
            let text = reading::text(&manifest, &outcome, verb.check);
            printer.result(&outcome, if common.quiet { "" } else { &text })?;
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
