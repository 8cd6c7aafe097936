//! What a schema is read from: one function, whether it is a file or a live
//! database.

use std::path::{Path, PathBuf};

use super::{Error, Tell, Workspace, database};
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest::{Manifest, Schema, VERSION};
use crate::codegen::project::Project;
use crate::diff::report::{File, Side};
use crate::postgres::url::is_connection_string;

/// Something that a schema can be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A database with nothing in it.
    Empty,
    /// A manifest.
    File(PathBuf),
    /// A live database.
    Url(String),
    /// A project's manifest.
    Project(String),
    /// The live database of a project: `DATABASE_URL` or its own variable.
    Live(String),
    /// A scratch database, filled with what the project declares.
    Scratch(String),
}

impl Source {
    /// Reads what a person typed. A file that is there is a file, even where a
    /// project has its name.
    pub fn parse(text: &str) -> Self {
        Self::parse_in(Path::new(""), text)
    }

    /// The same, where files are named from a folder on.
    pub fn parse_in(folder: &Path, text: &str) -> Self {
        let is_url = is_connection_string(text);
        let path = folder.join(text);
        let looks_like_file =
            text.contains(['/', '\\']) || [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end));
        match (text, text.split_once(':')) {
            _ if is_url => Self::Url(text.to_owned()),
            _ if path.is_file() => Self::File(path),
            ("empty", _) => Self::Empty,
            (_, Some(("live", project))) => Self::Live(project.to_owned()),
            (_, Some(("scratch", project))) => Self::Scratch(project.to_owned()),
            _ if looks_like_file => Self::File(path),
            _ => Self::Project(text.to_owned()),
        }
    }

    /// The project that it names.
    pub fn project(&self) -> Option<&str> {
        match self {
            Self::Project(name) | Self::Live(name) | Self::Scratch(name) => Some(name),
            Self::Empty | Self::File(_) | Self::Url(_) => None,
        }
    }
}

/// Reads a schema, and what reports call it. `settings` say what to read of a
/// database that names no project itself.
///
/// # Errors
/// There is no such project, file or database, or it cannot be read.
pub fn read(
    workspace: &Workspace,
    source: &Source,
    settings: Option<&Project>,
    tell: &mut dyn Tell,
) -> Result<Side, Error> {
    let of_project = |name: &str| -> Result<(Layout, Project), Error> {
        let layout = workspace.layout(name)?;
        let settings = workspace.settings(&layout)?;
        Ok((layout, settings))
    };
    match source {
        Source::Empty => {
            let manifest = Manifest { version: VERSION.to_owned(), ..Manifest::default() };
            Ok(Side { name: "an empty database".to_owned(), manifest, file: None })
        }
        Source::File(path) => file(workspace, path),
        Source::Project(name) => file(workspace, &of_project(name)?.0.manifest),
        Source::Url(url) => named(workspace, Some(url), settings, tell),
        Source::Live(name) => named(workspace, None, Some(&of_project(name)?.1), tell),
        Source::Scratch(name) => {
            let (layout, settings) = of_project(name)?;
            let mut database = database::open_scratch(&layout, &settings, tell)?;
            let manifest = database::introspect(&mut database, &workspace.reading(Some(&settings)), tell)?;
            Ok(Side { name: format!("the scratch database of {name}"), manifest, file: None })
        }
    }
}

/// Gives an empty database the schema that every new one has, beside a side
/// that was read from a database or speaks of it; who writes a manifest by hand
/// need not mention it.
pub fn furnish(empty: &mut Side, other: &Side) {
    let is_public = |schema: &Schema| schema.name == "public";
    if other.manifest.source.is_some() || other.manifest.schemas.iter().any(is_public) {
        empty.manifest.schemas = vec![Schema { name: "public".to_owned(), ..Schema::default() }];
    }
}

/// A manifest's file.
pub fn file(workspace: &Workspace, path: &Path) -> Result<Side, Error> {
    Ok(in_file(workspace, path, layout::read_manifest_and_text(path)?))
}

/// A manifest's file beside what a database has: what is the same is not read.
///
/// # Errors
/// As [`file()`].
pub fn file_beside(workspace: &Workspace, path: &Path, known: &Manifest) -> Result<Side, Error> {
    Ok(in_file(workspace, path, layout::read_manifest_beside(path, known)?))
}

fn in_file(workspace: &Workspace, path: &Path, (manifest, text): (Manifest, String)) -> Side {
    let name = layout::below(&workspace.root, path);
    Side { manifest, file: Some(File { path: name.clone(), text }), name }
}

/// The database that a URL names, or the environment where there is none. It
/// is called by its place: the URL may hold a password.
pub fn named(
    workspace: &Workspace,
    url: Option<&str>,
    settings: Option<&Project>,
    tell: &mut dyn Tell,
) -> Result<Side, Error> {
    let mut database = database::open_named(workspace, url, settings, tell)?;
    let name = database.session.settings().place();
    let manifest = database::introspect(&mut database, &workspace.reading(settings), tell)?;
    Ok(Side { name, manifest, file: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_a_file_a_database_or_a_project() {
        for (text, expected) in [
            ("empty", Source::Empty),
            ("postgres://u:p@h/d", Source::Url("postgres://u:p@h/d".to_owned())),
            ("postgresql://h/d.yaml", Source::Url("postgresql://h/d.yaml".to_owned())),
            ("shop", Source::Project("shop".to_owned())),
            ("live:shop", Source::Live("shop".to_owned())),
            ("scratch:shop", Source::Scratch("shop".to_owned())),
            ("old.yaml", Source::File("old.yaml".into())),
            ("a/b", Source::File("a/b".into())),
            ("Cargo.toml", Source::File("Cargo.toml".into())),
        ] {
            assert_eq!(Source::parse(text), expected, "{text}");
        }
    }
}
