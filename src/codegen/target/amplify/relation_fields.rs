//! The two fields of each relation: the parent on the child's side, the
//! children on the parent's.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::names::{ascii, assign, camel, singular};
use crate::codegen::relations::Cardinality;
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::names::{is_taken_field, lower_first, upper_first};
use crate::codegen::target::amplify::plural::plural;
use crate::codegen::target::amplify::relations::Link;
use crate::codegen::target::amplify::type_map::is_name;
use crate::codegen::target::amplify::view::{Field, Plan, TypeRef};

/// The relation fields by the object's place: its parents, then its children.
/// None of them is ever required, for the transformer refuses that.
pub fn relation_fields(plan: &Plan<'_>) -> Vec<Vec<Field>> {
    let mut wanted: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new(); plan.objects.len()];
    for link in &plan.links {
        wanted[link.child].insert(parent_key(link), parent_names(plan, link));
        wanted[link.parent].insert(children_key(link), children_names(plan, link));
    }
    let mut names = Vec::new();
    for (at, wanted) in wanted.iter().enumerate() {
        if wanted.is_empty() {
            names.push(BTreeMap::new());
            continue;
        }
        let mut taken: BTreeSet<String> = plan.fields[at].values().cloned().collect();
        // What `@refersTo` names may be no other field's name, and these
        // Amplify adds by itself.
        taken.extend(plan.objects[at].columns.iter().map(|column| column.name.clone()));
        taken.extend(["id", "createdAt", "updatedAt", "owner"].map(str::to_owned));
        names.push(assign(wanted, &taken, str::to_owned));
    }
    let mut fields: Vec<Vec<Field>> = vec![Vec::new(); plan.objects.len()];
    for link in &plan.links {
        let parent = plan.names.objects[&plan.objects[link.parent].path].clone();
        fields[link.child].push(Field {
            name: names[link.child][&parent_key(link)].clone(),
            description: None,
            type_ref: TypeRef::named(parent),
            directives: vec![Directive::BelongsTo { references: references(plan, link) }],
        });
    }
    for link in &plan.links {
        let child = plan.names.objects[&plan.objects[link.child].path].clone();
        let references = references(plan, link);
        let (type_ref, directive) = match link.cardinality {
            Cardinality::Many => (TypeRef::list_of(child), Directive::HasMany { references }),
            Cardinality::One => (TypeRef::named(child), Directive::HasOne { references }),
        };
        fields[link.parent].push(Field {
            name: names[link.parent][&children_key(link)].clone(),
            description: None,
            type_ref,
            directives: vec![directive],
        });
    }
    fields
}

fn parent_key(link: &Link<'_>) -> String {
    format!("parent {}", link.identity)
}

fn children_key(link: &Link<'_>) -> String {
    format!("children {}", link.identity)
}

fn references(plan: &Plan<'_>, link: &Link<'_>) -> Vec<String> {
    link.references.iter().map(|column| plan.fields[link.child][*column].clone()).collect()
}

/// `campaignIdAndRegion`, in PascalCase.
fn by(plan: &Plan<'_>, link: &Link<'_>) -> String {
    let fields: Vec<String> = references(plan, link).iter().map(|field| upper_first(field)).collect();
    fields.join("And")
}

/// `campaign`, else `campaignByCampaignId`.
fn parent_names(plan: &Plan<'_>, link: &Link<'_>) -> Vec<String> {
    let words = camel(&ascii(&link.parent_words));
    let parent = camel(&singular(&ascii(plan.objects[link.parent].name)));
    usable(vec![words, format!("{parent}By{}", by(plan, link))], plan, link)
}

/// `contacts`, else `contactsByCampaignId`. A table that refers to itself is
/// always the latter: the former would not say which way.
fn children_names(plan: &Plan<'_>, link: &Link<'_>) -> Vec<String> {
    let child = &plan.names.objects[&plan.objects[link.child].path];
    let children = match link.cardinality {
        Cardinality::Many => lower_first(&plural(child)),
        Cardinality::One => lower_first(child),
    };
    let exact = format!("{children}By{}", by(plan, link));
    usable(if link.child == link.parent { vec![exact] } else { vec![children, exact] }, plan, link)
}

fn usable(mut candidates: Vec<String>, plan: &Plan<'_>, link: &Link<'_>) -> Vec<String> {
    candidates.retain(|name| is_name(name) && !is_taken_field(name));
    if candidates.is_empty() {
        candidates.push(format!("relationBy{}", by(plan, link)));
    }
    candidates
}
