//! Publications and subscriptions.

use super::text::literal;
use super::{Alter, Statement};
use crate::codegen::manifest::{Publication, PublicationTable, Subscription};
use crate::codegen::sql::{identifier as name, list as names, parenthesised, qualified};

/// CREATE PUBLICATION, without its tables, which are objects of their own.
pub fn create_publication(publication: &Publication) -> Vec<Statement> {
    let mut text = format!("CREATE PUBLICATION {}", name(&publication.name));
    match (publication.all_tables, publication.all_sequences) {
        (true, true) => text.push_str(" FOR ALL TABLES, ALL SEQUENCES"),
        (true, false) => text.push_str(" FOR ALL TABLES"),
        (false, true) => text.push_str(" FOR ALL SEQUENCES"),
        (false, false) if publication.schemas.is_empty() => {}
        (false, false) => text.push_str(&format!(" FOR TABLES IN SCHEMA {}", names(&publication.schemas))),
    }
    let mut options = Vec::new();
    if !publication.operations.is_empty() {
        options.push(publish(publication));
    }
    if publication.via_partition_root {
        options.push("publish_via_partition_root = true".to_owned());
    }
    options.extend(publication.generated_columns.as_ref().map(|which| format!("publish_generated_columns = {which}")));
    if !options.is_empty() {
        text.push_str(&format!(" WITH ({})", options.join(", ")));
    }
    vec![Statement::new(text)]
}

/// DROP PUBLICATION.
pub fn drop_publication(publication: &Publication) -> Statement {
    Statement::new(format!("DROP PUBLICATION {}", name(&publication.name)))
}

/// All in place but for FOR ALL, which is decided when it is made.
pub fn alter_publication(from: &Publication, to: &Publication, attribute: &str) -> Alter {
    let on = name(&to.name);
    let option = match attribute {
        "operations" => publish(to),
        "via_partition_root" => format!("publish_via_partition_root = {}", to.via_partition_root),
        "generated_columns" => {
            format!("publish_generated_columns = {}", to.generated_columns.as_deref().unwrap_or("none"))
        }
        "schemas" => {
            let missing = |these: &[String], those: &[String]| -> Vec<String> {
                these.iter().filter(|schema| !those.contains(schema)).cloned().collect()
            };
            let changes = [("DROP", missing(&from.schemas, &to.schemas)), ("ADD", missing(&to.schemas, &from.schemas))];
            let changes = changes.iter().filter(|(_, schemas)| !schemas.is_empty());
            let statement = |(verb, schemas): &(&str, Vec<String>)| {
                Statement::new(format!("ALTER PUBLICATION {on} {verb} TABLES IN SCHEMA {}", names(schemas)))
            };
            return Alter::InPlace(changes.map(statement).collect());
        }
        _ => return Alter::Recreate,
    };
    Alter::by(format!("ALTER PUBLICATION {on} SET ({option})"))
}

fn publish(publication: &Publication) -> String {
    let operations = match publication.operations.as_slice() {
        [] => "insert, update, delete, truncate".to_owned(),
        [only] if only == Publication::NO_OPERATION => String::new(),
        some => some.join(", "),
    };
    format!("publish = {}", literal(&operations))
}

/// ALTER PUBLICATION … ADD TABLE. ONLY, for the server keeps a row for each
/// table that inherits from it, too.
pub fn create_publication_table(publication: &str, table: &PublicationTable) -> Vec<Statement> {
    let mut text =
        format!("ALTER PUBLICATION {} ADD TABLE ONLY {}", name(publication), qualified(&table.schema, &table.table));
    if !table.columns.is_empty() {
        text.push_str(&format!(" ({})", names(&table.columns)));
    }
    if let Some(filter) = &table.filter {
        text.push_str(&format!(" WHERE {}", parenthesised(filter)));
    }
    vec![Statement::new(text)]
}

/// ALTER PUBLICATION … DROP TABLE.
pub fn drop_publication_table(publication: &str, table: &PublicationTable) -> Statement {
    let on = qualified(&table.schema, &table.table);
    Statement::new(format!("ALTER PUBLICATION {} DROP TABLE ONLY {on}", name(publication)))
}

/// Columns and filter: dropped and added again, for SET TABLE is about all of
/// the publication's tables.
pub fn alter_publication_table(
    publication: &str,
    from: &PublicationTable,
    to: &PublicationTable,
    _attribute: &str,
) -> Alter {
    let mut statements = vec![drop_publication_table(publication, from)];
    statements.extend(create_publication_table(publication, to));
    Alter::InPlace(statements)
}

/// Refused: a subscription cannot be made without a connection string, and the
/// manifest holds none.
///
/// # Errors
/// Always, with what the person has to run.
pub fn create_subscription(subscription: &Subscription) -> Result<Vec<Statement>, String> {
    let mut options: Vec<String> = subscription.options.iter().map(|option| set(option)).collect();
    options.extend(subscription.slot_name.as_deref().map(|slot| format!("slot_name = {}", slot_text(slot))));
    options.extend(subscription.disabled.then(|| "enabled = false".to_owned()));
    let options = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
    Err(format!(
        "a manifest holds no connection strings; run it yourself with the real one: CREATE SUBSCRIPTION {} \
         CONNECTION '…' PUBLICATION {}{options}",
        name(&subscription.name),
        names(&subscription.publications)
    ))
}

/// DROP SUBSCRIPTION, which forgets how far it has come. With a slot, it has to
/// reach the publisher and cannot run inside a transaction.
pub fn drop_subscription(subscription: &Subscription) -> Statement {
    let outside_transaction = subscription.slot_name.as_deref() != Some(Subscription::NO_SLOT);
    let sql = format!("DROP SUBSCRIPTION {}", name(&subscription.name));
    Statement { outside_transaction, ..Statement::destructive(sql) }
}

/// All in place but for `two_phase`, which servers before 18 decide for life.
pub fn alter_subscription(from: &Subscription, to: &Subscription, attribute: &str) -> Alter {
    let on = name(&to.name);
    match attribute {
        "disabled" => Alter::by(format!("ALTER SUBSCRIPTION {on} {}", if to.disabled { "DISABLE" } else { "ENABLE" })),
        "publications" => {
            let sql = format!("ALTER SUBSCRIPTION {on} SET PUBLICATION {}", names(&to.publications));
            // Refreshing asks the publisher, which only an enabled one can, and
            // cannot be undone.
            if to.disabled {
                Alter::by(format!("{sql} WITH (refresh = false)"))
            } else {
                Alter::InPlace(vec![Statement::outside_transaction(sql)])
            }
        }
        "slot_name" => {
            let slot = to.slot_name.as_deref().unwrap_or(&to.name);
            Alter::by(format!("ALTER SUBSCRIPTION {on} SET (slot_name = {})", slot_text(slot)))
        }
        "options" => {
            let own = |option: &str| option.split_once('=').map_or(option, |(own, _)| own).to_owned();
            let gone = from.options.iter().filter(|option| !to.options.iter().any(|other| own(other) == own(option)));
            let mut changes: Vec<String> =
                gone.map(|option| format!("{} = {}", own(option), default_of(&own(option)))).collect();
            changes.extend(to.options.iter().filter(|option| !from.options.contains(option)).map(|option| set(option)));
            if changes.iter().any(|change| change.starts_with("two_phase ")) {
                return Alter::Impossible(format!(
                    "two_phase of a subscription is decided when it is made; on server 18 and later, disable it and \
                     run it yourself: ALTER SUBSCRIPTION {on} SET ({})",
                    changes.join(", ")
                ));
            }
            Alter::by(format!("ALTER SUBSCRIPTION {on} SET ({})", changes.join(", ")))
        }
        // Dropping it would lose how far it has come, and nobody could make it again.
        _ => Alter::Impossible(format!("no SQL of schemacast changes {attribute} of the subscription {on}")),
    }
}

/// What an option is where the manifest does not name it.
fn default_of(option: &str) -> &'static str {
    match option {
        "password_required" => "true",
        "synchronous_commit" | "streaming" => "off",
        "origin" => "any",
        _ => "false",
    }
}

/// `name = value` of `name=value`.
fn set(option: &str) -> String {
    option.split_once('=').map_or(option.to_owned(), |(own, value)| format!("{own} = {value}"))
}

fn slot_text(slot: &str) -> String {
    if slot == Subscription::NO_SLOT { "NONE".to_owned() } else { literal(slot) }
}
