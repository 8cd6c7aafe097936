//! The definitions of a GraphQL document as data, and how they are written.
//!
//! An API has tens of definitions for each table, whose names are made of a
//! table's and a few words. They are data for as long as one is put together:
//! a [`Name`] borrows its parts, and a document is the text of what was added.

use std::collections::HashSet;

use crate::codegen::target::amplify::api::access::Providers;
use crate::codegen::target::amplify::text::{description, quoted};
use crate::codegen::target::amplify::view;

/// Definitions of types as text, each name once.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    names: HashSet<String>,
    /// Of a definition that is added.
    name: String,
}

/// The keyword that a definition begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Type,
    Input,
    Enum,
}

/// A name, or what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name<'a> {
    /// What it begins with, what it is of, and what it ends with:
    /// `Model`, `Contact` and `Connection`.
    Of(&'static str, &'a str, &'static str),
    Whole(String),
}

/// A type, an input or an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition<'a> {
    pub kind: Kind,
    pub name: Name<'a>,
    pub description: Option<&'a str>,
    /// Who is let in, where that is said.
    pub access: Providers,
    pub members: Vec<Member<'a>>,
}

/// A field of a type or an input, or a value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    pub name: Name<'a>,
    pub description: Option<&'a str>,
    pub arguments: Vec<Argument<'a>>,
    /// `None` for the value of an enum.
    pub type_ref: Option<TypeRef<'a>>,
    /// The mutation that a subscription hears.
    pub subscribes_to: Option<&'a str>,
    /// Who is let in, where that is said.
    pub access: Providers,
}

/// An argument of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument<'a> {
    pub name: Name<'a>,
    pub type_ref: TypeRef<'a>,
}

/// A type where it is used, as the view's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRef<'a> {
    name: Name<'a>,
    list: bool,
    required: bool,
}

impl Document {
    /// Adds a definition, unless there is one of its name.
    pub fn push(&mut self, definition: &Definition<'_>) {
        self.name.clear();
        definition.name.write(&mut self.name);
        if self.names.contains(&self.name) {
            return;
        }
        self.names.insert(self.name.clone());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        definition.write(&mut self.text);
    }

    /// Adds each of them, unless there is one of its name.
    pub fn extend<'a>(&mut self, definitions: impl IntoIterator<Item = Definition<'a>>) {
        for definition in definitions {
            self.push(&definition);
        }
    }

    /// What was added, with an empty line between.
    pub fn into_text(self) -> String {
        self.text
    }
}

impl<'a> Definition<'a> {
    /// One without a description and directives.
    pub fn new(kind: Kind, name: impl Into<Name<'a>>, members: Vec<Member<'a>>) -> Self {
        Self { kind, name: name.into(), description: None, access: Providers::default(), members }
    }

    fn write(&self, text: &mut String) {
        if let Some(about) = self.description {
            text.push_str(&description(about, ""));
            text.push('\n');
        }
        text.push_str(match self.kind {
            Kind::Type => "type ",
            Kind::Input => "input ",
            Kind::Enum => "enum ",
        });
        self.name.write(text);
        self.access.write(text);
        text.push_str(" {\n");
        self.members.iter().for_each(|member| member.write(text));
        text.push_str("}\n");
    }
}

impl<'a> Member<'a> {
    /// A field without arguments and directives.
    pub fn field(name: impl Into<Name<'a>>, type_ref: TypeRef<'a>) -> Self {
        Self { type_ref: Some(type_ref), ..Self::value(name) }
    }

    /// A value of an enum.
    pub fn value(name: impl Into<Name<'a>>) -> Self {
        Self {
            name: name.into(),
            description: None,
            arguments: Vec::new(),
            type_ref: None,
            subscribes_to: None,
            access: Providers::default(),
        }
    }

    fn write(&self, text: &mut String) {
        if let Some(about) = self.description {
            text.push_str(&description(about, "  "));
            text.push('\n');
        }
        text.push_str("  ");
        self.name.write(text);
        for (at, argument) in self.arguments.iter().enumerate() {
            text.push_str(if at == 0 { "(" } else { ", " });
            argument.name.write(text);
            text.push_str(": ");
            argument.type_ref.write(text);
        }
        text.push_str(if self.arguments.is_empty() { "" } else { ")" });
        if let Some(type_ref) = &self.type_ref {
            text.push_str(": ");
            type_ref.write(text);
        }
        if let Some(mutation) = self.subscribes_to {
            text.push_str(" @aws_subscribe(mutations: [");
            text.push_str(&quoted(mutation));
            text.push_str("])");
        }
        self.access.write(text);
        text.push('\n');
    }
}

impl<'a> Argument<'a> {
    /// An argument of that type.
    pub fn new(name: impl Into<Name<'a>>, type_ref: TypeRef<'a>) -> Self {
        Self { name: name.into(), type_ref }
    }
}

impl<'a> TypeRef<'a> {
    /// The type alone, nullable.
    pub fn named(name: impl Into<Name<'a>>) -> Self {
        Self { name: name.into(), list: false, required: false }
    }

    /// A nullable list of it.
    pub fn list_of(name: impl Into<Name<'a>>) -> Self {
        Self { list: true, ..Self::named(name) }
    }

    /// The view's own.
    pub fn of(type_ref: &'a view::TypeRef) -> Self {
        Self { name: Name::from(&type_ref.name), list: type_ref.list, required: type_ref.required }
    }

    /// The same, required or not.
    #[must_use]
    pub fn with_required(self, required: bool) -> Self {
        Self { required, ..self }
    }

    fn write(&self, text: &mut String) {
        text.push_str(if self.list { "[" } else { "" });
        self.name.write(text);
        text.push_str(if self.list { "]" } else { "" });
        text.push_str(if self.required { "!" } else { "" });
    }
}

impl Name<'_> {
    /// Whether it is that name.
    pub fn is(&self, name: &str) -> bool {
        match self {
            Self::Of(start, of, end) => {
                name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(|rest| rest == *of)
            }
            Self::Whole(whole) => whole == name,
        }
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Of(start, of, end) => [start, of, end].into_iter().for_each(|part| text.push_str(part)),
            Self::Whole(whole) => text.push_str(whole),
        }
    }
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(name: &'a str) -> Self {
        Self::Of("", name, "")
    }
}

impl<'a> From<&'a String> for Name<'a> {
    fn from(name: &'a String) -> Self {
        Self::from(name.as_str())
    }
}

impl From<String> for Name<'_> {
    fn from(name: String) -> Self {
        Self::Whole(name)
    }
}
