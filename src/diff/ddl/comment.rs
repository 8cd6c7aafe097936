//! COMMENT ON.

use super::text;
use crate::codegen::manifest::Kind;
use crate::codegen::sql::{identifier, qualified};
use crate::diff::object::{Item, Object, Relation};

/// COMMENT ON what the object is; without a comment, the one there is goes.
/// `None` for what can have none.
pub fn comment(object: &Object<'_>, comment: Option<&str>) -> Option<String> {
    let (word, name) = target(object)?;
    Some(statement(word, &name, comment))
}

/// `COMMENT ON word name IS …`.
pub fn statement(word: &str, name: &str, comment: Option<&str>) -> String {
    let comment = comment.map_or_else(|| "NULL".to_owned(), text::literal);
    format!("COMMENT ON {word} {name} IS {comment}")
}

/// The words and the name that COMMENT ON takes for an object.
pub fn target(object: &Object<'_>) -> Option<(&'static str, String)> {
    let on_relation =
        |name: &str, on: &Relation<'_>| format!("{} ON {}", identifier(name), qualified(on.schema, on.name));
    let column = |on: &Relation<'_>, name: &str| format!("{}.{}", qualified(on.schema, on.name), identifier(name));
    let path = || object.id.path.clone();
    Some(match object.item {
        Item::Schema(_) => ("SCHEMA", path()),
        Item::Extension(_) => ("EXTENSION", path()),
        Item::Table { .. } if object.id.kind == Kind::ForeignTable => ("FOREIGN TABLE", path()),
        Item::Partition(of) if of.partition.foreign.is_some() => ("FOREIGN TABLE", path()),
        Item::Table { .. } | Item::Partition(_) => ("TABLE", path()),
        Item::Column { on, column: item } | Item::ViewColumn { on, column: item } => {
            ("COLUMN", column(&on, &item.name))
        }
        Item::Key { on, key } => ("CONSTRAINT", on_relation(&key.name, &on)),
        Item::ForeignKey { on, key } => ("CONSTRAINT", on_relation(&key.name, &on)),
        Item::Check { on, check } => ("CONSTRAINT", on_relation(&check.name, &on)),
        Item::Exclusion { on, exclusion } => ("CONSTRAINT", on_relation(&exclusion.name, &on)),
        Item::Index { on, index } => ("INDEX", qualified(on.schema, &index.name)),
        Item::Statistics { on, statistics } => ("STATISTICS", super::index::statistics_name(&on, statistics)),
        Item::View { .. } if object.id.kind == Kind::MaterializedView => ("MATERIALIZED VIEW", path()),
        Item::View { .. } => ("VIEW", path()),
        Item::Trigger { on, trigger } => ("TRIGGER", on_relation(&trigger.name, &on)),
        Item::Rule { on, rule } => ("RULE", on_relation(&rule.name, &on)),
        Item::Policy { on, policy } => ("POLICY", on_relation(&policy.name, &on)),
        Item::Routine { schema, routine } => {
            (super::routine::word(routine), super::routine::signature(schema, routine))
        }
        Item::Enum { .. } | Item::Composite { .. } | Item::Range { .. } => ("TYPE", path()),
        Item::Domain { .. } => ("DOMAIN", path()),
        Item::DomainCheck { schema, domain, check } => {
            ("CONSTRAINT", format!("{} ON DOMAIN {}", identifier(&check.name), qualified(schema, &domain.name)))
        }
        Item::Attribute { schema, composite, attribute } => {
            ("COLUMN", format!("{}.{}", qualified(schema, &composite.name), identifier(&attribute.name)))
        }
        Item::Sequence { .. } => ("SEQUENCE", path()),
        Item::Collation { .. } => ("COLLATION", path()),
        Item::Conversion { .. } => ("CONVERSION", path()),
        Item::Operator { .. } => ("OPERATOR", path()),
        Item::OperatorFamily { .. } => ("OPERATOR FAMILY", path()),
        Item::OperatorClass { .. } => ("OPERATOR CLASS", path()),
        Item::Cast(_) => ("CAST", path()),
        Item::TextSearchParser { .. } => ("TEXT SEARCH PARSER", path()),
        Item::TextSearchTemplate { .. } => ("TEXT SEARCH TEMPLATE", path()),
        Item::TextSearchDictionary { .. } => ("TEXT SEARCH DICTIONARY", path()),
        Item::TextSearchConfiguration { .. } => ("TEXT SEARCH CONFIGURATION", path()),
        Item::Language(_) => ("LANGUAGE", path()),
        Item::Transform(_) => ("TRANSFORM", path()),
        Item::AccessMethod(_) => ("ACCESS METHOD", path()),
        Item::EventTrigger(_) => ("EVENT TRIGGER", path()),
        Item::ForeignDataWrapper(_) => ("FOREIGN DATA WRAPPER", path()),
        Item::Server(_) => ("SERVER", path()),
        Item::Publication(_) => ("PUBLICATION", path()),
        Item::Subscription(_) => ("SUBSCRIPTION", path()),
        Item::Default { .. }
        | Item::UserMapping { .. }
        | Item::PublicationTable { .. }
        | Item::Grant(_)
        | Item::DefaultPrivilege(_)
        | Item::CronJob(_) => return None,
    })
}

/// The comment that an object has.
pub fn of(object: &Object<'_>) -> Option<String> {
    object.facts().get("comment")?.as_str().map(str::to_owned)
}
