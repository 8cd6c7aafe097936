//! Partitions and what they have of their own; foreign tables, inheritance,
//! extended statistics, and what is said of indexes behind keys.

use schemacast::codegen::manifest;

use super::*;

/// A database whose partitions differ from their parents, and what was read.
static SALES: LazyLock<(ConnectionSettings, Manifest)> = LazyLock::new(|| {
    let settings = database(&SERVER, "sales", include_str!("partitions.sql"));
    let manifest = read(&settings, &Options::default());
    (settings, manifest)
});

fn sales(name: &str) -> &'static Table {
    table(schema(&SALES.1, "sales"), name)
}

fn partition<'m>(partitions: &'m [Partition], name: &str) -> &'m Partition {
    partitions.iter().find(|partition| partition.name == name).unwrap_or_else(|| panic!("no {name}: {partitions:?}"))
}

fn orders(name: &str) -> &'static Partition {
    partition(&sales("orders").partitions, name)
}

fn server_major(settings: &ConnectionSettings) -> i32 {
    let mut session = Session::connect(settings).unwrap();
    let sql = "SELECT current_setting('server_version_num')::int4 / 10000";
    session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap().get(0)
}

#[test]
fn a_partition_that_is_its_parents_says_nothing() {
    let of =
        |name: &str, bound: &str| Partition { name: name.to_owned(), bound: bound.to_owned(), ..Default::default() };
    assert_eq!(*orders("orders_plain"), of("orders_plain", "FOR VALUES IN ('plain')"));
    let deep = orders("orders_deep");
    assert_eq!(deep.partitions[0], of("orders_deep_0", "FOR VALUES WITH (modulus 2, remainder 0)"));
    let [note] = deep.columns.as_slice() else { panic!("{:?}", deep.columns) };
    assert_eq!((note.default.as_deref(), note.storage.as_deref()), (Some("'deep'::text"), Some("external")));
    assert_eq!(note.comment, None, "a comment is the parent's alone");
    let [amount, note] = deep.partitions[1].columns.as_slice() else { panic!("{:?}", deep.partitions[1].columns) };
    assert!(amount.not_null && amount.default.as_deref() == Some("0"));
    assert_eq!((&*note.name, note.default.as_deref()), ("note", None), "DEFAULT NULL takes the parent's away");
    assert!(deep.attached_indexes.is_empty() && deep.triggers.is_empty() && deep.checks.is_empty());
}

#[test]
fn it_casts_and_reads_back() {
    casting::casts(&SALES.1);
    assert_eq!(manifest::verify(&SALES.1), []);
}

/// The server's own choices are the ones that are left out.
#[test]
fn names_that_the_server_chose_are_left_out() {
    let many = sales("many");
    assert_eq!((many.indexes.len(), many.unique.len()), (5, 1));
    let [all] = many.partitions.as_slice() else { panic!("{:?}", many.partitions) };
    let listed: Vec<_> = all.attached_indexes.iter().map(|part| (&*part.parent, &*part.name)).collect();
    let numbered = chosen_name(&all.name, Some("id"), "idx1");
    assert_eq!(listed, [("many_id_idx1", &*numbered)], "the second of two of one name");
    let (settings, _) = &*SALES;
    let mut session = Session::connect(settings).unwrap();
    let sql = "SELECT i.relname::text FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
                WHERE x.indrelid = $1::text::regclass ORDER BY 1";
    let on = format!("sales.\"{}\"", all.name.replace('"', "\"\""));
    let rows = session.run(async |client| client.query_typed(sql, &[(&on, tokio_postgres::types::Type::TEXT)]).await);
    let mut printed: Vec<String> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    printed.sort();
    let long = "a_column_with_a_name_that_is_so_long_that_it_has_to_be_cut_off";
    let accents = "é".repeat(27);
    let mut chosen = [
        numbered,
        chosen_index_name(&all.name, &["id"], IndexLabel::Index),
        chosen_index_name(&all.name, &["id"], IndexLabel::PrimaryKey),
        chosen_index_name(&all.name, &["id", long, "expr"], IndexLabel::Unique),
        chosen_index_name(&all.name, &[&accents, long], IndexLabel::Index),
        chosen_index_name(&all.name, &["expr", "expr", "expr1", "expr", "upper", "expr"], IndexLabel::Index),
        chosen_index_name(&all.name, &["coalesce", "case", "id", &*accents, "id"], IndexLabel::Index),
    ];
    chosen.sort();
    assert_eq!(printed, chosen);
}

#[test]
fn what_an_attached_table_keeps() {
    let own = orders("orders_attached");
    assert_eq!(own.schema.as_deref(), Some("other"));
    assert_eq!(*own.column_order, ["note", "region", "double", "id", "tags", "amount"]);
    assert!(own.row_security && own.force_row_security);
    assert_eq!(
        (own.replica_identity_index.as_deref(), own.cluster_on.as_deref()),
        (Some("own_key"), Some("own_index"))
    );
    let listed = |name: &str| own.columns.iter().find(|column| column.name == name);
    let note = Column {
        name: "note".to_owned(),
        type_name: "text".to_owned(),
        default: some("'own'::text"),
        storage: some("main").into(),
        compression: some("pglz").into(),
        statistics: Some(7),
        options: texts(["n_distinct=5"]).into(),
        ..Column::default()
    };
    assert_eq!(listed("note"), Some(&note));
    assert_eq!(listed("region").unwrap().default.as_deref(), Some("'attached'::text"));
    let tags = listed("tags").unwrap();
    assert_eq!((&*tags.type_name, tags.comment.as_deref()), ("text[][]", Some("labels")));
    assert!(listed("amount").is_none() && listed("double").is_none(), "where only the place differs");

    let [unique] = own.unique.as_slice() else { panic!("{:?}", own.unique) };
    assert_eq!((unique.comment.as_deref(), unique.index_comment.as_deref()), (Some("another key"), Some("its index")));
    assert!(unique.deferrable && own.primary_key.is_none(), "the primary key is the parent's");
    let [reference] = own.foreign_keys.as_slice() else { panic!("{:?}", own.foreign_keys) };
    assert_eq!((&*reference.references.table, reference.on_delete), ("orders", Action::Cascade));
    let checks: Vec<_> = own.checks.iter().map(|check| (&*check.name, check.inherited)).collect();
    assert_eq!(checks, [("own_check", false), ("positive", true)], "the parent's is there for its comment");
    let exclusion = &own.exclusions[0];
    assert_eq!(exclusion.definition, "EXCLUDE USING btree (note WITH =)");
    assert_eq!(exclusion.comment.as_deref(), Some("an exclusion"));
    assert_eq!(exclusion.index_comment.as_deref(), Some("the index of the exclusion"));
    let indexes: Vec<&str> = own.indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(indexes, ["own_index"]);
    let [amounts, key] = own.attached_indexes.as_slice() else { panic!("{:?}", own.attached_indexes) };
    assert_eq!((&*amounts.parent, &*amounts.name), ("orders_amount", "own_name"));
    assert!(amounts.keys.len() == 1 && !amounts.keys[0].descending, "the parent's is descending");
    assert_eq!(amounts.comment.as_deref(), Some("part of the amounts"));
    assert_eq!((&*key.parent, &*key.name), ("orders_pkey", "own_key"));
    assert_eq!(key.comment.as_deref(), Some("the index of the key"));
    assert_eq!(key.constraint_comment.as_deref(), Some("the key"));

    let triggers: Vec<_> =
        own.triggers.iter().map(|trigger| (&*trigger.name, trigger.enabled, trigger.inherited)).collect();
    assert_eq!(
        triggers,
        [
            ("own_trigger", TriggerState::Always, false),
            ("stamp", TriggerState::Origin, true),
            ("touch", TriggerState::Disabled, true),
        ]
    );
    assert!(own.triggers[0].definition.starts_with("CREATE TRIGGER own_trigger"));
    assert_eq!((own.triggers[1].comment.as_deref(), &*own.triggers[1].definition), (Some("noted here"), ""));
    assert_eq!((own.rules[0].enabled, own.rules[0].comment.as_deref()), (TriggerState::Disabled, Some("a rule")));
    assert_eq!(own.policies[0].comment.as_deref(), Some("a policy"));
    assert_eq!((&*own.statistics[0].name, own.statistics[0].schema.as_deref()), ("own_statistics", Some("sales")));
}

#[test]
fn options_and_parts_of_indexes() {
    let fast = orders("orders_fast");
    assert_eq!((fast.persistence, fast.access_method.as_deref()), (Persistence::Unlogged, Some("rows")));
    assert_eq!((&*fast.options, fast.replica_identity.as_deref()), (&texts(["fillfactor=50"]), Some("full")));
    let [amounts, unlike, words] = fast.attached_indexes.as_slice() else { panic!("{:?}", fast.attached_indexes) };
    assert_eq!((&*amounts.options, amounts.keys.len()), (&texts(["fillfactor=60"])[..], 0));
    assert_eq!((&*unlike.parent, &*unlike.name, unlike.options.len()), ("orders_unique", "unlike", 0));
    assert_eq!(words.keys.iter().map(|key| key.statistics).collect::<Vec<_>>(), [None, Some(99), None]);
    assert_eq!(words.keys[2].collation.as_deref(), Some("\"C\""));

    let events = sales("events_2");
    assert!(events.indexes[0].invalid && events.unique[0].invalid);
    assert!(partition(&events.partitions, "events_2_all").attached_indexes.is_empty());
    let parts = &partition(&events.partitions, "events_2_new").attached_indexes;
    let parts: Vec<_> = parts.iter().map(|part| (&*part.parent, &*part.name, part.invalid)).collect();
    let expected = [("events_2_at", "events_2_new_at_key", false), ("events_2_some", "events_2_new_note_idx", false)];
    assert_eq!(parts, expected, "not every partition has these, but this one");
    let beside = partition(&sales("events").partitions, "events_new");
    assert_eq!(beside.indexes[0].name, "events_new_note_idx", "like the parent's, and no part of it");
}

#[test]
fn foreign_tables() {
    let log = sales("log");
    let foreign = ForeignTable { server: "archive".to_owned(), options: texts(["format=csv", "path=/var/log"]) };
    assert_eq!((log.foreign.as_deref(), log.comment.as_deref()), (Some(&foreign), Some("lines")));
    assert_eq!(*log.columns[0].foreign_options, ["a b=x=y", "column_name=nr"]);
    assert!(log.columns[0].not_null && log.replica_identity.is_none());
    assert_eq!(
        (log.columns[1].collation.as_deref(), log.columns[1].default.as_deref()),
        (Some("\"C\""), Some("'-'::text"))
    );
    assert_eq!((log.checks.len(), log.triggers.len(), log.statistics.len()), (1, 1, 1));
    let old = partition(&sales("events").partitions, "events_old");
    assert_eq!(old.foreign.as_ref().unwrap().options, ["path=old"]);
    assert_eq!((&old.columns[0].foreign_options[..], old.columns.len()), (&texts(["column_name=nr"])[..], 1));
    assert!(old.replica_identity.is_none());
}

#[test]
fn inheritance() {
    let heir = sales("heir");
    let columns: Vec<_> = heir.columns.iter().map(|column| (&*column.name, column.inherited)).collect();
    assert_eq!(columns, [("id", true), ("note", false), ("own", false)]);
    assert_eq!(heir.columns[0].comment.as_deref(), Some("the heir's"));
    let checks: Vec<_> = heir.checks.iter().map(|check| (&*check.name, check.inherited)).collect();
    assert_eq!(checks, [("base_check", true), ("own_check", false)]);
    assert!(sales("base").columns.iter().all(|column| !column.inherited));
}

#[test]
fn statistics_clusters_and_comments() {
    let numbers = sales("numbers");
    assert_eq!(numbers.cluster_on.as_deref(), Some("numbers_pkey"));
    assert_eq!(numbers.primary_key.as_ref().unwrap().index_comment.as_deref(), Some("its index"));
    let identity = numbers.columns[1].identity.as_ref().unwrap();
    assert_eq!(
        (identity.sequence.as_deref(), identity.comment.as_deref()),
        (Some("other_numbers"), Some("every second"))
    );
    assert_eq!(numbers.columns[0].identity.as_ref().unwrap().persistence, None);
    let [elsewhere, own] = numbers.statistics.as_slice() else { panic!("{:?}", numbers.statistics) };
    assert_eq!((elsewhere.schema.as_deref(), elsewhere.target), (Some("other"), None));
    let definition =
        "CREATE STATISTICS sales.numbers_statistics (ndistinct, mcv) ON id, value, (value % 10) FROM sales.numbers";
    let of_numbers = Statistics {
        schema: None,
        name: "numbers_statistics".to_owned(),
        definition: definition.to_owned(),
        target: Some(50),
        comment: some("of numbers"),
    };
    assert_eq!(*own, of_numbers);
    let totals = &schema(&SALES.1, "sales").materialized_views[0];
    assert_eq!(
        (totals.cluster_on.as_deref(), totals.replica_identity.as_deref()),
        (Some("totals_value"), Some("full"))
    );
    assert_eq!(totals.statistics[0].name, "totals_statistics");
    let word = &totals.columns[2];
    assert_eq!(
        (word.storage.as_deref(), word.compression.as_deref(), word.statistics),
        (Some("main"), Some("pglz"), Some(3))
    );
    assert_eq!((&word.options[..], word.comment.as_deref()), (&texts(["n_distinct=1"])[..], Some("always x")));
}

/// A partition is left out with its parent, whatever schema it is in.
#[test]
fn partitions_of_what_is_left_out() {
    let (settings, whole) = &*SALES;
    let without = read(settings, &Options { exclude: texts(["sales"]), ..Options::default() });
    assert_eq!(*schema(&without, "other"), Schema { name: "other".to_owned(), ..Schema::default() });
    let without = read(settings, &Options { exclude: texts(["other"]), ..Options::default() });
    assert_eq!(schema(&without, "sales"), schema(whole, "sales"), "in a schema that is left out, but the parent's");
}

/// Up to server 16 a partition may count by itself.
#[test]
fn an_identity_of_its_own() {
    let sql = "CREATE TABLE counted (id integer GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at);
               CREATE TABLE counted_1 PARTITION OF counted DEFAULT";
    let settings = database(&SERVER, "counted", sql);
    let major = server_major(&settings);
    if major < 17 {
        execute(
            &settings,
            "CREATE TABLE counted_2 (id integer NOT NULL GENERATED BY DEFAULT AS IDENTITY, at date);
             ALTER TABLE counted ATTACH PARTITION counted_2 FOR VALUES FROM (MINVALUE) TO ('2020-01-01')",
        );
    }
    let manifest = read(&settings, &Options::default());
    let partitions = &table(schema(&manifest, "public"), "counted").partitions;
    assert_eq!(partitions[0].columns, []);
    if major < 17 {
        assert_eq!(partitions[1].columns[0].identity.as_deref(), Some(&Identity::default()));
    }
    assert_eq!(schema(&manifest, "public").sequences, []);
}

/// What only newer servers have of tables.
#[test]
fn newer_servers() {
    let settings = database(&SERVER, "newer_tables", "CREATE EXTENSION btree_gist");
    let major = server_major(&settings);
    if major >= 15 {
        let mut session = Session::connect(&settings).unwrap();
        for statement in ["SET allow_in_place_tablespaces = on", "CREATE TABLESPACE aside LOCATION ''"] {
            session.run(async |client| client.batch_execute(statement).await).unwrap();
        }
        execute(
            &settings,
            "CREATE UNLOGGED TABLE quick (id integer GENERATED ALWAYS AS IDENTITY);
             ALTER SEQUENCE quick_id_seq SET LOGGED;
             CREATE TABLE spaced (id integer, a integer, during tstzrange,
                                  CONSTRAINT key PRIMARY KEY (id) USING INDEX TABLESPACE aside,
                                  CONSTRAINT apart EXCLUDE USING gist (during WITH &&) USING INDEX TABLESPACE aside)
                 TABLESPACE aside;
             CREATE TABLE parted (id integer) PARTITION BY RANGE (id);
             CREATE INDEX whole ON parted (id) TABLESPACE aside;
             CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (2);
             CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (2) TO (3);
             ALTER INDEX parted_2_id_idx SET TABLESPACE pg_default;",
        );
    }
    if major >= 17 {
        execute(
            &settings,
            "CREATE ACCESS METHOD rows TYPE TABLE HANDLER heap_tableam_handler;
             CREATE TABLE p17 (id integer GENERATED ALWAYS AS IDENTITY, region integer,
                               CONSTRAINT alone EXCLUDE USING gist (region WITH =, id WITH <>))
                 PARTITION BY LIST (region) USING rows;
             CREATE TABLE p17_1 PARTITION OF p17 FOR VALUES IN (1);
             CREATE TABLE p17_2 PARTITION OF p17 FOR VALUES IN (2) USING heap;
             CREATE DOMAIN d17 AS integer NOT NULL;
             CREATE DOMAIN named17 AS integer CONSTRAINT given NOT NULL;",
        );
    }
    if major >= 18 {
        execute(
            &settings,
            "CREATE TABLE n18 (plain integer NOT NULL, named integer CONSTRAINT given NOT NULL,
                               alone integer NOT NULL NO INHERIT, later integer, noted integer NOT NULL);
             ALTER TABLE n18 ADD CONSTRAINT n18_later_not_null NOT NULL later NOT VALID;
             COMMENT ON CONSTRAINT n18_noted_not_null ON n18 IS 'never';
             CREATE TABLE heir18 (own integer NOT NULL) INHERITS (n18);
             CREATE TABLE a_table_with_a_name_that_is_almost_as_long_as_names_may_be (
                 a_column_with_a_name_that_is_long integer NOT NULL);
             CREATE TABLE p18 (id integer NOT NULL, other integer CONSTRAINT given NOT NULL) PARTITION BY RANGE (id);
             CREATE TABLE p18_1 PARTITION OF p18 FOR VALUES FROM (1) TO (2);
             CREATE TABLE p18_2 (id integer NOT NULL, other integer CONSTRAINT given NOT NULL);
             ALTER TABLE p18 ATTACH PARTITION p18_2 FOR VALUES FROM (2) TO (3);
             CREATE TABLE p18_3 PARTITION OF p18 (other DEFAULT 1) FOR VALUES FROM (3) TO (4);",
        );
    }
    let manifest = read(&settings, &Options::default());
    let public = schema(&manifest, "public");
    if major >= 15 {
        let identity = table(public, "quick").columns[0].identity.as_ref().unwrap();
        assert_eq!(identity.persistence, Some(Persistence::Permanent));
        let spaced = table(public, "spaced");
        assert_eq!(spaced.tablespace.as_deref(), Some("aside"));
        assert_eq!(spaced.primary_key.as_ref().unwrap().tablespace.as_deref(), Some("aside"));
        assert_eq!(spaced.exclusions[0].tablespace.as_deref(), Some("aside"));
        let [first, second] = table(public, "parted").partitions.as_slice() else { panic!("two partitions") };
        assert_eq!(*first.attached_indexes, []);
        let parts: Vec<_> = second.attached_indexes.iter().map(|part| (&*part.name, &part.tablespace)).collect();
        assert_eq!(parts, [("parted_2_id_idx", &None)]);
    }
    if major >= 17 {
        let p17 = table(public, "p17");
        assert_eq!((p17.access_method.as_deref(), p17.exclusions.len()), (Some("rows"), 1));
        let [first, second] = p17.partitions.as_slice() else { panic!("two partitions") };
        assert_eq!((first.access_method.as_deref(), second.access_method.as_deref()), (Some("rows"), None));
        assert!(first.columns.is_empty(), "an identity holds for all partitions: {:?}", first.columns);
        assert!(first.exclusions.is_empty() && first.attached_indexes.is_empty());
        let [plain, named] = public.domains.as_slice() else { panic!("{:?}", public.domains) };
        assert!(plain.not_null && plain.not_null_constraint.is_none());
        let given = NotNull { name: some("given"), ..NotNull::default() };
        assert_eq!(named.not_null_constraint, Some(given.clone()));
    }
    if major >= 18 {
        let n18 = table(public, "n18");
        assert!(n18.columns.iter().all(|column| column.not_null));
        let given = NotNull { name: some("given"), ..NotNull::default() };
        let constraints: Vec<_> =
            n18.columns.iter().map(|column| column.not_null_constraint.as_deref().cloned()).collect();
        let alone = NotNull { no_inherit: true, ..NotNull::default() };
        let later = NotNull { not_valid: true, ..NotNull::default() };
        let noted = NotNull { comment: some("never"), ..NotNull::default() };
        assert_eq!(constraints, [None, Some(given.clone()), Some(alone), Some(later), Some(noted)]);
        let long = table(public, "a_table_with_a_name_that_is_almost_as_long_as_names_may_be");
        assert!(long.columns[0].not_null && long.columns[0].not_null_constraint.is_none());
        let heir = table(public, "heir18");
        let of_heir = |name: &str| heir.column(name).unwrap().not_null_constraint.as_deref().cloned();
        let inherited = |name: &str| Some(NotNull { name: some(name), inherited: true, ..NotNull::default() });
        assert_eq!(of_heir("plain"), inherited("n18_plain_not_null"));
        assert_eq!(of_heir("named"), inherited("given"));
        assert!(!heir.column("alone").unwrap().not_null && of_heir("own").is_none());
        let [made, attached, other] = table(public, "p18").partitions.as_slice() else { panic!("three partitions") };
        assert_eq!(made.columns, []);
        let [id] = attached.columns.as_slice() else { panic!("{:?}", attached.columns) };
        assert_eq!(id.not_null_constraint.as_ref().unwrap().name.as_deref(), Some("p18_2_id_not_null"));
        let [of_other] = other.columns.as_slice() else { panic!("{:?}", other.columns) };
        assert_eq!((of_other.default.as_deref(), of_other.not_null_constraint.as_deref()), (Some("1"), Some(&given)));
    }
}
