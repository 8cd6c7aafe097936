//! The view in the directives of the transformer's version 1, for projects
//! that have not migrated: `@key` and `@connection` instead of `@primaryKey`,
//! `@index` and the directives of relations.
//!
//! What is said here was measured on graphql-key-transformer 3.2.85 and
//! graphql-connection-transformer 5.2.85, which accept the file.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::names::upper_first;
use crate::codegen::target::amplify::view::{Field, ObjectType, View};

/// DynamoDB's limits, of an index's name and of the local indexes of a table.
const LONGEST_NAME: usize = 255;
const LOCAL_INDEXES: usize = 5;

/// The same models in version 1, and what it cannot say.
pub fn adapt(mut view: View, findings: &mut Vec<Finding>) -> View {
    let mut keys: Vec<Keys> = view.types.iter().map(|object| Keys::new(object, findings)).collect();
    let places: BTreeMap<String, usize> =
        view.types.iter().enumerate().map(|(at, object)| (object.name.clone(), at)).collect();
    let types: Vec<BTreeMap<String, String>> = view.types.iter().map(field_types).collect();
    for (at, object) in view.types.iter_mut().enumerate() {
        let own = keys[at].primary.clone();
        let path = &object.path;
        object.fields.retain_mut(|field| {
            let Some(other) = places.get(&field.type_ref.name) else { return true };
            let connection = disagreement(field, [at, *other], [&own, &keys[*other].primary], &types)
                .map(Err)
                .or_else(|| connection(field, &own, &mut keys[*other]));
            match connection {
                Some(Ok(connection)) => field.directives = vec![connection],
                Some(Err(why)) => {
                    let why = format!("`{}`: {why}", field.name);
                    findings.push(Finding::new(&findings::NO_CONNECTION, path, why));
                    return false;
                }
                None => {}
            }
            true
        });
    }
    for (object, keys) in view.types.iter_mut().zip(keys) {
        object.directives.extend(keys.directives());
        for at in 0..object.fields.len() {
            let path = object.columns.get(at).cloned().unwrap_or_else(|| object.path.clone());
            strip(&mut object.fields[at], &path, findings);
        }
    }
    view
}

/// The keys of one model.
struct Keys {
    primary: Vec<String>,
    /// A model's key is `id: ID!` where it says nothing.
    is_default: bool,
    secondary: Vec<Secondary>,
}

struct Secondary {
    name: String,
    fields: Vec<String>,
    query_field: Option<String>,
}

impl Keys {
    fn new(object: &ObjectType, findings: &mut Vec<Finding>) -> Keys {
        let mut keys = Keys { primary: Vec::new(), is_default: false, secondary: Vec::new() };
        for field in &object.fields {
            for directive in &field.directives {
                if let Directive::PrimaryKey { sort_key_fields } = directive {
                    keys.primary = [std::slice::from_ref(&field.name), sort_key_fields].concat();
                    keys.is_default = keys.primary == ["id"] && field.type_ref.name == "ID";
                }
            }
        }
        for field in &object.fields {
            for directive in &field.directives {
                let Directive::Index { name, query_field, sort_key_fields } = directive else { continue };
                let fields = [std::slice::from_ref(&field.name), sort_key_fields].concat();
                match keys.why_not(&fields) {
                    Some(why) => {
                        findings.push(Finding::new(&findings::NO_INDEX, format!("{}.{name}", object.path), why));
                    }
                    None => {
                        let query_field = Some(query_field.clone());
                        keys.secondary.push(Secondary { name: name.clone(), fields, query_field });
                    }
                }
            }
        }
        keys
    }

    /// Why there can be no key of these fields beside the primary one: what
    /// begins with that one's first field is a local index in version 1.
    fn why_not(&self, fields: &[String]) -> Option<String> {
        let first = self.primary.first()?;
        if fields.first() != Some(first) {
            return None;
        }
        let local = self.secondary.iter().filter(|key| key.fields.first() == Some(first)).count();
        if self.primary.len() < 2 || fields.len() < 2 {
            return Some(format!(
                "it begins with `{first}`, as the primary key does, which in version 1 takes a sort key in both"
            ));
        }
        (local == LOCAL_INDEXES).then(|| {
            format!("it begins with `{first}`, as the primary key does, and DynamoDB has {LOCAL_INDEXES} such indexes")
        })
    }

    /// The key that finds the rows of a relation: `Ok(None)` for the primary
    /// one, else a key's name, which is made where there is none.
    ///
    /// A key with more fields than these would not do: DynamoDB leaves rows
    /// out of an index that are null in any of its fields.
    fn of_relation(&mut self, fields: &[String]) -> Result<Option<String>, String> {
        if self.primary == fields || fields.len() == 1 && self.primary.first() == fields.first() {
            return Ok(None);
        }
        if let Some(key) = self.secondary.iter().find(|key| key.fields == fields) {
            return Ok(Some(key.name.clone()));
        }
        if let Some(why) = self.why_not(fields) {
            return Err(why);
        }
        let taken: BTreeSet<&str> = self.secondary.iter().map(|key| key.name.as_str()).collect();
        let words: Vec<String> = fields.iter().map(|field| upper_first(field)).collect();
        let mut wanted = format!("by{}", words.join("And"));
        if wanted.len() > LONGEST_NAME {
            wanted = "byRelation".to_owned();
        }
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken.contains(name.as_str()));
        let name = free.unwrap_or(wanted);
        self.secondary.push(Secondary { name: name.clone(), fields: fields.to_vec(), query_field: None });
        Ok(Some(name))
    }

    fn directives(self) -> Vec<Directive> {
        let primary = (!self.primary.is_empty() && !self.is_default).then_some(Directive::Key {
            name: None,
            fields: self.primary,
            query_field: None,
        });
        let secondary = self.secondary.into_iter().map(|Secondary { name, fields, query_field }| Directive::Key {
            name: Some(name),
            fields,
            query_field,
        });
        primary.into_iter().chain(secondary).collect()
    }
}

fn field_types(object: &ObjectType) -> BTreeMap<String, String> {
    object.fields.iter().map(|field| (field.name.clone(), field.type_ref.name.clone())).collect()
}

/// Why a relation's two sides cannot be connected: version 2 compares an ID
/// with a String, version 1 does not. `at` and `keys` are of the field's own
/// object, then of the other.
fn disagreement(
    field: &Field,
    at: [usize; 2],
    keys: [&[String]; 2],
    types: &[BTreeMap<String, String>],
) -> Option<String> {
    let (references, child, parent) = field.directives.iter().find_map(|directive| match directive {
        Directive::BelongsTo { references } => Some((references, 0, 1)),
        Directive::HasMany { references } | Directive::HasOne { references } => Some((references, 1, 0)),
        _ => None,
    })?;
    references.iter().zip(keys[parent]).find_map(|(reference, key)| {
        let (held, keyed) = (types[at[child]].get(reference)?, types[at[parent]].get(key)?);
        (held != keyed).then(|| format!("`{reference}` is {held}, and the key `{key}` is {keyed}"))
    })
}

/// What a relation's field is in version 1; `None` for a field that is no
/// relation, and an error where version 1 has no such relation.
fn connection(field: &Field, own: &[String], other: &mut Keys) -> Option<Result<Directive, String>> {
    let (key_name, fields) = field.directives.iter().find_map(|directive| match directive {
        Directive::BelongsTo { references } => Some((Ok(None), references.as_slice())),
        Directive::HasMany { references } => Some((other.of_relation(references), own)),
        // One object is found by its primary key alone.
        Directive::HasOne { references } if other.primary == *references => Some((Ok(None), own)),
        Directive::HasOne { references } => {
            let names = references.join("`, `");
            Some((Err(format!("version 1 finds one object by its primary key, which `{names}` is not")), own))
        }
        _ => None,
    })?;
    Some(key_name.map(|key_name| Directive::Connection { key_name, fields: fields.to_vec() }))
}

/// Takes away what version 1 has no directive for.
fn strip(field: &mut Field, path: &str, findings: &mut Vec<Finding>) {
    field.directives.retain(|directive| match directive {
        Directive::PrimaryKey { .. } | Directive::Index { .. } => false,
        Directive::Default { value } => {
            let why = value.as_ref().map_or("its sequence is not asked".to_owned(), |value| format!("`{value}`"));
            findings.push(Finding::new(&findings::NO_VERSION_1_DEFAULT, path, why));
            false
        }
        Directive::MaxLength(length) => {
            let why = format!("it may be longer than {length} characters");
            findings.push(Finding::new(&findings::NO_VERSION_1_LENGTH, path, why));
            false
        }
        _ => true,
    });
}

#[cfg(test)]
mod tests {
    use crate::codegen::cast::{Casting, cast};
    use crate::codegen::manifest::{self, Manifest};
    use crate::codegen::project::Project;

    fn casting(tables: &str) -> Casting {
        let yaml = format!("version: '1.0'\nschemas:\n- name: s\n  tables:\n{tables}");
        let mut manifest: Manifest = serde_yaml::from_str(&yaml).unwrap();
        manifest::sort(&mut manifest);
        let options = "{directives: v1, max_length: true}";
        let project = Project { amplify: serde_yaml::from_str(options).unwrap(), ..Project::default() };
        cast(&manifest, &project, &["amplify".to_owned()], "m.yaml").unwrap()
    }

    /// The lines of the types that are of keys and connections, without the
    /// model's operations and rules.
    fn lines(casting: &Casting) -> Vec<String> {
        assert_eq!(casting.artifacts.len(), 1, "no API is what version 2 compiles");
        let shown = |line: &str| match (line.strip_prefix("type "), line.split_once(" @auth")) {
            (Some(rest), Some((_, keys))) => {
                let (_, keys) = keys.split_once("]) ").unwrap_or_default();
                format!("{} {}", rest.split(' ').next().unwrap_or_default(), keys.trim_end_matches(" {"))
            }
            _ => line.trim().to_owned(),
        };
        let lines = casting.artifacts[0].contents.lines().map(shown);
        lines.filter(|line| line.contains("@key") || line.contains("@connection")).collect()
    }

    fn codes(casting: &Casting) -> Vec<(&str, &str)> {
        casting.findings.iter().map(|finding| (finding.code.id, finding.path.as_str())).collect()
    }

    const PARENT: &str = "  - name: teams
    columns: [{name: org, type: uuid, not_null: true}, {name: no, type: integer, not_null: true}]
    primary_key: {columns: [org, no]}
";

    #[test]
    fn children_are_found_by_a_key_of_their_own() {
        let casting = casting(&format!(
            "{PARENT}  - name: people
    columns: [{{name: id, type: uuid, not_null: true}}, {{name: org, type: uuid}}, {{name: no, type: integer}}, {{name: mail, type: varchar(9)}}, {{name: nick, type: text, default: \"'x'\"}}]
    primary_key: {{columns: [id]}}
    indexes: [{{name: people_mail, keys: [{{column: mail}}]}}]
    foreign_keys: [{{name: f, columns: [org, no], references: {{schema: s, table: teams, columns: [org, no]}}}}]
"
        ));
        assert_eq!(
            lines(&casting),
            [
                "Person @key(name: \"people_mail\", fields: [\"mail\"], queryField: \"peopleByMail\") \
                 @key(name: \"byOrgAndNo\", fields: [\"org\", \"no\"])",
                "team: Team @connection(fields: [\"org\", \"no\"])",
                "Team @key(fields: [\"org\", \"no\"])",
                "people: [Person] @connection(keyName: \"byOrgAndNo\", fields: [\"org\", \"no\"])",
            ]
        );
        assert_eq!(codes(&casting), [("AMP033", "s.people.nick"), ("AMP034", "s.people.mail")]);
    }

    #[test]
    fn what_begins_as_the_primary_key_is_a_local_index() {
        let index = |name: &str, columns: &str| {
            let keys: Vec<String> = columns.split(' ').map(|column| format!("{{column: {column}}}")).collect();
            format!("{{name: {name}, keys: [{}]}}", keys.join(", "))
        };
        let mut columns = "[{name: a, type: uuid, not_null: true}, {name: b, type: text, not_null: true}".to_owned();
        (0..7).for_each(|at| columns += &format!(", {{name: c{at}, type: text}}"));
        columns += "]";
        let table = |key: &str, indexes: &[String]| {
            let indexes = indexes.join(", ");
            format!(
                "  - name: t\n    columns: {columns}\n    primary_key: {{columns: [{key}]}}\n    indexes: [{indexes}]\n"
            )
        };
        let alone = casting(&table("a", &[index("i_ac", "a c0")]));
        assert_eq!(lines(&alone), ["T @key(fields: [\"a\"])"]);
        assert_eq!(codes(&alone), [("AMP011", "s.t.i_ac")]);
        let local = casting(&table("a, b", &[index("i_a", "a"), index("i_ac", "a c0")]));
        assert!(lines(&local)[0].contains("@key(name: \"i_ac\", fields: [\"a\", \"c0\"], queryField: "));
        assert_eq!(codes(&local), [], "the primary key does for the other");
        let many: Vec<String> = (0..7).map(|at| index(&format!("i{at}"), &format!("a c{at}"))).collect();
        assert_eq!(codes(&casting(&table("a, b", &many))).len(), 2, "DynamoDB has five");
    }

    #[test]
    fn one_object_is_found_by_its_primary_key_alone() {
        let one = |key: &str, unique: &str| {
            casting(&format!(
                "{PARENT}  - name: badges
    columns: [{{name: id, type: uuid, not_null: true}}, {{name: org, type: uuid, not_null: true}}, {{name: no, type: integer, not_null: true}}]
    primary_key: {{columns: [{key}]}}
    unique: [{unique}]
    foreign_keys: [{{name: f, columns: [org, no], references: {{schema: s, table: teams, columns: [org, no]}}}}]
"
            ))
        };
        let shared = one("org, no", "");
        assert!(lines(&shared).contains(&"badge: Badge @connection(fields: [\"org\", \"no\"])".to_owned()));
        assert_eq!(codes(&shared), []);
        let own = one("id", "{name: u, columns: [org, no]}");
        assert!(!lines(&own).iter().any(|line| line.starts_with("badge: ")));
        assert!(codes(&own).contains(&("AMP032", "s.teams")), "{:?}", codes(&own));
    }

    #[test]
    fn sides_of_different_types_are_not_connected() {
        let casting = casting(
            "  - name: parents
    columns: [{name: id, type: uuid, not_null: true}]
    primary_key: {columns: [id]}
  - name: children
    columns: [{name: id, type: uuid, not_null: true}, {name: parent, type: text}]
    primary_key: {columns: [id]}
    foreign_keys: [{name: f, columns: [parent], references: {schema: s, table: parents, columns: [id]}}]
",
        );
        assert_eq!(lines(&casting), [""; 0]);
        assert_eq!(codes(&casting), [("AMP032", "s.children"), ("AMP032", "s.parents")]);
    }

    #[test]
    fn it_is_for_dynamodb() {
        let manifest = manifest::read("version: '1.0'\nschemas: []\n").unwrap();
        let options = "{directives: v1, strategy: postgres}";
        let project = Project { amplify: serde_yaml::from_str(options).unwrap(), ..Project::default() };
        let errors = cast(&manifest, &project, &["amplify".to_owned()], "m.yaml").unwrap_err();
        assert!(errors[0].to_string().contains("amplify.strategy: dynamodb"), "{}", errors[0]);
    }
}
