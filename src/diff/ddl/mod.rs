//! Objects as the SQL that makes, alters and drops them: a file for each
//! family. Names are always qualified, for the SQL runs with whatever
//! search_path there is.
//!
//! `alter_…` is about one attribute, by the name that
//! [`Object::facts`](super::Object::facts) gives it; what is attached to every
//! kind of object, comments and privileges, has files of its own.

mod attached;
mod column;
mod comment;
mod constraint;
pub mod database;
mod dialect;
pub mod foreign;
pub mod grant;
mod index;
mod not_null;
pub mod operator;
mod rename;
pub mod replication;
mod routine;
mod schema;
mod sequence;
mod statement;
mod table;
mod text;
pub mod text_search;
mod user_type;
mod view;

use super::object::{Item, Object, Relation};
use crate::codegen::manifest::{Column, Kind, ObjectId, Seldom, Table};
pub use dialect::Dialect;
pub use index::{name_attached as name_attached_index, set_attached as set_attached_index};
pub use rename::rename;
pub use statement::{Alter, Statement};
pub use table::inherited_settings;

/// What making an object depends on beyond the object itself.
pub struct Making<'a> {
    /// Whether a column's default stands with its column: everything that it
    /// needs is there before the table.
    pub is_inline: &'a dyn Fn(&ObjectId) -> bool,
    /// Whether what it is attached to was there before and is in use, so that
    /// the variants that lock it for less time are wanted.
    pub online: bool,
    /// Whether a table is made of this composite type.
    pub is_typed: &'a dyn Fn(&ObjectId) -> bool,
    /// The server that it is made on.
    pub dialect: Dialect,
    /// The tables that a table inherits from.
    pub parents: &'a dyn Fn(&str) -> Option<&'a Table>,
}

/// The statements that make an object, its comment included; what hangs on it
/// makes itself.
///
/// # Errors
/// Why no statement can: a secret that the manifest does not hold.
pub fn create(object: &Object<'_>, making: &Making<'_>) -> Result<Vec<Statement>, String> {
    let is_inline = |on: &ObjectId, column: &Column| (making.is_inline)(&on.child(Kind::Default, &column.name));
    let mut statements = match object.item {
        Item::Schema(item) => vec![schema::create(&item.name)],
        Item::Extension(item) => vec![schema::create_extension(item)],
        Item::Table { schema, table } => {
            let mut statements = table::create(schema, table, making.dialect, |column| is_inline(&object.id, column));
            let parents: Vec<&Table> = table.inherits.iter().filter_map(|name| (making.parents)(name)).collect();
            statements.extend(inherited_settings(schema, table, &parents, making.dialect));
            statements
        }
        Item::Partition(partition) => table::create_partition(&partition, making.dialect),
        Item::Column { on, column } if column.inherited => column::settings(&on, column),
        Item::Column { on, column } => column::create(&on, column, is_inline(&on.id(), column)),
        Item::ViewColumn { on, column } => column::settings(&on, column),
        Item::Default { on, column } => vec![column::create_default(&on, column)],
        Item::Key { on, key } => constraint::create_key(&on, key, object.id.kind == Kind::PrimaryKey),
        Item::ForeignKey { on, key } if making.online => constraint::create_foreign_key_online(&on, key),
        Item::ForeignKey { on, key } => constraint::create_foreign_key(&on, key),
        Item::Check { on, check } if making.online => constraint::create_check_online(&on, check),
        Item::Check { on, check } => constraint::create_check(&on, check),
        Item::Exclusion { on, exclusion } => constraint::create_exclusion(&on, exclusion),
        Item::Index { on, index } => index::create(&on, index, making.online),
        Item::Statistics { on, statistics } => index::create_statistics(&on, statistics),
        Item::View { schema, view } => vec![view::create(object.id.kind, schema, view)],
        Item::Trigger { on, trigger } => attached::create_trigger(&on, trigger),
        Item::Rule { on, rule } => attached::create_rule(&on, rule),
        Item::Policy { on, policy } => vec![attached::create_policy(&on, policy)],
        Item::Routine { schema, routine } => vec![routine::create(schema, routine)],
        Item::Enum { schema, item } => vec![user_type::create_enum(schema, item)],
        Item::Domain { schema, domain } => user_type::create_domain(schema, domain),
        Item::DomainCheck { schema, domain, check } => vec![user_type::create_domain_check(schema, domain, check)],
        Item::Composite { schema, composite } => vec![user_type::create_composite(schema, composite)],
        Item::Attribute { schema, composite, attribute } => {
            let typed = (making.is_typed)(&ObjectId::new(Kind::Composite, &[schema, &composite.name]));
            vec![user_type::create_attribute(schema, composite, attribute, typed)]
        }
        Item::Range { schema, range } => vec![user_type::create_range(schema, range)],
        Item::Sequence { schema, sequence } => vec![sequence::create(schema, sequence)],
        Item::Collation { schema, collation } => operator::create_collation(schema, collation),
        Item::Conversion { schema, conversion } => operator::create_conversion(schema, conversion),
        Item::Operator { schema, operator } => operator::create_operator(schema, operator),
        Item::OperatorFamily { schema, family } => operator::create_operator_family(schema, family),
        Item::OperatorClass { schema, class } => operator::create_operator_class(schema, class),
        Item::Cast(item) => operator::create_cast(item),
        Item::TextSearchParser { schema, parser } => text_search::create_text_search_parser(schema, parser),
        Item::TextSearchTemplate { schema, template } => text_search::create_text_search_template(schema, template),
        Item::TextSearchDictionary { schema, dictionary } => {
            text_search::create_text_search_dictionary(schema, dictionary)
        }
        Item::TextSearchConfiguration { schema, configuration } => {
            text_search::create_text_search_configuration(schema, configuration)
        }
        Item::Language(item) => database::create_language(item),
        Item::Transform(item) => database::create_transform(item),
        Item::AccessMethod(item) => database::create_access_method(item),
        Item::EventTrigger(item) => database::create_event_trigger(item),
        Item::ForeignDataWrapper(item) => foreign::create_foreign_data_wrapper(item)?,
        Item::Server(item) => foreign::create_server(item)?,
        Item::UserMapping { server, mapping } => foreign::create_user_mapping(server, mapping)?,
        Item::Publication(item) => replication::create_publication(item),
        Item::PublicationTable { publication, table } => {
            replication::create_publication_table(&publication.name, table)
        }
        Item::Subscription(item) => replication::create_subscription(item)?,
        Item::CronJob(item) => database::create_cron_job(item),
        // Privileges are given when everything is there.
        Item::Grant(_) | Item::DefaultPrivilege(_) => Vec::new(),
    };
    statements.extend(comments(object));
    Ok(statements)
}

/// COMMENT ON an object that has a comment, and on the index behind a key.
pub fn comments(object: &Object<'_>) -> Vec<Statement> {
    let own = comment::of(object).and_then(|text| comment::comment(object, Some(&text)));
    let behind = match object.item {
        Item::Key { on, key } => key.index_comment.as_ref().map(|comment| (on.schema, &key.name, comment)),
        Item::Exclusion { on, exclusion } => {
            exclusion.index_comment.as_ref().map(|comment| (on.schema, &exclusion.name, comment))
        }
        _ => None,
    };
    let behind = behind.map(|(schema, name, comment)| {
        comment::statement("INDEX", &crate::codegen::sql::qualified(schema, name), Some(comment))
    });
    own.into_iter().chain(behind).map(Statement::new).collect()
}

/// The statements that drop an object. None for what goes without one.
///
/// # Errors
/// Why no statement can.
pub fn drop(object: &Object<'_>, is_typed: &dyn Fn(&ObjectId) -> bool) -> Result<Vec<Statement>, String> {
    let statement = match object.item {
        Item::Schema(item) => schema::drop(&item.name),
        Item::Extension(item) => schema::drop_extension(item),
        Item::Table { schema, table } => table::drop(schema, table),
        Item::Partition(partition) => table::drop_partition(&partition),
        Item::Column { column, .. } if column.inherited => return Ok(Vec::new()),
        // It goes with its parent's.
        Item::Column { on, .. } if on.kind == Kind::Partition => return Ok(Vec::new()),
        Item::Column { on, column } => column::drop(&on, column),
        Item::ViewColumn { .. } => return Ok(Vec::new()),
        Item::Default { on, column } => column::drop_default(&on, column),
        Item::Key { on, key } => constraint::drop(&on, &key.name),
        Item::ForeignKey { on, key } => constraint::drop(&on, &key.name),
        Item::Check { check, .. } if check.inherited => return Ok(Vec::new()),
        Item::Check { on, check } => constraint::drop(&on, &check.name),
        Item::Exclusion { on, exclusion } => constraint::drop(&on, &exclusion.name),
        Item::Index { on, index } => index::drop(&on, index),
        Item::Statistics { on, statistics } => index::drop_statistics(&on, statistics),
        Item::View { schema, view } => view::drop(object.id.kind, schema, view),
        Item::Trigger { on, trigger } => attached::drop_trigger(&on, trigger),
        Item::Rule { on, rule } => attached::drop_rule(&on, rule),
        Item::Policy { on, policy } => attached::drop_policy(&on, policy),
        Item::Routine { schema, routine } => routine::drop(schema, routine),
        Item::Enum { schema, item } => user_type::drop("TYPE", schema, &item.name),
        Item::Domain { schema, domain } => user_type::drop("DOMAIN", schema, &domain.name),
        Item::DomainCheck { schema, domain, check } => user_type::drop_domain_check(schema, domain, check),
        Item::Composite { schema, composite } => user_type::drop("TYPE", schema, &composite.name),
        Item::Attribute { schema, composite, attribute } => {
            let typed = is_typed(&ObjectId::new(Kind::Composite, &[schema, &composite.name]));
            user_type::drop_attribute(schema, composite, attribute, typed)
        }
        Item::Range { schema, range } => user_type::drop("TYPE", schema, &range.name),
        Item::Sequence { schema, sequence } => sequence::drop(schema, sequence),
        Item::Collation { schema, collation } => operator::drop_collation(schema, collation),
        Item::Conversion { schema, conversion } => operator::drop_conversion(schema, conversion),
        Item::Operator { schema, operator } => operator::drop_operator(schema, operator),
        Item::OperatorFamily { schema, family } => operator::drop_operator_family(schema, family),
        Item::OperatorClass { schema, class } => operator::drop_operator_class(schema, class),
        Item::Cast(item) => operator::drop_cast(item),
        Item::TextSearchParser { schema, parser } => text_search::drop_text_search_parser(schema, parser),
        Item::TextSearchTemplate { schema, template } => text_search::drop_text_search_template(schema, template),
        Item::TextSearchDictionary { schema, dictionary } => {
            text_search::drop_text_search_dictionary(schema, dictionary)
        }
        Item::TextSearchConfiguration { schema, configuration } => {
            text_search::drop_text_search_configuration(schema, configuration)
        }
        Item::Language(item) => database::drop_language(item),
        Item::Transform(item) => database::drop_transform(item),
        Item::AccessMethod(item) => database::drop_access_method(item),
        Item::EventTrigger(item) => database::drop_event_trigger(item),
        Item::ForeignDataWrapper(item) => foreign::drop_foreign_data_wrapper(item),
        Item::Server(item) => foreign::drop_server(item),
        Item::UserMapping { server, mapping } => foreign::drop_user_mapping(server, mapping),
        Item::Publication(item) => replication::drop_publication(item),
        Item::PublicationTable { publication, table } => replication::drop_publication_table(&publication.name, table),
        Item::Subscription(item) => replication::drop_subscription(item),
        Item::CronJob(item) => database::drop_cron_job(item),
        Item::Grant(_) | Item::DefaultPrivilege(_) => return Ok(Vec::new()),
    };
    Ok(vec![statement])
}

/// How one attribute of an object that both sides have becomes another.
pub fn alter(from: &Object<'_>, to: &Object<'_>, attribute: &str, is_typed: &dyn Fn(&ObjectId) -> bool) -> Alter {
    if attribute == "comment" {
        let comment = comment::of(to);
        return match comment::comment(to, comment.as_deref()) {
            Some(sql) => Alter::by(sql),
            None => Alter::Impossible(format!("{} can have no comment", to.id)),
        };
    }
    let kind = to.id.kind;
    match (from.item, to.item) {
        (_, Item::Extension(to)) => schema::alter_extension(to, attribute),
        (Item::Table { table: from, .. }, Item::Table { schema, table: to }) => {
            table::alter(schema, from, to, attribute)
        }
        (Item::Partition(from), Item::Partition(to)) => table::alter_partition(&from, &to, attribute),
        (Item::Column { column: from, .. }, Item::Column { on, column: to }) => column::alter(&on, from, to, attribute),
        (Item::ViewColumn { column: from, .. }, Item::ViewColumn { on, column: to }) => {
            view::alter_column(&on, Some(from), to, attribute)
        }
        (Item::Key { key: from, .. }, Item::Key { on, key: to }) => constraint::alter_key(&on, from, to, attribute),
        (Item::ForeignKey { key: from, .. }, Item::ForeignKey { on, key: to }) => {
            constraint::alter_foreign_key(&on, from, to, attribute)
        }
        (Item::Check { check: from, .. }, Item::Check { on, check: to }) => {
            constraint::alter_check(&on, from, to, attribute)
        }
        (_, Item::Exclusion { on, exclusion: to }) => constraint::alter_exclusion(&on, to, attribute),
        (Item::Index { index: from, .. }, Item::Index { on, index: to }) => index::alter(&on, from, to, attribute),
        (_, Item::Statistics { on, statistics: to }) => index::alter_statistics(&on, to, attribute),
        (Item::View { view: from, .. }, Item::View { schema, view: to }) => {
            view::alter(kind, schema, from, to, attribute)
        }
        (_, Item::Trigger { on, trigger: to }) => attached::alter_trigger(&on, to, attribute),
        (_, Item::Rule { on, rule: to }) => attached::alter_rule(&on, to, attribute),
        (Item::Policy { policy: from, .. }, Item::Policy { on, policy: to }) => {
            attached::alter_policy(&on, from, to, attribute)
        }
        (Item::Routine { routine: from, .. }, Item::Routine { schema, routine: to }) => {
            routine::alter(schema, from, to, attribute)
        }
        (Item::Enum { item: from, .. }, Item::Enum { schema, item: to }) => user_type::alter_enum(schema, from, to),
        (Item::Domain { domain: from, .. }, Item::Domain { schema, domain: to }) => {
            user_type::alter_domain(schema, from, to, attribute)
        }
        (Item::DomainCheck { check: from, .. }, Item::DomainCheck { schema, domain, check: to }) => {
            user_type::alter_domain_check(schema, domain, from, to, attribute)
        }
        (_, Item::Attribute { schema, composite, attribute: to }) => {
            let typed = is_typed(&ObjectId::new(Kind::Composite, &[schema, &composite.name]));
            user_type::alter_attribute(schema, composite, to, typed)
        }
        (_, Item::Composite { .. } | Item::Range { .. }) => Alter::Recreate,
        (Item::Sequence { sequence: from, .. }, Item::Sequence { schema, sequence: to }) => {
            sequence::alter(schema, from, to, attribute)
        }
        _ => alter_rare(from, to, attribute),
    }
}

fn alter_rare(from: &Object<'_>, to: &Object<'_>, attribute: &str) -> Alter {
    match (from.item, to.item) {
        (Item::Collation { collation: from, .. }, Item::Collation { schema, collation: to }) => {
            operator::alter_collation(schema, from, to, attribute)
        }
        (Item::Conversion { conversion: from, .. }, Item::Conversion { schema, conversion: to }) => {
            operator::alter_conversion(schema, from, to, attribute)
        }
        (Item::Operator { operator: from, .. }, Item::Operator { schema, operator: to }) => {
            operator::alter_operator(schema, from, to, attribute)
        }
        (Item::OperatorFamily { family: from, .. }, Item::OperatorFamily { schema, family: to }) => {
            operator::alter_operator_family(schema, from, to, attribute)
        }
        (Item::OperatorClass { class: from, .. }, Item::OperatorClass { schema, class: to }) => {
            operator::alter_operator_class(schema, from, to, attribute)
        }
        (Item::Cast(from), Item::Cast(to)) => operator::alter_cast(from, to, attribute),
        (Item::TextSearchParser { parser: from, .. }, Item::TextSearchParser { schema, parser: to }) => {
            text_search::alter_text_search_parser(schema, from, to, attribute)
        }
        (Item::TextSearchTemplate { template: from, .. }, Item::TextSearchTemplate { schema, template: to }) => {
            text_search::alter_text_search_template(schema, from, to, attribute)
        }
        (
            Item::TextSearchDictionary { dictionary: from, .. },
            Item::TextSearchDictionary { schema, dictionary: to },
        ) => text_search::alter_text_search_dictionary(schema, from, to, attribute),
        (
            Item::TextSearchConfiguration { configuration: from, .. },
            Item::TextSearchConfiguration { schema, configuration: to },
        ) => text_search::alter_text_search_configuration(schema, from, to, attribute),
        (Item::Language(from), Item::Language(to)) => database::alter_language(from, to, attribute),
        (Item::Transform(from), Item::Transform(to)) => database::alter_transform(from, to, attribute),
        (Item::AccessMethod(from), Item::AccessMethod(to)) => database::alter_access_method(from, to, attribute),
        (Item::EventTrigger(from), Item::EventTrigger(to)) => database::alter_event_trigger(from, to, attribute),
        (Item::ForeignDataWrapper(from), Item::ForeignDataWrapper(to)) => {
            foreign::alter_foreign_data_wrapper(from, to, attribute)
        }
        (Item::Server(from), Item::Server(to)) => foreign::alter_server(from, to, attribute),
        (Item::UserMapping { mapping: from, .. }, Item::UserMapping { server, mapping: to }) => {
            foreign::alter_user_mapping(server, from, to, attribute)
        }
        (Item::Publication(from), Item::Publication(to)) => replication::alter_publication(from, to, attribute),
        (Item::PublicationTable { table: from, .. }, Item::PublicationTable { publication, table: to }) => {
            replication::alter_publication_table(&publication.name, from, to, attribute)
        }
        (Item::Subscription(from), Item::Subscription(to)) => replication::alter_subscription(from, to, attribute),
        (Item::CronJob(from), Item::CronJob(to)) => database::alter_cron_job(from, to, attribute),
        _ => Alter::Impossible(format!("`{attribute}` of {} has no ALTER", to.id)),
    }
}

/// The statements that turn a partition's column from what one side says into
/// what the other says, where a side that lists nothing has the parent's.
pub fn change_partition_column(from: Option<&Object<'_>>, to: Option<&Object<'_>>, parents: &Column) -> Vec<Statement> {
    let Some(Item::Column { on, .. }) = to.or(from).map(|object| object.item) else { return Vec::new() };
    let column = |side: Option<&Object<'_>>| match side.map(|object| object.item) {
        Some(Item::Column { column, .. }) => column.clone(),
        _ => Column { comment: Seldom::default(), ..parents.clone() },
    };
    let (from, to) = (column(from), column(to));
    let mut statements = table::change_partition_column(&on, &from, &to);
    if from.comment != to.comment {
        let name = format!("{}.{}", on.id().path, crate::codegen::sql::identifier(&to.name));
        statements.push(Statement::new(comment::statement("COLUMN", &name, to.comment.as_deref())));
    }
    statements
}

/// The statement that gives a generated column another expression where it
/// stands; none for what is no generated column.
pub fn set_expression(object: &Object<'_>) -> Option<Statement> {
    match object.item {
        Item::Column { on, column } => column::set_expression(&on, column),
        _ => None,
    }
}

/// The statements after which a column holds its values as text.
pub fn hold_as_text(on: &Relation<'_>, column: &Column) -> Vec<Statement> {
    let text = Column { name: column.name.clone(), type_name: "text".to_owned(), ..Column::default() };
    column::change_type(on, column, &text)
}

/// OWNED BY, which waits for its column.
pub fn own_sequence(object: &Object<'_>) -> Option<Statement> {
    match object.item {
        Item::Sequence { schema, sequence } => Some(sequence::own(schema, sequence)),
        _ => None,
    }
}
