//! A GraphQL document as data, and how it is written.

use std::collections::BTreeSet;
use std::fmt;

use crate::codegen::target::amplify::text::description;
use crate::codegen::target::amplify::view::TypeRef;

/// Definitions of types, each name once.
#[derive(Debug, Default)]
pub struct Document {
    definitions: Vec<Definition>,
    names: BTreeSet<String>,
}

/// The keyword that a definition begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Type,
    Input,
    Enum,
}

/// A type, an input or an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub kind: Kind,
    pub name: String,
    pub description: Option<String>,
    /// As they are written: `@aws_api_key`.
    pub directives: Vec<String>,
    pub members: Vec<Member>,
}

/// A field of a type or an input, or a value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub description: Option<String>,
    pub arguments: Vec<Argument>,
    /// `None` for the value of an enum.
    pub type_ref: Option<TypeRef>,
    /// As they are written.
    pub directives: Vec<String>,
}

/// An argument of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    pub type_ref: TypeRef,
}

impl Document {
    /// Adds a definition, unless there is one of its name.
    pub fn push(&mut self, definition: Definition) {
        if self.names.insert(definition.name.clone()) {
            self.definitions.push(definition);
        }
    }

    /// Adds each of them, unless there is one of its name.
    pub fn extend(&mut self, definitions: impl IntoIterator<Item = Definition>) {
        for definition in definitions {
            self.push(definition);
        }
    }
}

impl Definition {
    /// One without a description and directives.
    pub fn new(kind: Kind, name: impl Into<String>, members: Vec<Member>) -> Self {
        Self { kind, name: name.into(), description: None, directives: Vec::new(), members }
    }
}

impl Member {
    /// A field without arguments and directives.
    pub fn field(name: impl Into<String>, type_ref: TypeRef) -> Self {
        let name = name.into();
        Self { name, description: None, arguments: Vec::new(), type_ref: Some(type_ref), directives: Vec::new() }
    }

    /// A value of an enum.
    pub fn value(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { name, description: None, arguments: Vec::new(), type_ref: None, directives: Vec::new() }
    }
}

impl Argument {
    /// An argument of that type.
    pub fn new(name: impl Into<String>, type_ref: TypeRef) -> Self {
        Self { name: name.into(), type_ref }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, definition) in self.definitions.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            definition.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.description {
            writeln!(f, "{}", description(text, ""))?;
        }
        let keyword = match self.kind {
            Kind::Type => "type",
            Kind::Input => "input",
            Kind::Enum => "enum",
        };
        write!(f, "{keyword} {}", self.name)?;
        write_directives(f, &self.directives)?;
        f.write_str(" {\n")?;
        for member in &self.members {
            member.fmt(f)?;
        }
        f.write_str("}\n")
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.description {
            writeln!(f, "{}", description(text, "  "))?;
        }
        write!(f, "  {}", self.name)?;
        for (at, argument) in self.arguments.iter().enumerate() {
            write!(f, "{}{}: {}", if at == 0 { "(" } else { ", " }, argument.name, argument.type_ref)?;
        }
        f.write_str(if self.arguments.is_empty() { "" } else { ")" })?;
        if let Some(type_ref) = &self.type_ref {
            write!(f, ": {type_ref}")?;
        }
        write_directives(f, &self.directives)?;
        f.write_str("\n")
    }
}

fn write_directives(f: &mut fmt::Formatter<'_>, directives: &[String]) -> fmt::Result {
    directives.iter().try_for_each(|directive| write!(f, " {directive}"))
}
