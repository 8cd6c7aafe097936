//! One attribute after the other, from what one database has to what another
//! has: what the statements leave is read as the other.

use schemacast::diff::ddl::{Alter, database as ddl_database, foreign, operator, replication, text_search};
use schemacast::diff::{Difference, Item, Object, compare, objects};

use super::*;

/// What an attribute of an object becomes the other side's by, for every kind
/// of this file's.
fn alter(from: &Object<'_>, to: &Object<'_>, attribute: &str) -> Alter {
    match (from.item, to.item) {
        (Item::Collation { schema, collation: a }, Item::Collation { collation: b, .. }) => {
            operator::alter_collation(schema, a, b, attribute)
        }
        (Item::Operator { schema, operator: a }, Item::Operator { operator: b, .. }) => {
            operator::alter_operator(schema, a, b, attribute)
        }
        (Item::OperatorFamily { schema, family: a }, Item::OperatorFamily { family: b, .. }) => {
            operator::alter_operator_family(schema, a, b, attribute)
        }
        (Item::Cast(a), Item::Cast(b)) => operator::alter_cast(a, b, attribute),
        (Item::TextSearchDictionary { schema, dictionary: a }, Item::TextSearchDictionary { dictionary: b, .. }) => {
            text_search::alter_text_search_dictionary(schema, a, b, attribute)
        }
        (
            Item::TextSearchConfiguration { schema, configuration: a },
            Item::TextSearchConfiguration { configuration: b, .. },
        ) => text_search::alter_text_search_configuration(schema, a, b, attribute),
        (Item::Language(a), Item::Language(b)) => ddl_database::alter_language(a, b, attribute),
        (Item::Transform(a), Item::Transform(b)) => ddl_database::alter_transform(a, b, attribute),
        (Item::EventTrigger(a), Item::EventTrigger(b)) => ddl_database::alter_event_trigger(a, b, attribute),
        (Item::ForeignDataWrapper(a), Item::ForeignDataWrapper(b)) => {
            foreign::alter_foreign_data_wrapper(a, b, attribute)
        }
        (Item::Server(a), Item::Server(b)) => foreign::alter_server(a, b, attribute),
        (Item::UserMapping { server, mapping: a }, Item::UserMapping { mapping: b, .. }) => {
            foreign::alter_user_mapping(server, a, b, attribute)
        }
        (Item::Publication(a), Item::Publication(b)) => replication::alter_publication(a, b, attribute),
        (Item::PublicationTable { publication, table: a }, Item::PublicationTable { table: b, .. }) => {
            replication::alter_publication_table(&publication.name, a, b, attribute)
        }
        (Item::Subscription(a), Item::Subscription(b)) => replication::alter_subscription(a, b, attribute),
        (Item::CronJob(a), Item::CronJob(b)) => ddl_database::alter_cron_job(a, b, attribute),
        _ => panic!("{} is of no kind that has an ALTER here", from.id),
    }
}

/// Two databases that differ in attributes only; gives the statements that the
/// first was altered by.
fn converge(name: &str, from: &str, to: &str) -> Vec<String> {
    let first = database(&format!("{name}_from"), &format!("{NEEDED};{from}"));
    let second = database(&format!("{name}_to"), &format!("{NEEDED};{to}"));
    let (before, after) = (read(&first), read(&second));
    let changes = compare(&after, &before).changes;
    assert!(!changes.is_empty(), "{name} is about a difference");
    let (from_objects, to_objects) = (objects(&before), objects(&after));
    let mut said = Vec::new();
    for change in changes {
        assert_eq!(change.difference, Difference::Changed, "{}", change.object);
        let find = |objects: &[Object<'_>]| objects.iter().position(|object| object.id == change.object).unwrap();
        let (from, to) = (&from_objects[find(&from_objects)], &to_objects[find(&to_objects)]);
        match alter(from, to, change.attribute.as_deref().unwrap()) {
            Alter::InPlace(statements) => {
                run(&first, &statements);
                said.extend(statements.into_iter().map(|statement| statement.sql));
            }
            other => panic!("{} {:?}: {other:?}", change.object, change.attribute),
        }
    }
    assert_eq!(read(&first), after, "{said:#?}");
    said
}

#[test]
fn an_operator_gets_other_estimators() {
    let said = converge(
        "operator",
        "CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = crm.pair, JOIN = eqjoinsel);
         CREATE OPERATOR crm.! (FUNCTION = crm.pair_minus, RIGHTARG = crm.pair)",
        "CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = crm.pair, RESTRICT = eqsel);
         CREATE OPERATOR crm.! (FUNCTION = crm.pair_minus, RIGHTARG = crm.pair)",
    );
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].ends_with("SET (JOIN = NONE)"), "{said:?}");
}

#[test]
fn a_family_gets_other_members() {
    let operators = "CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = crm.pair);
         CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = integer);
         CREATE OPERATOR FAMILY crm.f USING btree;";
    converge(
        "family",
        &format!("{operators} ALTER OPERATOR FAMILY crm.f USING btree ADD OPERATOR 1 crm.< (crm.pair, integer)"),
        &format!(
            "{operators} ALTER OPERATOR FAMILY crm.f USING btree ADD OPERATOR 1 crm.< (crm.pair, crm.pair),
                 FUNCTION 1 (crm.pair, integer) crm.pair_order(crm.pair, integer)"
        ),
    );
}

#[test]
fn text_search_is_altered_in_place() {
    let said = converge(
        "search",
        "CREATE TEXT SEARCH DICTIONARY crm.d (TEMPLATE = pg_catalog.simple, stopwords = 'english', accept = true);
         CREATE TEXT SEARCH CONFIGURATION crm.c (PARSER = pg_catalog.\"default\");
         ALTER TEXT SEARCH CONFIGURATION crm.c ADD MAPPING FOR int, word WITH crm.d",
        "CREATE TEXT SEARCH DICTIONARY crm.d (TEMPLATE = pg_catalog.simple, accept = false);
         CREATE TEXT SEARCH CONFIGURATION crm.c (PARSER = pg_catalog.\"default\");
         ALTER TEXT SEARCH CONFIGURATION crm.c ADD MAPPING FOR word WITH pg_catalog.simple, crm.d;
         ALTER TEXT SEARCH CONFIGURATION crm.c ADD MAPPING FOR email WITH crm.d",
    );
    assert_eq!(said.len(), 4, "the options, and a token each: {said:?}");
}

#[test]
fn what_belongs_to_the_database_is_altered_in_place() {
    converge(
        "wide",
        "CREATE LANGUAGE plown HANDLER crm.handler;
         CREATE TRANSFORM FOR crm.mood LANGUAGE plown (TO SQL WITH FUNCTION crm.mood_in(internal));
         CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION crm.on_command();
         CREATE EVENT TRIGGER f ON sql_drop EXECUTE FUNCTION crm.on_command();
         ALTER EVENT TRIGGER f DISABLE",
        "CREATE TRUSTED LANGUAGE plown HANDLER crm.handler INLINE crm.inline VALIDATOR crm.validator;
         CREATE TRANSFORM FOR crm.mood LANGUAGE plown (FROM SQL WITH FUNCTION crm.mood_out(internal));
         CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION crm.on_command();
         ALTER EVENT TRIGGER e ENABLE REPLICA;
         CREATE EVENT TRIGGER f ON sql_drop EXECUTE FUNCTION crm.on_command()",
    );
}

#[test]
fn foreign_data_is_altered_in_place() {
    converge(
        "foreign",
        "CREATE FOREIGN DATA WRAPPER w;
         CREATE FOREIGN DATA WRAPPER v VALIDATOR postgresql_fdw_validator;
         CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'a', dbname 'd', sslkey 'canary');
         CREATE SERVER t FOREIGN DATA WRAPPER w;
         CREATE USER MAPPING FOR rare_app SERVER s OPTIONS (password 'canary')",
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'on');
         CREATE FOREIGN DATA WRAPPER v;
         CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'b c''d', port '1', sslkey 'canary');
         CREATE SERVER t VERSION '2' FOREIGN DATA WRAPPER w;
         CREATE USER MAPPING FOR rare_app SERVER s OPTIONS (\"user\" 'me', password 'canary')",
    );
}

#[test]
fn a_publication_is_altered_in_place() {
    let (mut from, mut to) = (
        "CREATE PUBLICATION p FOR TABLE crm.items;
         CREATE PUBLICATION q WITH (publish = 'insert', publish_via_partition_root = true);"
            .to_owned(),
        "CREATE PUBLICATION p FOR TABLE crm.items WITH (publish = '');
         CREATE PUBLICATION q;"
            .to_owned(),
    );
    if major() >= 15 {
        from.push_str("CREATE PUBLICATION r FOR TABLES IN SCHEMA crm; CREATE PUBLICATION s FOR TABLE crm.orders (id)");
        to.push_str(
            "CREATE PUBLICATION r FOR TABLES IN SCHEMA \"Odd \"\"schema\", public;
             CREATE PUBLICATION s FOR TABLE crm.orders (id, note) WHERE (id > 1)",
        );
    }
    if major() >= 18 {
        from.push_str("; CREATE PUBLICATION t WITH (publish_generated_columns = stored); CREATE PUBLICATION u");
        to.push_str("; CREATE PUBLICATION t; CREATE PUBLICATION u WITH (publish_generated_columns = stored)");
    }
    converge("publication", &from, &to);
}

#[test]
fn a_subscription_is_altered_in_place() {
    let create = |name: &str, publications: &str, options: &str| {
        format!(
            "CREATE SUBSCRIPTION {name} CONNECTION 'dbname=nowhere password=canary' PUBLICATION {publications}
                 WITH (connect = false, slot_name = NONE, enabled = false{options});"
        )
    };
    let from = create("one", "a, b", ", binary = true, streaming = on");
    let to = create("one", "\"B\", c", ", synchronous_commit = local, streaming = off");
    let said = converge("subscription", &from, &to);
    assert!(said.iter().any(|sql| sql.contains("\"B\", c WITH (refresh = false)")), "{said:?}");
}

#[test]
fn what_needs_a_secret_or_a_connection_string_is_refused() {
    let mapping = |secret: &str| UserMapping { role: "app".to_owned(), options: vec![secret.to_owned()] };
    let (old, new) = (mapping("password=sha256:0123456789abcdef"), mapping("password=sha256:fedcba9876543210"));
    let Alter::Impossible(reason) = foreign::alter_user_mapping("s", &old, &new, "options") else { panic!("refused") };
    assert!(reason.contains("ALTER USER MAPPING FOR app SERVER s OPTIONS (SET password …)"), "{reason}");
    let subscription =
        Subscription { name: "one".to_owned(), publications: texts(["a"]), disabled: true, ..Subscription::default() };
    let reason = replication::create_subscription(&subscription).unwrap_err();
    assert!(reason.contains("CREATE SUBSCRIPTION one CONNECTION '…' PUBLICATION a WITH (enabled = false)"), "{reason}");
    let server =
        Server { name: "s".to_owned(), wrapper: "w".to_owned(), options: old.options.clone(), ..Server::default() };
    let typed = Server { kind: some("big"), ..server.clone() };
    assert!(matches!(foreign::alter_server(&server, &typed, "type"), Alter::Impossible(_)));
}
