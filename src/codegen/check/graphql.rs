//! GraphQL types: apollo-parser for the syntax, and what it does not look at:
//! names that are defined twice, and types that nobody defines.
//!
//! What a document repeats is read once: `reduction`.

use std::collections::{BTreeMap, BTreeSet};

use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode, Definition};

pub mod reduction;
mod tokens;

/// What GraphQL and AppSync define by themselves.
const SCALARS: [&str; 14] = [
    "Int",
    "Float",
    "String",
    "Boolean",
    "ID",
    "AWSDate",
    "AWSTime",
    "AWSDateTime",
    "AWSTimestamp",
    "AWSEmail",
    "AWSJSON",
    "AWSURL",
    "AWSPhone",
    "AWSIPAddress",
];

/// What the parser refuses, and the names that do not hold together, a line
/// each with its place in the text; none when all is well.
pub fn faults(text: &str) -> Vec<String> {
    match reduction::reduce(text, std::iter::empty()) {
        Some(reduced) if faults_of_whole(&reduced).is_empty() => Vec::new(),
        _ => faults_of_whole(text),
    }
}

/// As [`faults`], of every line of the text.
pub(crate) fn faults_of_whole(text: &str) -> Vec<String> {
    let tree = Parser::new(text).parse();
    let mut faults: Vec<String> =
        tree.errors().map(|error| format!("{}: {}", place(text, error.index()), error.message())).collect();
    if !faults.is_empty() {
        return faults;
    }
    let document = tree.document();
    let mut names = BTreeMap::new();
    let mut used = Vec::new();
    let fault = |node: &cst::Name, what: String| {
        let at = usize::from(node.syntax().text_range().start());
        format!("{}: {what}", place(text, at))
    };
    for definition in document.definitions() {
        let Some(name) = definition.name() else { continue };
        if is_type(&definition) && names.insert(name.text().to_string(), ()).is_some() {
            faults.push(fault(&name, format!("the type `{}` is defined twice", name.text())));
        }
        let owner = name.text().to_string();
        let mut seen = BTreeSet::new();
        for (member, kind) in members(&definition) {
            if !seen.insert(member.text().to_string()) {
                faults.push(fault(&member, format!("the {kind} `{owner}.{}` is defined twice", member.text())));
            }
        }
        if is_type(&definition) && seen.is_empty() && !matches!(definition, Definition::ScalarTypeDefinition(_)) {
            faults.push(fault(&name, format!("the type `{owner}` has nothing in it")));
        }
        used.extend(
            definition.syntax().descendants().filter_map(cst::NamedType::cast).filter_map(|named| named.name()),
        );
    }
    for name in used {
        let known = SCALARS.contains(&name.text().as_str()) || names.contains_key(name.text().as_str());
        if !known {
            faults.push(fault(&name, format!("there is no type `{}`", name.text())));
        }
    }
    faults
}

fn is_type(definition: &Definition) -> bool {
    matches!(
        definition,
        Definition::ObjectTypeDefinition(_)
            | Definition::EnumTypeDefinition(_)
            | Definition::InputObjectTypeDefinition(_)
            | Definition::InterfaceTypeDefinition(_)
            | Definition::ScalarTypeDefinition(_)
            | Definition::UnionTypeDefinition(_)
    )
}

/// The names that a type defines: fields or values, and what they are called.
fn members(definition: &Definition) -> Vec<(cst::Name, &'static str)> {
    let mut members = Vec::new();
    for node in definition.syntax().children().flat_map(|part| part.children().collect::<Vec<_>>()) {
        if let Some(field) = cst::FieldDefinition::cast(node.clone()) {
            members.extend(field.name().map(|name| (name, "field")));
        } else if let Some(value) = cst::EnumValueDefinition::cast(node.clone()) {
            members.extend(value.enum_value().and_then(|value| value.name()).map(|name| (name, "value")));
        } else if let Some(input) = cst::InputValueDefinition::cast(node) {
            members.extend(input.name().map(|name| (name, "field")));
        }
    }
    members
}

/// `line:column`, both from 1, of a byte of the text.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn accepts_what_holds_together() {
        assert_eq!(faults("enum E { A B }\ntype T @model { id: ID! @primaryKey e: [E!] d: AWSJSON }\n"), [""; 0]);
    }

    #[test]
    fn finds_faults_with_their_places() {
        assert!(faults("type T { id ID }")[0].starts_with("1:"), "{:?}", faults("type T { id ID }"));
        assert_eq!(faults("type T { a: Nope }"), ["1:13: there is no type `Nope`"]);
        assert_eq!(faults("type T { a: ID\n a: ID }"), ["2:2: the field `T.a` is defined twice"]);
        assert_eq!(faults("type T { a: ID }\ntype T { a: ID }"), ["2:6: the type `T` is defined twice"]);
        assert_eq!(faults("enum E { A A }"), ["1:12: the value `E.A` is defined twice"]);
        assert_eq!(faults("type T"), ["1:6: the type `T` has nothing in it"]);
    }
}
