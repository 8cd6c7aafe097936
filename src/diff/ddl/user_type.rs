//! Enums, domains, composite types and ranges.

use super::{Alter, Statement, constraint, not_null, text};
use crate::codegen::manifest::{Attribute, Check, Composite, Domain, Enum, Range};
use crate::codegen::sql::{identifier, qualified};

/// CREATE TYPE … AS ENUM.
pub fn create_enum(schema: &str, item: &Enum) -> Statement {
    let labels: Vec<String> = item.labels.iter().map(|label| text::literal(label)).collect();
    Statement::new(format!("CREATE TYPE {} AS ENUM ({})", qualified(schema, &item.name), labels.join(", ")))
}

/// Labels are added where they belong; one that goes, or moves, needs the type
/// to be made again.
pub fn alter_enum(schema: &str, from: &Enum, to: &Enum) -> Alter {
    let mut kept = to.labels.iter().filter(|label| from.labels.contains(label));
    if !from.labels.iter().all(|label| kept.next() == Some(label)) {
        return Alter::Recreate;
    }
    let name = qualified(schema, &to.name);
    let mut statements = Vec::new();
    let mut previous: Option<&String> = None;
    for label in &to.labels {
        if !from.labels.contains(label) {
            let place = match (previous, from.labels.first()) {
                (Some(previous), _) => format!(" AFTER {}", text::literal(previous)),
                (None, Some(first)) => format!(" BEFORE {}", text::literal(first)),
                (None, None) => String::new(),
            };
            let sql = format!("ALTER TYPE {name} ADD VALUE {}{place}", text::literal(label));
            statements.push(Statement::outside_transaction(sql));
        }
        previous = Some(label);
    }
    Alter::InPlace(statements)
}

/// CREATE DOMAIN; its checks are objects of their own.
pub fn create_domain(schema: &str, domain: &Domain) -> Vec<Statement> {
    let mut text = format!("CREATE DOMAIN {} AS {}", qualified(schema, &domain.name), domain.type_name);
    if let Some(collation) = &domain.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if domain.not_null {
        if let Some(name) = domain.not_null_constraint.as_ref().and_then(|constraint| constraint.name.as_ref()) {
            text.push_str(&format!(" CONSTRAINT {}", identifier(name)));
        }
        text.push_str(" NOT NULL");
    }
    [Statement::new(text)].into_iter().chain(not_null::domain_settings(schema, domain)).collect()
}

/// How one attribute of a domain becomes another.
pub fn alter_domain(schema: &str, from: &Domain, to: &Domain, attribute: &str) -> Alter {
    let domain = format!("ALTER DOMAIN {}", qualified(schema, &to.name));
    match attribute {
        "default" => match &to.default {
            Some(default) => Alter::by(format!("{domain} SET DEFAULT {default}")),
            None => Alter::by(format!("{domain} DROP DEFAULT")),
        },
        "not_null" => Alter::InPlace(not_null::alter_domain(schema, from, to)),
        _ if attribute.starts_with("not_null_constraint.") => Alter::InPlace(not_null::alter_domain(schema, from, to)),
        _ => Alter::Recreate,
    }
}

/// ALTER DOMAIN … ADD CONSTRAINT.
pub fn create_domain_check(schema: &str, domain: &Domain, check: &Check) -> Statement {
    let name = if check.name.is_empty() { String::new() } else { format!("CONSTRAINT {} ", identifier(&check.name)) };
    let domain = qualified(schema, &domain.name);
    Statement::new(format!("ALTER DOMAIN {domain} ADD {name}{}", constraint::check(check)))
}

/// ALTER DOMAIN … DROP CONSTRAINT.
pub fn drop_domain_check(schema: &str, domain: &Domain, check: &Check) -> Statement {
    Statement::new(format!(
        "ALTER DOMAIN {} DROP CONSTRAINT {}",
        qualified(schema, &domain.name),
        identifier(&check.name)
    ))
}

/// How one attribute of a domain's check becomes another.
pub fn alter_domain_check(schema: &str, domain: &Domain, from: &Check, to: &Check, attribute: &str) -> Alter {
    match attribute {
        "not_valid" if from.not_valid && !to.not_valid => {
            let (domain, name) = (qualified(schema, &domain.name), identifier(&to.name));
            Alter::by(format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}"))
        }
        _ => Alter::Recreate,
    }
}

/// CREATE TYPE … AS (…).
pub fn create_composite(schema: &str, composite: &Composite) -> Statement {
    let attributes: Vec<String> = composite.attributes.iter().map(attribute).collect();
    let attributes =
        if attributes.is_empty() { String::new() } else { format!("\n    {}\n", attributes.join(",\n    ")) };
    Statement::new(format!("CREATE TYPE {} AS ({attributes})", qualified(schema, &composite.name)))
}

fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_deref().map(|collation| format!(" COLLATE {collation}"));
    format!("{} {}{}", identifier(&attribute.name), attribute.type_name, collation.unwrap_or_default())
}

/// ALTER TYPE … ADD ATTRIBUTE; `typed` where a table is made of the type,
/// which then gets the column too.
pub fn create_attribute(schema: &str, composite: &Composite, item: &Attribute, typed: bool) -> Statement {
    let cascade = if typed { " CASCADE" } else { "" };
    let name = qualified(schema, &composite.name);
    Statement::new(format!("ALTER TYPE {name} ADD ATTRIBUTE {}{cascade}", attribute(item)))
}

/// ALTER TYPE … DROP ATTRIBUTE: its values are lost wherever the type is stored.
pub fn drop_attribute(schema: &str, composite: &Composite, item: &Attribute, typed: bool) -> Statement {
    let cascade = if typed { " CASCADE" } else { "" };
    let name = qualified(schema, &composite.name);
    Statement::destructive(format!("ALTER TYPE {name} DROP ATTRIBUTE {}{cascade}", identifier(&item.name)))
}

/// ALTER TYPE … ALTER ATTRIBUTE.
pub fn alter_attribute(schema: &str, composite: &Composite, to: &Attribute, typed: bool) -> Alter {
    let cascade = if typed { " CASCADE" } else { "" };
    let collation = to.collation.as_deref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
    let (name, own) = (qualified(schema, &composite.name), identifier(&to.name));
    Alter::by(format!("ALTER TYPE {name} ALTER ATTRIBUTE {own} TYPE {}{collation}{cascade}", to.type_name))
}

/// CREATE TYPE … AS RANGE. A canonical function takes the range itself: the
/// type is announced first, and the function made in between.
pub fn create_range(schema: &str, range: &Range) -> Statement {
    let mut parts = vec![format!("subtype = {}", range.subtype)];
    let mut add =
        |name: &str, value: &Option<String>| parts.extend(value.as_ref().map(|value| format!("{name} = {value}")));
    add("subtype_opclass", &range.operator_class);
    add("collation", &range.collation);
    add("canonical", &range.canonical);
    add("subtype_diff", &range.subtype_diff);
    add("multirange_type_name", &range.multirange.as_deref().map(|name| qualified(schema, name)));
    Statement::new(format!(
        "CREATE TYPE {} AS RANGE (\n    {}\n)",
        qualified(schema, &range.name),
        parts.join(",\n    ")
    ))
}

/// DROP TYPE or DROP DOMAIN.
pub fn drop(word: &str, schema: &str, name: &str) -> Statement {
    Statement::new(format!("DROP {word} {}", qualified(schema, name)))
}
