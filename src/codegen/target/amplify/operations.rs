//! The names of queries, mutations and subscriptions, and of indexes.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::names::{ascii, assign, mark};
use crate::codegen::target::amplify::directives::{ModelArguments, Mutations, Queries, Subscriptions};
use crate::codegen::target::amplify::names::{lower_first, upper_first};
use crate::codegen::target::amplify::options::Operations;
use crate::codegen::target::amplify::plural::plural;

/// AppSync's longest name of a subscription.
const LONGEST_SUBSCRIPTION: usize = 50;

/// An index that is to be named.
pub struct WantedIndex<'a> {
    /// Tells it apart from every other one.
    pub identity: &'a str,
    pub name: &'a str,
    pub model: &'a str,
    /// The fields: the first and its sort keys.
    pub fields: Vec<&'a str>,
}

/// All names over Query, by model and by index.
#[derive(Debug, Default)]
pub struct QueryNames {
    /// By the model's type.
    pub models: BTreeMap<String, Queries>,
    /// `queryField` and name, by the index's identity.
    pub indexes: BTreeMap<String, (String, String)>,
}

/// Gives every query a name of its own.
pub fn query_names(models: &[&str], indexes: &[WantedIndex<'_>]) -> QueryNames {
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for model in models {
        wanted.insert(format!("get {model}"), vec![default_get(model), format!("get{model}Record")]);
        wanted.insert(format!("list {model}"), vec![default_list(model), format!("list{model}Records")]);
    }
    for index in indexes {
        let fields: Vec<String> = index.fields.iter().map(|field| upper_first(field)).collect();
        let by = format!("{}By{}", lower_first(&plural(index.model)), fields.join("And"));
        let query_field = if by.len() > 200 { format!("{}_{}", &by[..180], mark(&by, 10)) } else { by };
        wanted.insert(format!("index {}", index.identity), vec![query_field.clone(), format!("{query_field}Index")]);
    }
    let names = assign(&wanted, &BTreeSet::new(), str::to_owned);
    let mut found = QueryNames::default();
    for model in models {
        let queries =
            Queries { get: names[&format!("get {model}")].clone(), list: names[&format!("list {model}")].clone() };
        found.models.insert((*model).to_owned(), queries);
    }
    let index_names = index_names(indexes);
    for index in indexes {
        let query_field = names[&format!("index {}", index.identity)].clone();
        found.indexes.insert(index.identity.to_owned(), (query_field, index_names[index.identity].clone()));
    }
    found
}

/// Index names of letters, digits and `_`: the transformer takes `.` and `-`
/// too, but makes type names of them where there are several sort keys
/// (`Model<Type><Index>CompositeKeyInput`), and those must be unique.
fn index_names(indexes: &[WantedIndex<'_>]) -> BTreeMap<String, String> {
    let wanted: BTreeMap<String, Vec<String>> = indexes
        .iter()
        .map(|index| {
            let name: String = ascii(index.name).chars().take(200).collect();
            let name =
                if name.len() < 3 || name.eq_ignore_ascii_case("primary") { format!("{name}_idx") } else { name };
            // The model comes first, so that names are compared with it.
            (index.identity.to_owned(), vec![format!("{} {name}", index.model)])
        })
        .collect();
    let folded = |name: &str| {
        let (model, name) = name.split_once(' ').unwrap_or_default();
        format!("{model}{}", upper_first(name))
    };
    let names = assign(&wanted, &BTreeSet::new(), folded);
    names
        .into_iter()
        .map(|(key, name)| (key, name.split_once(' ').map_or(name.clone(), |(_, own)| own.to_owned())))
        .collect()
}

/// What `@model` has to say about the operations.
pub fn model_arguments(model: &str, queries: &Queries, operations: Operations, read_only: bool) -> ModelArguments {
    let mut arguments = ModelArguments::default();
    if *queries != default_queries(model) || operations == Operations::Explicit {
        arguments.queries = Some(queries.clone());
    }
    if read_only {
        arguments.mutations = Some(Mutations::None);
        arguments.subscriptions = Some(Subscriptions::None);
    } else if operations == Operations::Explicit {
        arguments.mutations = Some(Mutations::Named {
            create: format!("create{model}"),
            update: format!("update{model}"),
            delete: format!("delete{model}"),
        });
        arguments.subscriptions = Some(Subscriptions::Named {
            on_create: subscription("onCreate", model),
            on_update: subscription("onUpdate", model),
            on_delete: subscription("onDelete", model),
        });
    }
    arguments
}

fn subscription(event: &str, model: &str) -> String {
    let name = format!("{event}{model}");
    if name.len() <= LONGEST_SUBSCRIPTION {
        name
    } else {
        format!("{}_{}", &name[..LONGEST_SUBSCRIPTION - 7], mark(&name, 6))
    }
}

/// The names that a model's queries have if nobody gives them others.
pub fn default_queries(model: &str) -> Queries {
    Queries { get: default_get(model), list: default_list(model) }
}

/// The name that Amplify gives a model's query for one record.
pub fn default_get(model: &str) -> String {
    format!("get{model}")
}

/// The name that Amplify gives a model's query for many records.
pub fn default_list(model: &str) -> String {
    format!("list{}", plural(model))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_default_until_they_collide() {
        let names = query_names(&["Person", "People", "Contact"], &[]);
        assert_eq!(names.models["Contact"].list, "listContacts");
        assert_eq!(names.models["People"].list, "listPeopleRecords");
        assert_eq!(names.models["Person"].list, "listPersonRecords");
        let arguments =
            |model: &str| model_arguments(model, &names.models[model], Operations::Default, false).to_string();
        assert_eq!(arguments("Contact"), "@model");
        assert_eq!(arguments("People"), "@model(queries: {get: \"getPeople\", list: \"listPeopleRecords\"})");
    }

    #[test]
    fn index_names_are_names() {
        let index = |identity, name, fields: &[&'static str]| WantedIndex {
            identity,
            name,
            model: "Contact",
            fields: fields.to_vec(),
        };
        let names = query_names(
            &["Contact"],
            &[index("a", "a.b-c", &["email"]), index("b", "x", &["email", "status"]), index("c", "X", &["status"])],
        );
        assert_eq!(names.indexes["a"], ("contactsByEmail".to_owned(), "a_b_c".to_owned()));
        assert_eq!(names.indexes["b"].0, "contactsByEmailAndStatus");
        assert_ne!(names.indexes["b"].1.to_lowercase(), names.indexes["c"].1.to_lowercase());
    }
}
