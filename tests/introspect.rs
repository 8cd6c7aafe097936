//! The catalog reader against a real server: what a database holds is what
//! the manifest says, whoever reads it and in whatever order it was made.
//!
//! They need a Postgres, which the scratch server finds or fetches. With
//! `SCHEMACAST_PG_BIN` set to another major's programs they run against that.
#![cfg(all(unix, feature = "cli"))]

use std::sync::LazyLock;
use std::time::Duration;

use schemacast::codegen::manifest::*;
use schemacast::codegen::project::Profile;
use schemacast::postgres::introspect::{Error, Options, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

/// One server for all tests of this file but those that make roles which
/// would change what the others' databases look like.
static SERVER: LazyLock<ScratchServer> = LazyLock::new(start);

/// A database with everything in it, and what was read from it.
static NASTY: LazyLock<(ConnectionSettings, Manifest)> = LazyLock::new(|| {
    let settings = database(&SERVER, "nasty", include_str!("introspect/nasty.sql"));
    let manifest = read(&settings, &Options::default());
    (settings, manifest)
});

const WEIRD: &str = "we\"ird $chema é 名";

fn start() -> ScratchServer {
    ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn database(server: &ScratchServer, name: &str, sql: &str) -> ConnectionSettings {
    let settings = server.create_database(name).unwrap();
    execute(&settings, sql);
    settings
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap();
}

fn try_read(settings: &ConnectionSettings, options: &Options) -> Result<Manifest, Error> {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| introspect(client, options).await)
}

fn read(settings: &ConnectionSettings, options: &Options) -> Manifest {
    try_read(settings, options).unwrap_or_else(|error| panic!("{error}"))
}

fn schema<'m>(manifest: &'m Manifest, name: &str) -> &'m Schema {
    manifest.schemas.iter().find(|schema| schema.name == name).unwrap()
}

fn crm() -> &'static Schema {
    schema(&NASTY.1, "crm")
}

fn table<'m>(schema: &'m Schema, name: &str) -> &'m Table {
    schema.tables.iter().find(|table| table.name == name).unwrap()
}

fn contacts() -> &'static Table {
    table(crm(), "contacts")
}

fn column(name: &str) -> &'static Column {
    contacts().column(name).unwrap()
}

fn routine(name: &str) -> &'static Routine {
    crm().functions.iter().find(|routine| routine.name == name).unwrap()
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn reading_twice_gives_the_same() {
    let (settings, manifest) = &*NASTY;
    let mut session = Session::connect(settings).unwrap();
    // On one connection, so that the first has ended its transaction.
    for _ in 0..2 {
        let again = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
        assert_eq!(again, *manifest);
    }
    let status = session.run(async |client| {
        let row = client.query_typed_one(
            "SELECT current_setting('search_path') <> '', current_setting('transaction_isolation') = 'read committed'",
            &[],
        );
        row.await.map(|row| (row.get::<_, bool>(0), row.get::<_, bool>(1)))
    });
    assert_eq!(status.unwrap(), (true, true), "no setting and no transaction is left behind");
    assert_eq!(manifest.version, "1.0");
    assert_eq!(manifest.generated, None);
    assert!(manifest.source.as_ref().unwrap().server_version.starts_with(char::is_numeric));
    assert!(manifest.left_out.is_empty() && manifest.not_visible.is_empty());
}

#[test]
fn a_role_without_any_right_reads_the_same() {
    let (settings, manifest) = &*NASTY;
    execute(settings, "ALTER ROLE limited LOGIN");
    let mut limited = settings.clone();
    limited.user = "limited".to_owned();
    let mut session = Session::connect(&limited).unwrap();
    let refused = session.run(async |client| client.batch_execute("SELECT FROM crm.contacts").await);
    assert!(refused.is_err(), "the role may not use the schema");
    assert_eq!(read(&limited, &Options::default()), *manifest);
}

#[test]
fn schemas_and_extensions() {
    let manifest = &NASTY.1;
    let names: Vec<&str> = manifest.schemas.iter().map(|schema| schema.name.as_str()).collect();
    assert_eq!(names, ["crm", "empty", "outside", "public", WEIRD]);
    let empty = Schema {
        name: "empty".to_owned(),
        comment: some("line one\nline */ two \"\"\" | \\ end"),
        ..Schema::default()
    };
    assert_eq!(*schema(manifest, "empty"), empty);
    assert_eq!(schema(manifest, "public").comment, None, "the standard comment says nothing");
    let extensions: Vec<&str> = manifest.extensions.iter().map(|extension| extension.name.as_str()).collect();
    assert_eq!(extensions, ["btree_gist", "citext", "ltree"]);
    let [_, citext, ltree] = manifest.extensions.as_slice() else { unreachable!() };
    assert_eq!((citext.schema.as_deref(), citext.comment.as_deref()), (Some("crm"), None));
    assert_eq!(citext.types, ["citext"], "neither its array type nor its functions");
    assert_eq!(ltree.comment.as_deref(), Some("our own words"));
    assert!(crm().functions.iter().all(|routine| !routine.name.starts_with("citext")));
}

#[test]
fn types() {
    let status = &crm().enums[0];
    assert_eq!(status.labels, ["it's \"first\"", "new", "in between", "done"]);
    assert_eq!(status.comment.as_deref(), Some("where it stands"));
    let [email, emails, grid, work_email] = crm().domains.as_slice() else { panic!("{:?}", crm().domains) };
    assert_eq!((email.type_name.as_str(), email.collation.as_deref(), email.not_null), ("text", Some("\"C\""), true));
    assert_eq!(email.default.as_deref(), Some("'a@b'::text"));
    let checks: Vec<_> = email.checks.iter().map(|check| (&*check.name, &*check.expression)).collect();
    assert_eq!(checks, [("has_at", "(VALUE ~ '@'::text)"), ("short", "(length(VALUE) < 320)")]);
    assert_eq!(email.checks[0].comment.as_deref(), Some("an at sign"));
    assert_eq!(emails.type_name, "crm.email[]");
    assert_eq!(grid.type_name, "integer[][]");
    assert_eq!((work_email.type_name.as_str(), work_email.collation.as_deref()), ("crm.email", None));
    let address = &crm().composites[0];
    let attributes: Vec<_> = address.attributes.iter().map(|item| (&*item.name, &*item.type_name)).collect();
    assert_eq!(attributes, [("street", "text"), ("zip code", "crm.email"), ("tags", "text[]")]);
    assert_eq!(address.attributes[0].collation.as_deref(), Some("\"C\""));
    assert_eq!(address.attributes[0].comment.as_deref(), Some("and number"));
    let [floats, texts] = crm().ranges.as_slice() else { panic!("{:?}", crm().ranges) };
    let plain = Range {
        name: "float_range".to_owned(),
        subtype: "double precision".to_owned(),
        multirange: some("float_multirange"),
        subtype_diff: some("float8mi"),
        ..Range::default()
    };
    assert_eq!(*floats, plain);
    assert_eq!(texts.multirange.as_deref(), Some("text_spans"));
    assert_eq!(texts.operator_class.as_deref(), Some("text_pattern_ops"));
    assert_eq!(texts.collation.as_deref(), Some("\"C\""));
    // A table's row type is the table, and a range's constructors are the range.
    assert_eq!(crm().composites.len(), 2);
    assert!(crm().functions.iter().all(|routine| !routine.name.contains("range")));
}

#[test]
fn sequences() {
    let [legacy, down, plain] = crm().sequences.as_slice() else { panic!("{:?}", crm().sequences) };
    assert_eq!(legacy.owned_by.as_deref(), Some("crm.contacts.legacy"));
    assert_eq!(legacy.options, SequenceOptions { type_name: some("integer"), ..SequenceOptions::default() });
    let options = SequenceOptions {
        type_name: some("smallint"),
        start: Some(60),
        increment: Some(-3),
        minimum: None,
        maximum: Some(90),
        cache: Some(5),
        cycle: true,
    };
    assert_eq!((&down.options, down.comment.as_deref()), (&options, Some("counts down")));
    assert_eq!(*plain, Sequence { name: "plain".to_owned(), ..Sequence::default() });
    let owned = &schema(&NASTY.1, WEIRD).sequences[0];
    assert_eq!((&*owned.name, owned.owned_by.as_deref()), ("Owned", Some(r#""we""ird $chema é 名"."select"."a""b""#)));
}

#[test]
fn columns() {
    let types: Vec<_> = contacts().columns.iter().map(|column| (&*column.name, &*column.type_name)).collect();
    assert_eq!(
        types,
        [
            ("id", "bigint"),
            ("code", "integer"),
            ("legacy", "integer"),
            ("account_id", "bigint"),
            ("kind", "character varying(20)"),
            ("status", "crm.status"),
            ("amount", "numeric(12,2)"),
            ("doubled", "numeric"),
            ("matrix", "integer[][]"),
            ("seen", "timestamp(3) with time zone"),
            ("span", "interval day to second(2)"),
            ("mail", "crm.work_email"),
            ("mails", "crm.emails"),
            ("home", "crm.address"),
            ("nick", "crm.citext"),
            ("blob", "bytea"),
            ("letter", "\"char\""),
            ("first_char", "character(1)"),
        ]
    );
    let generation = |name| column(name).identity.as_ref().map(|identity| identity.generation);
    assert_eq!(generation("id"), Some(Generation::Always));
    assert_eq!(column("id").identity, Some(Identity { generation: Generation::Always, ..Identity::default() }));
    assert_eq!(generation("code"), Some(Generation::ByDefault));
    let code = column("code").identity.as_ref().unwrap();
    assert_eq!(code.sequence.as_deref(), Some("code_numbers"));
    let options = SequenceOptions { start: Some(100), increment: Some(10), ..SequenceOptions::default() };
    assert_eq!(code.options, options);
    assert_eq!(column("legacy").default.as_deref(), Some("nextval('crm.contacts_legacy_seq'::regclass)"));
    let kind = column("kind");
    assert_eq!(kind.default.as_deref(), Some("'x''y'::character varying"));
    assert_eq!((kind.collation.as_deref(), kind.statistics), (Some("\"C\""), Some(500)));
    assert_eq!(kind.options, ["n_distinct=-0.5", "n_distinct_inherited=3"]);
    assert_eq!(kind.comment.as_deref(), Some("kind of $contact"));
    assert!(!kind.not_null && column("status").not_null);
    let doubled = column("doubled").generated.as_ref().unwrap();
    assert_eq!((&*doubled.expression, doubled.kind), ("(amount * (2)::numeric)", GeneratedKind::Stored));
    assert_eq!(column("doubled").default, None);
    let blob = column("blob");
    assert_eq!((blob.storage.as_deref(), blob.compression.as_deref()), (Some("external"), Some("pglz")));
    let seen = column("seen").default.as_deref();
    assert_eq!(seen, Some("'2020-01-02 03:04:05+00'::timestamp with time zone"), "printed in UTC, wherever it is read");
}

#[test]
fn tables() {
    let contacts = contacts();
    assert_eq!(contacts.comment.as_deref(), Some("a | b */ \"\"\" \\ c\nsecond line"));
    let options = ["autovacuum_enabled=false", "fillfactor=70", "toast.autovacuum_enabled=false"];
    assert_eq!(contacts.options, options);
    assert!(contacts.row_security && contacts.force_row_security);
    assert_eq!(contacts.replica_identity.as_deref(), Some("contacts_pkey"));
    assert_eq!(table(crm(), "paths").replica_identity.as_deref(), Some("full"));
    assert_eq!(table(crm(), "wide").columns.len(), 1600);
    assert_eq!(table(crm(), "wide").columns[1599].name, "c1600");
    let nothing = table(crm(), "nothing");
    assert!(nothing.columns.is_empty() && nothing.persistence == Persistence::Unlogged);
    let child = table(crm(), "child");
    assert_eq!(child.inherits, ["crm.base", "crm.other"]);
    assert_eq!(child.columns.len(), 4);
    let checks: Vec<&str> = child.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(checks, ["own_check"], "the parent's follows from `inherits`");
    assert_eq!(table(crm(), "people").of_type.as_deref(), Some("crm.person"));
    assert!(table(crm(), "people").columns[0].not_null);
}

#[test]
fn names_are_raw() {
    let select = table(schema(&NASTY.1, WEIRD), "select");
    let names: Vec<&str> = select.columns.iter().map(|column| column.name.as_str()).collect();
    let long = "ñäme_that_is_exactly_sixty_three_bytes_long_for_postgres_abcd";
    assert_eq!(names, ["from", " ", "a\"b", "$1", "UPPER", long]);
    assert_eq!(long.len(), 63);
    assert_eq!(select.columns[1].comment.as_deref(), Some("\\"));
    // The server cut the sequence's name, so it is not the usual one.
    assert!(select.columns[5].identity.as_ref().unwrap().sequence.is_some());
    let foreign_key = &table(schema(&NASTY.1, WEIRD), "contacts").foreign_keys[0];
    let references = Reference { schema: WEIRD.to_owned(), table: "select".to_owned(), columns: texts(["from"]) };
    assert_eq!(foreign_key.references, references);
}

#[test]
fn constraints() {
    let contacts = contacts();
    let primary_key = Key { name: "contacts_pkey".to_owned(), columns: texts(["id"]), ..Key::default() };
    assert_eq!(contacts.primary_key, Some(primary_key));
    let unique = Key {
        name: "contacts_code_key".to_owned(),
        columns: texts(["code", "kind"]),
        include: texts(["amount", "seen"]),
        deferrable: true,
        options: texts(["fillfactor=60"]),
        ..Key::default()
    };
    assert_eq!(contacts.unique, [unique]);
    let account = ForeignKey {
        name: "contacts_account".to_owned(),
        columns: texts(["kind", "account_id"]),
        references: Reference {
            schema: "outside".to_owned(),
            table: "accounts".to_owned(),
            columns: texts(["kind", "id"]),
        },
        on_update: Action::Cascade,
        on_delete: Action::SetNull,
        match_type: Match::Full,
        deferrable: true,
        initially_deferred: true,
        ..ForeignKey::default()
    };
    assert_eq!(contacts.foreign_keys[0], account);
    let itself = &contacts.foreign_keys[1];
    assert_eq!((itself.on_delete, itself.not_valid), (Action::Restrict, true));
    let [later, positive] = contacts.checks.as_slice() else { panic!("{:?}", contacts.checks) };
    assert_eq!((&*later.expression, later.not_valid, later.no_inherit), ("(code > 0)", true, false));
    assert_eq!((positive.no_inherit, positive.comment.as_deref()), (true, Some("no debts")));
    let exclusion = &table(crm(), "bookings").exclusions[0];
    let definition = "EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((room > 0))";
    assert_eq!((&*exclusion.definition, exclusion.comment.as_deref()), (definition, Some("one at a time")));
    assert!(table(crm(), "bookings").indexes.is_empty(), "a constraint's index is the constraint");
    // One, although the catalog has another for every partition referred to.
    assert_eq!(table(crm(), "event_notes").foreign_keys.len(), 1);
}

#[test]
fn partitions() {
    let events = table(crm(), "events");
    let key = events.partition_by.as_ref().unwrap();
    assert_eq!((key.strategy, &*key.definition), (PartitionStrategy::Range, "RANGE (at)"));
    let [of_2024, rest] = events.partitions.as_slice() else { panic!("{:?}", events.partitions) };
    assert_eq!(of_2024.bound, "FOR VALUES FROM ('2024-01-01 00:00:00') TO ('2025-01-01 00:00:00')");
    assert_eq!((&*rest.name, &*rest.bound, rest.partitions.len()), ("events_rest", "DEFAULT", 0));
    assert_eq!(of_2024.partition_by.as_ref().unwrap().columns, ["region", "id"]);
    let eu = &of_2024.partitions[0];
    assert_eq!((eu.schema.as_deref(), &*eu.name), (Some(WEIRD), "events_2024_eu"));
    assert_eq!((&*eu.options, eu.comment.as_deref()), (&texts(["fillfactor=50"])[..], Some("Europe")));
    assert!(schema(&NASTY.1, WEIRD).tables.iter().all(|table| !table.name.starts_with("events")));
    assert_eq!((events.triggers.len(), events.indexes.len(), events.foreign_keys.len()), (1, 1, 1));
    let by_expression = table(crm(), "by_expression_key").partition_by.as_ref().unwrap();
    assert_eq!((&*by_expression.columns, &*by_expression.definition), (&texts(["id"])[..], "RANGE (lower(name), id)"));
    assert_eq!(table(crm(), "by_hash").partition_by.as_ref().unwrap().strategy, PartitionStrategy::Hash);
}

#[test]
fn views() {
    let view = &crm().views[0];
    assert_eq!(view.options, ["check_option=local", "security_barrier=true"]);
    assert_eq!(view.columns.len(), 3);
    assert_eq!(view.columns[1].default.as_deref(), Some("'v'::character varying"));
    assert_eq!(view.columns[1].comment.as_deref(), Some("as in contacts"));
    assert!(view.definition.starts_with("SELECT ") && view.definition.contains("FROM crm.contacts"));
    assert!(!view.definition.ends_with(';'));
    assert_eq!(view.triggers[0].name, "instead");
    assert!(view.rules.is_empty(), "the rule that makes a view a view is the view");
    let totals = &crm().materialized_views[0];
    assert!(totals.not_populated && totals.indexes[0].unique);
    assert_eq!(totals.options, ["fillfactor=90"]);
}

#[test]
fn routines() {
    let [numbers, strings] = [&crm().functions[0], &crm().functions[1]];
    assert_eq!(numbers.signature(), "add(integer, integer, integer[])");
    assert_eq!(strings.signature(), "add(text, text)");
    let modes: Vec<_> = numbers.arguments.iter().map(|argument| (argument.mode, argument.default.as_deref())).collect();
    assert_eq!(
        modes,
        [
            (ArgumentMode::In, None),
            (ArgumentMode::In, Some("2")),
            (ArgumentMode::Out, None),
            (ArgumentMode::Variadic, Some("'{}'::integer[]")),
        ]
    );
    assert_eq!((numbers.volatility, numbers.parallel), (Volatility::Immutable, Parallel::Safe));
    assert_eq!((numbers.strict, numbers.cost, numbers.rows), (true, Some(5.0), None));
    assert!(strings.security_definer && strings.leakproof);
    assert_eq!(strings.settings, ["search_path=crm, pg_temp", "work_mem=8MB"]);
    assert_eq!(strings.body.as_deref(), Some(" BEGIN RETURN $1 || '\\' || \"$2\"; /* '*/ END "));
    assert_eq!(strings.comment.as_deref(), Some("joins two"));
    assert_eq!((strings.arguments[0].name.as_deref(), strings.cost), (None, None));
    let list = routine("list");
    assert_eq!(list.returns.as_deref(), Some("TABLE(id bigint, \"the name\" text)"));
    assert_eq!((list.arguments.len(), list.rows), (3, Some(7.0)));
    let standard = routine("standard");
    assert_eq!((standard.body.as_deref(), standard.sql_body.as_deref()), (None, Some("RETURN (x + 1)")));
    let tidy = routine("tidy");
    assert_eq!((tidy.kind, tidy.returns.as_deref()), (RoutineKind::Procedure, None));
    assert_eq!(tidy.arguments[0].mode, ArgumentMode::Inout);
    assert_eq!(tidy.arguments[1].default.as_deref(), Some("false"));
    let total = routine("total");
    assert_eq!(total.kind, RoutineKind::Aggregate);
    let definition = "SFUNC = int4pl,\nSTYPE = integer,\nCOMBINEFUNC = int4pl,\nINITCOND = '0',\n\
                      SORTOP = OPERATOR(pg_catalog.>),\nPARALLEL = SAFE";
    assert_eq!((total.definition.as_deref(), &*total.language, &total.body), (Some(definition), "", &None));
    assert_eq!(routine("middle").direct_arguments, Some(1));
    assert_eq!(routine("rank").kind, RoutineKind::Window);
}

#[test]
fn triggers_rules_and_policies() {
    let [checked, silent, touch] = contacts().triggers.as_slice() else { panic!("{:?}", contacts().triggers) };
    assert_eq!(checked.enabled, TriggerState::Always);
    assert!(checked.definition.starts_with("CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON crm.contacts"));
    assert_eq!(silent.enabled, TriggerState::Disabled);
    assert!(touch.definition.ends_with("EXECUTE FUNCTION crm.touch('a', 'b''c')"));
    assert_eq!((touch.enabled, touch.comment.as_deref()), (TriggerState::Origin, Some("keeps it fresh")));
    let quiet = &contacts().rules[0];
    assert_eq!((quiet.enabled, quiet.comment.as_deref()), (TriggerState::Disabled, Some("keep all")));
    let [everyone, narrow] = contacts().policies.as_slice() else { panic!("{:?}", contacts().policies) };
    let plain = Policy { name: "everyone".to_owned(), using: some("true"), comment: some("open"), ..Policy::default() };
    assert_eq!(*everyone, plain);
    let restrictive = Policy {
        name: "narrow one".to_owned(),
        command: Command::Update,
        restrictive: true,
        roles: texts(["Role \"quoted\"", "limited"]),
        using: some("(amount > (0)::numeric)"),
        with_check: some("(amount > (1)::numeric)"),
        comment: None,
    };
    assert_eq!(*narrow, restrictive);
}

/// The structure says what the server's own text says: each index is written
/// from it and compared.
#[test]
fn indexes_are_what_the_server_prints() {
    let (settings, manifest) = &*NASTY;
    let mut session = Session::connect(settings).unwrap();
    let sql = "SELECT n.nspname::text, i.relname::text, pg_get_indexdef(i.oid)
                 FROM pg_class AS i JOIN pg_namespace AS n ON n.oid = i.relnamespace
                WHERE i.relkind IN ('i', 'I') AND n.nspname NOT LIKE 'pg\\_%'";
    let printed = session.run(async |client| {
        client.batch_execute("SET search_path = ''").await?;
        client.query_typed(sql, &[]).await
    });
    let printed: Vec<(String, String, String)> =
        printed.unwrap().iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let mut compared = 0;
    for schema in &manifest.schemas {
        let tables = schema.tables.iter().map(|table| (&table.name, &table.indexes, table.partition_by.is_some()));
        let views = schema.materialized_views.iter().map(|view| (&view.name, &view.indexes, false));
        for (table, indexes, partitioned) in tables.chain(views) {
            for index in indexes {
                let on = format!("{}{}.{table}", if partitioned { "ONLY " } else { "" }, schema.name);
                let found =
                    printed.iter().find(|(namespace, name, _)| *namespace == schema.name && *name == index.name);
                assert_eq!(index_sql(index, &on), found.unwrap().2);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 12);
    let by_expression = contacts().indexes.iter().find(|index| index.name == "by_expression").unwrap();
    assert_eq!(by_expression.keys[1].statistics, Some(77));
    let by_sort = contacts().indexes.iter().find(|index| index.name == "by_sort").unwrap();
    assert_eq!(by_sort.comment.as_deref(), Some("sorted"));
}

fn index_sql(index: &Index, on: &str) -> String {
    let key = |key: &IndexKey| {
        let mut sql = key.column.clone().or(key.expression.clone()).unwrap();
        sql.extend(key.collation.iter().map(|collation| format!(" COLLATE {collation}")));
        sql.extend(key.operator_class.iter().map(|class| format!(" {class}")));
        sql.push_str(if key.descending { " DESC" } else { "" });
        sql.push_str(match key.nulls {
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
            None => "",
        });
        sql
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql = format!("CREATE {unique}INDEX {} ON {on} USING {} ({})", index.name, index.method(), keys.join(", "));
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", index.include.join(", ")));
    }
    sql.push_str(if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" });
    if let [option] = index.options.as_slice() {
        let (name, value) = option.split_once('=').unwrap();
        sql.push_str(&format!(" WITH ({name}='{value}')").replace("'off'", "off"));
    }
    sql.extend(index.predicate.iter().map(|predicate| format!(" WHERE {predicate}")));
    sql
}

/// What only newer servers have; the statements of each are run where the
/// server is new enough.
#[test]
fn newer_servers() {
    let settings = database(&SERVER, "newer", "CREATE EXTENSION btree_gist");
    let mut session = Session::connect(&settings).unwrap();
    let major = session.run(async |client| {
        let row = client.query_typed_one("SELECT current_setting('server_version_num')::int4 / 10000", &[]);
        row.await.map(|row| row.get::<_, i32>(0))
    });
    let major = major.unwrap();
    if major >= 15 {
        execute(
            &settings,
            "CREATE TABLE n15 (a integer, b integer, c integer, UNIQUE NULLS NOT DISTINCT (a), PRIMARY KEY (b, c));
             CREATE UNIQUE INDEX n15_index ON n15 (b) NULLS NOT DISTINCT;
             CREATE TABLE r15 (a integer, b integer, c integer,
                               FOREIGN KEY (a, b) REFERENCES n15 ON DELETE SET NULL (b),
                               FOREIGN KEY (a, c) REFERENCES n15 ON DELETE SET DEFAULT);",
        );
    }
    if major >= 18 {
        execute(
            &settings,
            "CREATE TABLE n18 (a integer, p tsrange, v integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
                               CONSTRAINT named NOT NULL a, PRIMARY KEY (a, p WITHOUT OVERLAPS),
                               CHECK (a > 0) NOT ENFORCED);
             CREATE TABLE r18 (a integer, p tsrange, FOREIGN KEY (a, PERIOD p) REFERENCES n18 (a, PERIOD p),
                               FOREIGN KEY (a) REFERENCES r18u NOT ENFORCED);"
                .replace("CREATE TABLE r18 ", "CREATE TABLE r18u (a integer PRIMARY KEY); CREATE TABLE r18 ")
                .as_str(),
        );
    }
    let manifest = read(&settings, &Options::default());
    let public = schema(&manifest, "public");
    if major >= 15 {
        let unique = table(public, "n15");
        assert!(unique.unique[0].nulls_not_distinct && unique.indexes[0].nulls_not_distinct);
        assert!(!unique.primary_key.as_ref().unwrap().nulls_not_distinct);
        let [one, all] = table(public, "r15").foreign_keys.as_slice() else { panic!("two foreign keys") };
        assert_eq!((one.on_delete, &one.on_delete_columns), (Action::SetNull, &texts(["b"])));
        assert_eq!((all.on_delete, &all.on_delete_columns), (Action::SetDefault, &Vec::new()));
    }
    if major >= 18 {
        let temporal = table(public, "n18");
        assert!(temporal.primary_key.as_ref().unwrap().without_overlaps);
        assert_eq!(temporal.columns[2].generated.as_ref().unwrap().kind, GeneratedKind::Virtual);
        assert!(temporal.columns[0].not_null);
        let [check] = temporal.checks.as_slice() else { panic!("NOT NULL is no check: {:?}", temporal.checks) };
        assert!(check.not_enforced && check.not_valid);
        let [plain, period] = table(public, "r18").foreign_keys.as_slice() else { panic!("two foreign keys") };
        assert!(plain.not_enforced && !plain.period && period.period && !period.not_enforced);
    }
}

#[test]
fn the_order_of_creation_says_nothing() {
    let statements = [
        "CREATE TABLE b (id integer PRIMARY KEY, note text)",
        "CREATE TABLE a (id integer PRIMARY KEY, note text)",
        "CREATE TYPE zoo AS ENUM ('x', 'y')",
        "CREATE SCHEMA other",
        "CREATE TABLE parts (id integer) PARTITION BY LIST (id)",
    ];
    let then = [
        "CREATE INDEX b_two ON b (note)",
        "CREATE INDEX b_one ON b (note)",
        "ALTER TABLE b ADD CONSTRAINT k2 FOREIGN KEY (id) REFERENCES a",
        "ALTER TABLE b ADD CONSTRAINT k1 CHECK (id > 0)",
        "ALTER TABLE b ADD CONSTRAINT k0 CHECK (id > 1)",
        "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2)",
        "CREATE TABLE other.parts_1 PARTITION OF parts FOR VALUES IN (1)",
        "CREATE VIEW v AS SELECT id FROM a",
        "CREATE FUNCTION f(zoo) RETURNS text LANGUAGE sql AS 'SELECT NULL'",
        "CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT NULL'",
        "CREATE POLICY p2 ON a",
        "CREATE POLICY p1 ON a",
    ];
    let forwards = [statements.join(";"), then.join(";")].join(";");
    let backwards: Vec<&str> = statements.into_iter().rev().chain(then.into_iter().rev()).collect();
    let first = database(&SERVER, "forwards", &forwards);
    let second = database(&SERVER, "backwards", &backwards.join(";"));
    assert_eq!(read(&first, &Options::default()), read(&second, &Options::default()));
}

#[test]
fn managed_schemas_are_left_out_and_named() {
    let server = start();
    let sql = "CREATE ROLE supabase_admin NOLOGIN;
               CREATE SCHEMA auth AUTHORIZATION supabase_admin;
               CREATE TABLE auth.users (id uuid PRIMARY KEY);
               CREATE SCHEMA vault;
               CREATE TABLE vault.contacts (id uuid REFERENCES auth.users);
               CREATE SCHEMA extensions;
               CREATE SCHEMA neon_auth;";
    let settings = database(&server, "hosted", sql);
    let names = |manifest: &Manifest| manifest.schemas.iter().map(|schema| schema.name.clone()).collect::<Vec<_>>();
    let left_out = |manifest: &Manifest| manifest.left_out.iter().map(|item| item.schema.clone()).collect::<Vec<_>>();

    let detected = read(&settings, &Options::default());
    assert_eq!(detected.source.as_ref().unwrap().profile.as_deref(), Some("supabase"));
    assert_eq!(names(&detected), ["neon_auth", "public", "vault"], "a vault of one's own is read");
    assert_eq!(left_out(&detected), ["auth", "extensions"]);
    assert_eq!(detected.left_out[0].reason, "Supabase manages it");
    let foreign_key = &table(schema(&detected, "vault"), "contacts").foreign_keys[0];
    let references = Reference { schema: "auth".to_owned(), table: "users".to_owned(), columns: texts(["id"]) };
    assert_eq!(foreign_key.references, references, "a key into a schema that is left out stays");

    let none = read(&settings, &Options { profile: Some(Profile::None), ..Options::default() });
    assert_eq!(names(&none), ["auth", "extensions", "neon_auth", "public", "vault"]);
    assert_eq!(none.source.as_ref().unwrap().profile, None);
    let neon = read(&settings, &Options { profile: Some(Profile::Neon), ..Options::default() });
    assert_eq!(left_out(&neon), ["neon_auth"]);
    let overruled = Options { include: texts(["auth"]), exclude: texts(["vault"]), ..Options::default() };
    let overruled = read(&settings, &overruled);
    assert_eq!(names(&overruled), ["auth", "neon_auth", "public"]);
    assert_eq!(left_out(&overruled), ["extensions", "vault"]);
}

#[test]
fn a_table_that_is_locked_is_an_error_with_its_reason() {
    let settings = database(&SERVER, "locked", "CREATE TABLE t (id integer); CREATE VIEW v AS SELECT id FROM t");
    let mut holder = Session::connect(&settings).unwrap();
    holder.run(async |client| client.batch_execute("BEGIN; LOCK TABLE t").await).unwrap();
    let options = Options { lock_timeout: Duration::from_millis(50), ..Options::default() };
    let mut session = Session::connect(&settings).unwrap();
    let refused = session.run(async |client| introspect(client, &options).await).unwrap_err();
    let message = refused.to_string();
    assert!(matches!(refused, Error::Query { what: "view definitions", .. }), "{message}");
    assert!(message.contains("55P03") && message.contains("try again"), "{message}");
    holder.run(async |client| client.batch_execute("ROLLBACK").await).unwrap();
    // The same connection goes on: the failed transaction was ended.
    let manifest = session.run(async |client| introspect(client, &options).await).unwrap();
    assert_eq!(schema(&manifest, "public").views.len(), 1);
}
