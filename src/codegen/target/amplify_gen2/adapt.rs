//! The view of the target `amplify`, without what the schema builder cannot
//! say: each change has a finding.
//!
//! The limits were measured on @aws-amplify/data-schema 1.26.2, on what it
//! makes of a schema and on what its types let through `tsc --strict`.

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::directives::{Directive, Mutations, Timestamps};
use crate::codegen::target::amplify::view::{Field, ObjectType, TypeRef, View};
use crate::codegen::target::amplify_gen2::findings;
use crate::codegen::target::amplify_gen2::operations::{self, arguments};
use crate::codegen::target::amplify_gen2::resource::scalar;

/// Takes out of a view what the schema builder cannot say.
pub fn adapt(mut view: View, findings: &mut Vec<Finding>) -> View {
    keys(&mut view, findings);
    for object in &mut view.types {
        indexes(object, findings);
        defaults(object, findings);
        lengths(object, findings);
        timestamps(object, findings);
    }
    descriptions(&view, findings);
    operations::operations(&mut view, findings);
    view
}

/// An identifier's fields are scalars that are required by themselves, which a
/// reference to an enum is not, and no JSON. What refers to a key that became
/// a string is one too.
fn keys(view: &mut View, findings: &mut Vec<Finding>) {
    let mut changes = Vec::new();
    for (at, object) in view.types.iter().enumerate() {
        for field in key(object) {
            if !is_plain(&object.fields[field].type_ref.name) {
                changes.push((at, field));
            }
        }
    }
    while let Some((at, field)) = changes.pop() {
        let object = &mut view.types[at];
        let type_ref = &object.fields[field].type_ref;
        if type_ref.name == "String" {
            continue;
        }
        let why = format!("it would be {type_ref}, which no identifier is made of");
        let string = TypeRef::named("String").with_required(type_ref.required);
        findings.push(Finding::new(&findings::KEY_AS_STRING, member(object, field), why));
        object.fields[field].type_ref = string;
        let place = key(object).iter().position(|own| *own == field);
        let Some(place) = place else { continue };
        let parent = object.name.clone();
        for (at, object) in view.types.iter().enumerate() {
            for field in object.fields.iter().filter(|field| field.type_ref.name == parent) {
                for directive in &field.directives {
                    if let Directive::BelongsTo { references } = directive {
                        let child = references.get(place).and_then(|name| field_at(object, name));
                        changes.extend(child.map(|child| (at, child)));
                    }
                }
            }
        }
    }
}

/// The places of the fields of a model's key.
fn key(object: &ObjectType) -> Vec<usize> {
    for (at, field) in object.fields.iter().enumerate() {
        for directive in &field.directives {
            if let Directive::PrimaryKey { sort_key_fields } = directive {
                let sort_keys = sort_key_fields.iter().filter_map(|name| field_at(object, name));
                return std::iter::once(at).chain(sort_keys).collect();
            }
        }
    }
    Vec::new()
}

fn is_plain(type_name: &str) -> bool {
    type_name != "AWSJSON" && scalar(type_name).is_some()
}

fn indexes(object: &mut ObjectType, findings: &mut Vec<Finding>) {
    let is_json = |field: &Field| field.type_ref.name == "AWSJSON";
    let json: Vec<String> =
        object.fields.iter().filter(|field| is_json(field)).map(|field| field.name.clone()).collect();
    for field in &mut object.fields {
        let first = field.name.clone();
        field.directives.retain(|directive| {
            let Directive::Index { name, sort_key_fields, .. } = directive else { return true };
            let Some(column) = std::iter::once(&first).chain(sort_key_fields).find(|name| json.contains(name)) else {
                return true;
            };
            let path = format!("{}.{name}", object.path);
            findings.push(Finding::new(&findings::NO_INDEX, path, format!("`{column}` is JSON")));
            false
        });
    }
}

/// `a.ref(…)` takes no default.
fn defaults(object: &mut ObjectType, findings: &mut Vec<Finding>) {
    for at in 0..object.fields.len() {
        let path = member(object, at);
        let field = &mut object.fields[at];
        if scalar(&field.type_ref.name).is_some() {
            continue;
        }
        field.directives.retain(|directive| {
            let Directive::Default { value } = directive else { return true };
            let why = format!("`{}`: a reference to an enum has no default", value.as_deref().unwrap_or_default());
            findings.push(Finding::new(&findings::NO_ENUM_DEFAULT, path.clone(), why));
            false
        });
    }
}

/// The builder says nothing of what is validated in the first field of a key.
fn lengths(object: &mut ObjectType, findings: &mut Vec<Finding>) {
    let Some(first) = key(object).first().copied() else { return };
    let path = member(object, first);
    object.fields[first].directives.retain(|directive| {
        let Directive::MaxLength(length) = directive else { return true };
        let why = format!("it may be longer than {length} characters");
        findings.push(Finding::new(&findings::NO_MAX_LENGTH, path.clone(), why));
        false
    });
}

/// Amplify sets `createdAt` and `updatedAt`, and adds them where they are not.
fn timestamps(object: &mut ObjectType, findings: &mut Vec<Finding>) {
    let Some(arguments) = arguments(object) else { return };
    let wanted = arguments.timestamps.clone();
    let is_written = arguments.mutations != Some(Mutations::None);
    let key = key(object);
    for (at, name) in TIMESTAMPS.into_iter().enumerate() {
        let field = field_at(object, name);
        let path = field.map_or_else(|| object.path.clone(), |field| member(object, field));
        // What is of another type Amplify leaves to whoever writes it.
        let is_set = field.is_some_and(|field| {
            is_written && matches!(object.fields[field].type_ref.name.as_str(), "AWSDateTime" | "String")
        });
        let why = match &wanted {
            Some(Timestamps::None) if field.is_none() => {
                Some(format!("Amplify adds a field `{name}`, which the table has not"))
            }
            Some(Timestamps::None) if is_set => Some(format!("Amplify sets `{name}`")),
            Some(Timestamps::Named { created_at, updated_at }) => {
                let chosen = [created_at, updated_at][at];
                (chosen != name).then(|| format!("Amplify sets `{name}` and not `{chosen}`"))
            }
            _ => None,
        };
        findings.extend(why.map(|why| Finding::new(&findings::TIMESTAMP_NAMES, path.clone(), why)));
        if let Some(field) = field.filter(|field| is_set && !key.contains(field))
            && object.fields[field].type_ref.required
        {
            object.fields[field].type_ref.required = false;
            let why = "Amplify sets it, and TypeScript would ask for it in every create";
            findings.push(Finding::new(&findings::NULLABLE_TIMESTAMP, path, why));
        }
    }
}

const TIMESTAMPS: [&str; 2] = ["createdAt", "updatedAt"];

fn descriptions(view: &View, findings: &mut Vec<Finding>) {
    let fields = view.types.iter().flat_map(|object| &object.fields).map(|field| &field.description);
    let types = view.types.iter().map(|object| &object.description);
    let enums = view.enums.iter().map(|item| &item.description);
    let count = fields.chain(types).chain(enums).filter(|description| description.is_some()).count();
    if count > 0 {
        let why = format!("{count} of them stand in the file alone, for Amplify Gen 2 makes no descriptions");
        findings.push(Finding::new(&findings::NO_DESCRIPTIONS, "amplify_gen2", why));
    }
}

fn field_at(object: &ObjectType, name: &str) -> Option<usize> {
    object.fields.iter().position(|field| field.name == name)
}

/// The path of a field: its column's, or for a relation the type's with the
/// field's name.
fn member(object: &ObjectType, at: usize) -> String {
    object.columns.get(at).cloned().unwrap_or_else(|| format!("{}.{}", object.path, object.fields[at].name))
}
