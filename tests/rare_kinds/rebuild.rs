//! Everything of the rare kinds is read, made again in a database that has
//! only what it needs, and read again as the same.

use schemacast::diff::ddl::{database as ddl_database, foreign, operator, replication, text_search};

use super::*;

#[test]
fn what_is_read_makes_the_same_again() {
    let first = database("rare_first", &format!("{NEEDED};{}", rare()));
    let read_first = read(&first);
    let text = write(&read_first, "x");
    assert_eq!(schemacast::codegen::manifest::read(&text).unwrap(), read_first, "it goes through its own text");
    let second = database("rare_second", NEEDED);
    run(&second, &create(&read_first));
    // The one object here that is another's: its language is of the rare kinds.
    execute(
        &second,
        "CREATE FUNCTION crm.transformed(crm.mood) RETURNS crm.mood LANGUAGE plown TRANSFORM FOR TYPE crm.mood AS 'BEGIN END'",
    );
    let read_second = read(&second);
    assert_eq!(write(&read_second, "x"), text);
    assert_eq!(read_second, read_first);
    if let (Some(dump), Some(other)) = (dump(&first), dump(&second)) {
        assert!(dump.iter().any(|entry| entry.contains("CREATE ACCESS METHOD own_index")));
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|entry| !those.contains(entry)).cloned().collect()
        };
        assert_eq!(only(&dump, &other), only(&other, &dump), "pg_dump sees no difference either");
    }
    run(&second, &drop(&read_first));
    let bare = read(&database("rare_bare", NEEDED));
    assert_eq!(read(&second), bare, "what was dropped is gone");
}

/// What pg_dump says of a database, an entry for each object: some are in the
/// order in which they were made. None where there is no pg_dump, or one that
/// is older than the server.
fn dump(settings: &ConnectionSettings) -> Option<Vec<String>> {
    if common::is_skipped_without("pg_dump") {
        return None;
    }
    let output = std::process::Command::new("pg_dump")
        .args(["--schema-only", "--no-owner", "--username=postgres", "--host"])
        .arg(&settings.host)
        .arg(format!("--port={}", settings.port))
        .arg(&settings.dbname)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("server version mismatch") {
        return None;
    }
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    // Its first and last lines hold a random word.
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("restrict ")).collect();
    Some(lines.join("\n").split("\n--\n-- ").map(|entry| entry.trim().to_owned()).collect())
}

/// Parents before children, and what is needed before what needs it.
fn create(manifest: &Manifest) -> Vec<Statement> {
    let mut all = Vec::new();
    for schema in &manifest.schemas {
        let name = schema.name.as_str();
        all.extend(schema.collations.iter().flat_map(|item| operator::create_collation(name, item)));
        all.extend(schema.conversions.iter().flat_map(|item| operator::create_conversion(name, item)));
        all.extend(schema.operators.iter().flat_map(|item| operator::create_operator(name, item)));
    }
    for schema in &manifest.schemas {
        let name = schema.name.as_str();
        all.extend(schema.operator_families.iter().flat_map(|item| operator::create_operator_family(name, item)));
    }
    for schema in &manifest.schemas {
        let name = schema.name.as_str();
        all.extend(schema.operator_classes.iter().flat_map(|item| operator::create_operator_class(name, item)));
        all.extend(schema.text_search_parsers.iter().flat_map(|x| text_search::create_text_search_parser(name, x)));
        all.extend(schema.text_search_templates.iter().flat_map(|x| text_search::create_text_search_template(name, x)));
        let dictionaries = schema.text_search_dictionaries.iter();
        all.extend(dictionaries.flat_map(|x| text_search::create_text_search_dictionary(name, x)));
        let configurations = schema.text_search_configurations.iter();
        all.extend(configurations.flat_map(|x| text_search::create_text_search_configuration(name, x)));
    }
    all.extend(manifest.casts.iter().flat_map(operator::create_cast));
    all.extend(manifest.languages.iter().flat_map(ddl_database::create_language));
    all.extend(manifest.transforms.iter().flat_map(ddl_database::create_transform));
    all.extend(manifest.access_methods.iter().flat_map(ddl_database::create_access_method));
    let wrappers = manifest.foreign_data_wrappers.iter();
    all.extend(wrappers.flat_map(|item| foreign::create_foreign_data_wrapper(item).unwrap()));
    for server in &manifest.servers {
        all.extend(foreign::create_server(server).unwrap());
        let mappings = server.user_mappings.iter();
        all.extend(mappings.flat_map(|item| foreign::create_user_mapping(&server.name, item).unwrap()));
    }
    for publication in &manifest.publications {
        all.extend(replication::create_publication(publication));
        let tables = publication.tables.iter();
        all.extend(tables.flat_map(|item| replication::create_publication_table(&publication.name, item)));
    }
    all.extend(manifest.event_triggers.iter().flat_map(ddl_database::create_event_trigger));
    all
}

/// The other way round.
fn drop(manifest: &Manifest) -> Vec<Statement> {
    let mut all = vec![Statement::new("DROP FUNCTION crm.transformed(crm.mood)")];
    all.extend(manifest.event_triggers.iter().map(ddl_database::drop_event_trigger));
    for publication in &manifest.publications {
        let tables = publication.tables.iter();
        all.extend(tables.map(|item| replication::drop_publication_table(&publication.name, item)));
        all.push(replication::drop_publication(publication));
    }
    for server in &manifest.servers {
        all.extend(server.user_mappings.iter().map(|item| foreign::drop_user_mapping(&server.name, item)));
        all.push(foreign::drop_server(server));
    }
    all.extend(manifest.foreign_data_wrappers.iter().map(foreign::drop_foreign_data_wrapper));
    all.extend(manifest.access_methods.iter().map(ddl_database::drop_access_method));
    all.extend(manifest.transforms.iter().map(ddl_database::drop_transform));
    all.extend(manifest.languages.iter().map(ddl_database::drop_language));
    all.extend(manifest.casts.iter().map(operator::drop_cast));
    for schema in &manifest.schemas {
        let name = schema.name.as_str();
        let configurations = schema.text_search_configurations.iter();
        all.extend(configurations.map(|x| text_search::drop_text_search_configuration(name, x)));
        all.extend(schema.text_search_dictionaries.iter().map(|x| text_search::drop_text_search_dictionary(name, x)));
        all.extend(schema.text_search_templates.iter().map(|x| text_search::drop_text_search_template(name, x)));
        all.extend(schema.text_search_parsers.iter().map(|x| text_search::drop_text_search_parser(name, x)));
        all.extend(schema.operator_classes.iter().map(|item| operator::drop_operator_class(name, item)));
    }
    for schema in &manifest.schemas {
        let name = schema.name.as_str();
        all.extend(schema.operator_families.iter().map(|item| operator::drop_operator_family(name, item)));
        all.extend(schema.operators.iter().map(|item| operator::drop_operator(name, item)));
        all.extend(schema.conversions.iter().map(|item| operator::drop_conversion(name, item)));
        all.extend(schema.collations.iter().map(|item| operator::drop_collation(name, item)));
    }
    all
}

#[test]
fn each_kind_says_what_it_is() {
    let manifest = read(&database("rare_said", &format!("{NEEDED};{}", rare())));
    let crm = schema(&manifest, "crm");
    let odd = schema(&manifest, "Odd \"schema");
    let [phone, mixed, plain] = crm.collations.as_slice() else { panic!("{:?}", crm.collations) };
    assert_eq!((phone.provider.as_deref(), phone.locale.as_deref()), (Some("icu"), Some("de-u-co-phonebk")));
    assert!(phone.non_deterministic && phone.lc_collate.is_none());
    assert_eq!((mixed.lc_collate.as_deref(), mixed.lc_ctype.as_deref()), (Some("C"), Some("POSIX")));
    assert_eq!(*plain, Collation { name: "plain".to_owned(), locale: some("C"), ..Collation::default() });
    let latin = &crm.conversions[1];
    assert_eq!((&*latin.source, &*latin.target, latin.default), ("LATIN1", "UTF8", true));
    assert_eq!(crm.operators.len(), 8, "no shell is left");
    let less = crm.operators.iter().find(|item| item.name == "<" && item.right == "crm.pair").unwrap();
    assert_eq!((less.commutator.as_deref(), less.negator.as_deref()), (Some("crm.>"), Some("crm.>=")));
    assert_eq!((&*less.function, less.restrict.as_deref()), ("crm.pair_less", Some("scalarltsel")));
    let minus = crm.operators.iter().find(|item| item.name == "-").unwrap();
    assert_eq!((minus.left.as_deref(), minus.hashes, minus.merges), (None, false, false));
    let families: Vec<_> = crm.operator_families.iter().map(|item| (&*item.name, item.operators.len())).collect();
    assert_eq!(families, [("lonely", 0), ("loose", 1), ("pair_ops", 1)]);
    assert_eq!(crm.operator_families[2].operators, ["OPERATOR 1 crm.<(crm.pair,integer)"]);
    let class = crm.operator_classes.iter().find(|class| class.name == "pair_ops").unwrap();
    assert_eq!((class.operators.len(), class.functions.len(), class.default, &class.family), (5, 1, true, &None));
    assert_eq!(class.functions[0], "FUNCTION 1 (crm.pair, crm.pair) crm.pair_order(crm.pair,crm.pair)");
    let hashed = crm.operator_classes.iter().find(|class| class.name == "pair_hashed").unwrap();
    assert_eq!(hashed.family.as_deref(), Some("\"Odd \"\"schema\".\"hashed pairs\""));
    assert_eq!(odd.operator_families[0].name, "hashed pairs");
    let casts = manifest.casts.iter().map(|cast| (&*cast.source, &*cast.target, cast.method, cast.context));
    assert_eq!(
        casts.collect::<Vec<_>>(),
        [
            ("crm.mood", "bytea", CastMethod::Inout, CastContext::Explicit),
            ("crm.pair", "integer", CastMethod::Function, CastContext::Implicit),
            ("crm.pair", "text", CastMethod::Function, CastContext::Assignment),
            ("integer", "date", CastMethod::Binary, CastContext::Explicit),
        ]
    );
    let english = crm.text_search_configurations.iter().find(|item| item.name == "english").unwrap();
    let mappings: Vec<_> = english.mappings.iter().map(|item| (&*item.token, item.dictionaries.len())).collect();
    assert_eq!(mappings, [("asciiword", 2), ("int", 1), ("word", 2)]);
    assert_eq!(english.mappings[0].dictionaries, ["crm.stop", "pg_catalog.simple"]);
    let stop = crm.text_search_dictionaries.iter().find(|item| item.name == "stop").unwrap();
    assert_eq!(stop.options.as_deref(), Some("stopwords = 'english', accept = 'false'"));
    let [bare, own] = manifest.languages.as_slice() else { panic!("{:?}", manifest.languages) };
    assert_eq!((bare.trusted, bare.inline.as_deref()), (false, None));
    assert_eq!((own.trusted, own.handler.as_deref()), (true, Some("crm.handler")));
    assert_eq!(manifest.transforms[0].to_sql.as_deref(), Some("crm.mood_in(internal)"));
    let transformed = crm.functions.iter().find(|item| item.name == "transformed").unwrap();
    assert_eq!(transformed.transforms, ["crm.mood"]);
    let methods: Vec<_> = manifest.access_methods.iter().map(|item| (&*item.name, &*item.kind)).collect();
    assert_eq!(methods, [("own_index", "index"), ("own_table", "table")]);
    let states: Vec<_> = manifest.event_triggers.iter().map(|item| (&*item.name, item.enabled)).collect();
    let expected =
        [("loud", TriggerState::Always), ("quiet one", TriggerState::Disabled), ("watched", TriggerState::Origin)];
    assert_eq!(states, expected);
    assert_eq!(manifest.event_triggers[2].tags, ["DROP SCHEMA", "DROP TABLE"]);
    assert_eq!(manifest.foreign_data_wrappers[1].options, ["Odd name=a=b", "debug=it's a \\ \"test\""]);
    let [far, warehouse] = manifest.servers.as_slice() else { panic!("{:?}", manifest.servers) };
    assert_eq!((&*far.wrapper, far.kind.as_deref()), ("checked", None));
    assert_eq!((warehouse.kind.as_deref(), warehouse.version.as_deref()), (Some("big"), Some("9.6")));
    assert_eq!(warehouse.user_mappings[0].options, ["user=someone"]);
    let publication = |name: &str| manifest.publications.iter().find(|item| item.name == name).unwrap();
    assert!(publication("everything").all_tables);
    assert_eq!(publication("nothing").operations, ["none"]);
    assert_eq!(publication("some").operations, ["delete", "insert"]);
    assert!(publication("some").via_partition_root);
    if major() >= 15 {
        let [items, orders] = publication("filtered").tables.as_slice() else { panic!("two tables") };
        assert_eq!((&items.columns, &items.filter), (&Vec::new(), &None));
        assert_eq!(orders.columns, ["id", "user"]);
        assert_eq!(orders.filter.as_deref(), Some("((id > 5) AND (\"user\" <> 'x'::text))"));
        assert_eq!(publication("whole").schemas, ["Odd \"schema", "crm"]);
    }
    assert!(manifest.not_modelled.is_empty(), "{:?}", manifest.not_modelled);
}
