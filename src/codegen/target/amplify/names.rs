//! The names of types, enums and fields.
//!
//! Types are PascalCase singulars, fields camelCase. What collides, with
//! another name or with what the transformer makes of one, moves on to its
//! next candidate, so that a name never depends on what else is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::names::{ascii, assign, camel, mark, pascal, singular};
use crate::codegen::target::amplify::type_map::is_name;

mod reserved;

pub use reserved::is_reserved_type;

/// Longer names are cut, for CloudFormation's identifiers end at 255
/// characters and hold two names and more.
const LONGEST: usize = 80;

/// What is to be named: a table or view, or an enum.
pub struct Wanted<'m> {
    /// Its path.
    pub path: &'m str,
    pub schema: &'m str,
    pub name: &'m str,
    pub is_enum: bool,
}

/// The type of each path: two maps, for tables and views, and for enums.
#[derive(Debug, Default)]
pub struct TypeNames {
    pub objects: BTreeMap<String, String>,
    pub enums: BTreeMap<String, String>,
}

/// Names every type and enum.
pub fn type_names(wanted: &[Wanted<'_>]) -> TypeNames {
    let identity = |item: &Wanted<'_>| format!("{}:{}", if item.is_enum { "enum" } else { "type" }, item.path);
    let mut candidates: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let kinds: BTreeMap<String, &Wanted<'_>> = wanted.iter().map(|item| (identity(item), item)).collect();
    for (key, item) in &kinds {
        candidates.insert(key.clone(), type_candidates(item));
    }
    // What `@refersTo` names: no type may be called what another's table is.
    // Outside of `public` that has a dot, which no type has.
    let targets: BTreeMap<&str, &String> = kinds
        .iter()
        .filter(|(_, item)| !item.is_enum && item.schema == "public")
        .map(|(key, item)| (item.name, key))
        .collect();
    let mut names = assign(&candidates, &BTreeSet::new(), str::to_lowercase);
    // Each round moves at least one name on, and each has few candidates.
    for _ in 0..64 {
        let mut losers = reserved::clashes(&names, |key| kinds[key].is_enum);
        for (key, name) in &names {
            if let Some(owner) = targets.get(name.as_str()).filter(|owner| **owner != key && names[**owner] != *name) {
                losers.insert(key.clone());
                losers.insert((*owner).clone());
            }
        }
        if losers.is_empty() {
            break;
        }
        for key in losers {
            let spent = names[&key].clone();
            let list = candidates.entry(key.clone()).or_default();
            list.retain(|candidate| *candidate != spent);
            if list.is_empty() {
                list.push(format!("{spent}_{}", mark(&key, 6)));
            }
        }
        names = assign(&candidates, &BTreeSet::new(), str::to_lowercase);
    }
    let mut found = TypeNames::default();
    for (key, name) in names {
        let item = kinds[&key];
        let map = if item.is_enum { &mut found.enums } else { &mut found.objects };
        map.insert(item.path.to_owned(), name);
    }
    found
}

/// A type's candidates: the name in the singular, the name as it is, and both
/// behind the schema's; with `Record` or `Enum` where that helps.
fn type_candidates(item: &Wanted<'_>) -> Vec<String> {
    let name = ascii(item.name);
    let schema = ascii(item.schema);
    let one = if item.is_enum { name.clone() } else { singular(&name) };
    let suffix = if item.is_enum { "Enum" } else { "Record" };
    let plain = type_name(&one, item.path);
    let mut candidates = vec![plain.clone()];
    if is_reserved_type(&plain) || item.is_enum {
        candidates.push(short(&format!("{plain}{suffix}"), item.path));
    }
    candidates.push(type_name(&name, item.path));
    candidates.push(type_name(&format!("{schema}_{one}"), item.path));
    candidates.push(type_name(&format!("{schema}_{name}"), item.path));
    candidates.push(short(&format!("{}{suffix}", type_name(&format!("{schema}_{one}"), item.path)), item.path));
    // A name may stand there twice: `person` keeps its own when `people`, which
    // wants it in the singular, has gone on to the name as it is.
    let mut allowed: Vec<String> = candidates.into_iter().filter(|name| !is_reserved_type(name)).collect();
    if allowed.is_empty() {
        allowed.push(format!("T_{}", mark(item.path, 10)));
    }
    allowed
}

fn type_name(words: &str, identity: &str) -> String {
    let name = pascal(words);
    let name = if name.is_empty() { "Unnamed".to_owned() } else { leading(name) };
    short(&name, identity)
}

/// A name that does not begin with a digit.
fn leading(name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// A name of at most the longest length; a cut one ends in its mark.
fn short(name: &str, identity: &str) -> String {
    if name.len() <= LONGEST { name.to_owned() } else { format!("{}_{}", &name[..LONGEST - 11], mark(identity, 10)) }
}

/// Names the fields of one type's columns, each given with whether it is a
/// list. `keyed` says which columns are in
/// a key or an index: the transformer makes arguments of those, beside its
/// own. `renamed` are columns whose first name is taken by an argument.
pub fn field_names(
    columns: &[(&str, bool)],
    keyed: &BTreeSet<&str>,
    renamed: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let wanted = columns.iter().map(|(column, list)| {
        let folded = ascii(column);
        let base = short(&leading(some(camel(&folded), "field")), column);
        let is_argument = keyed.contains(column) && ARGUMENTS.contains(&base.as_str());
        let mut candidates = Vec::new();
        if is_taken_field(&base) || is_argument {
            candidates.push(format!("{base}Value"));
        } else if *list && AUTOMATIC.contains(&base.as_str()) {
            candidates.push(format!("{base}List"));
        } else if renamed.contains(column) {
            candidates.push(format!("{base}Key"));
        } else {
            candidates.push(base.clone());
            let raw = short(&leading(folded), column);
            let usable = is_name(&raw) && !raw.contains("__") && !is_taken_field(&raw);
            if usable && !(keyed.contains(column) && ARGUMENTS.contains(&raw.as_str())) {
                candidates.push(raw);
            }
        }
        ((*column).to_owned(), candidates)
    });
    apart_from_columns(wanted.collect())
}

/// Assigns the names so that no field is called what `@refersTo` calls another
/// field's column: the transformer refuses that (measured).
fn apart_from_columns(mut candidates: BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let mut names = assign(&candidates, &BTreeSet::new(), str::to_owned);
    // Each round moves at least one name on, and each has few candidates.
    for _ in 0..64 {
        let is_taken = |column: &str, name: &str| name != column && names.get(name).is_some_and(|own| own != name);
        let losers: Vec<String> = names.iter().filter(|(c, name)| is_taken(c, name)).map(|(c, _)| c.clone()).collect();
        if losers.is_empty() {
            break;
        }
        for column in losers {
            let spent = names[&column].clone();
            let list = candidates.entry(column.clone()).or_default();
            list.retain(|candidate| *candidate != spent);
            if list.is_empty() {
                list.push(format!("{}_{}", short(&spent, &column), mark(&column, 6)));
            }
        }
        names = assign(&candidates, &BTreeSet::new(), str::to_owned);
    }
    names
}

fn some(name: String, otherwise: &str) -> String {
    if name.is_empty() { otherwise.to_owned() } else { name }
}

/// Whether no field may have the name.
pub fn is_taken_field(name: &str) -> bool {
    OPERATORS.contains(&name) || PROPERTIES.contains(&name)
}

/// What every filter input has of its own.
const OPERATORS: [&str; 3] = ["and", "or", "not"];

/// What every object of JavaScript has. The transformer, and the schema
/// builder of Gen 2, look fields up in plain objects and take these for theirs:
/// `@validate` on a `toString` aborts the one, and any `constructor` the other
/// (measured).
const PROPERTIES: [&str; 7] =
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// What Amplify fills by itself; it fails on a list of that name (measured).
const AUTOMATIC: [&str; 3] = ["id", "createdAt", "updatedAt"];

/// What every list query has of its own.
pub const ARGUMENTS: [&str; 4] = ["filter", "limit", "nextToken", "sortDirection"];

/// The first letter in upper case, as the transformer joins names.
pub fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

/// The first letter in lower case.
pub fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_lowercase(), letters.as_str()))
}

/// The argument that the transformer makes of several sort keys.
pub fn composite_argument(fields: &[&str]) -> String {
    let joined: String = fields.iter().map(|field| upper_first(field)).collect();
    lower_first(&joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(items: &[(&'static str, &'static str, bool)]) -> BTreeMap<String, String> {
        let paths: Vec<String> = items.iter().map(|(schema, name, _)| format!("{schema}.{name}")).collect();
        let wanted: Vec<Wanted<'_>> = items
            .iter()
            .zip(&paths)
            .map(|((schema, name, is_enum), path)| Wanted { path, schema, name, is_enum: *is_enum })
            .collect();
        let found = type_names(&wanted);
        found
            .objects
            .into_iter()
            .chain(found.enums.into_iter().map(|(path, name)| (format!("{path}!"), name)))
            .collect()
    }

    #[test]
    fn types_are_pascal_singulars() {
        let found = names(&[
            ("public", "order_lines", false),
            ("public", "2fa_codes", false),
            ("public", "größen", false),
            ("public", "query", false),
            ("public", "aws_logs", false),
            ("public", "a_w_s_keys", false),
            ("public", "---", false),
        ]);
        let all: BTreeSet<&str> = found.values().map(String::as_str).collect();
        let expected = ["Unnamed", "_2faCode", "PublicAWSKey", "AwsLog", "Groessen", "OrderLine", "QueryRecord"];
        assert_eq!(all, BTreeSet::from(expected));
    }

    #[test]
    fn collisions_are_settled_without_an_order() {
        let found = names(&[("a", "users", false), ("b", "users", false)]);
        assert_eq!((found["a.users"].as_str(), found["b.users"].as_str()), ("AUser", "BUser"));
        let found = names(&[("public", "person", false), ("public", "people", false)]);
        assert_eq!((found["public.person"].as_str(), found["public.people"].as_str()), ("Person", "People"));
        let found = names(&[("public", "plans", false), ("public", "subscription_plans", false)]);
        assert_eq!(found["public.plans"], "Plan");
        assert_ne!(found["public.subscription_plans"], "SubscriptionPlan");
        let found = names(&[
            ("public", "plans", false),
            ("public", "plan_filter", true),
            ("public", "e", true),
            ("public", "e_list", true),
        ]);
        assert_ne!(found["public.plan_filter!"], "PlanFilter");
        assert_eq!(found["public.e!"], "E");
        assert_ne!(found["public.e_list!"], "EList");
    }

    #[test]
    fn fields_are_camel_and_never_operators() {
        let keyed = BTreeSet::from(["limit"]);
        let found = field_names(
            &["user_id", "and", "limit", "filter", "2fa", "a__b", "x_y", "xY", "größe", "groesse", "?", "to_string"]
                .map(|column| (column, column == "filter")),
            &keyed,
            &BTreeSet::new(),
        );
        for (column, name) in [
            ("user_id", "userId"),
            ("and", "andValue"),
            ("limit", "limitValue"),
            ("filter", "filter"),
            ("2fa", "_2fa"),
            ("a__b", "aB"),
            ("x_y", "x_y"),
            ("xY", "xY"),
            ("?", "field"),
            ("to_string", "toStringValue"),
        ] {
            assert_eq!(found[column], name, "{column}");
        }
        assert_ne!(found["größe"], found["groesse"]);
    }

    #[test]
    fn no_field_is_called_as_the_column_of_another() {
        let columns = [("created_at", false), ("createdAt", true), ("created at", false)];
        let found = field_names(&columns, &BTreeSet::new(), &BTreeSet::new());
        for (column, field) in &found {
            let other = found.iter().find(|(name, own)| *name != column && *name == field && name != own);
            assert_eq!(other, None, "{found:?}");
        }
        assert_eq!(found["createdAt"], "createdAtList");
    }

    #[test]
    fn no_field_is_called_what_another_is_a_new_name_for() {
        let columns = ["nextToken", "next_token"].map(|column| (column, false));
        let found = field_names(&columns, &BTreeSet::from(["nextToken"]), &BTreeSet::new());
        assert_eq!((found["nextToken"].as_str(), found["next_token"].as_str()), ("nextTokenValue", "next_token"));
    }
}
