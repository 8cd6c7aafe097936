//! Bytes as a small schema whose every text is one that trips somebody.

use std::collections::BTreeSet;

use crate::codegen::manifest::{
    Action, Attribute, Check, Column, Command, Composite, Domain, Enum, ForeignKey, Generated, Grant, Index, IndexKey,
    Key, Manifest, Policy, Reference, Routine, Schema, Table, VERSION, View,
};
use crate::properties::bytes::Bytes;

/// Names that are words of a target, fold into each other, or are none.
const NAMES: [&str; 40] = [
    "users",
    "Users",
    "user",
    "USER",
    "order",
    "type",
    "self",
    "Self",
    "crate",
    "r#type",
    "id",
    "ID",
    "_id",
    "__typename",
    "__name__",
    "a b",
    "a_b",
    "a-b",
    "a.b",
    "a/b",
    "..",
    ".",
    "1st",
    "größe",
    "中",
    "😀",
    "e\u{301}",
    "\u{202e}x",
    "\u{200b}",
    "$x",
    "\"q\"",
    "`t`",
    "*/",
    "-->",
    "<b>",
    "{{x}}",
    "#{x}",
    "Query",
    "Mutation",
    "createdAt",
];

/// Texts of comments and labels.
const TEXTS: [&str; 34] = [
    "",
    " ",
    "plain",
    "*/ x",
    "/* x",
    "\"\"\"",
    "\\",
    "\\\"",
    "'",
    "\n",
    "a\nb",
    "a\r\nb",
    "\r",
    "\t",
    "| a | b |",
    "```",
    "~~~",
    "# head",
    "- [ ] x",
    "<script>",
    "</details>",
    "<!--",
    "-->",
    "{%",
    "{{",
    "\u{2028}",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
    "]]>",
    "&amp;",
    "${x}",
    "//",
    "///",
];

const TYPES: [&str; 36] = [
    "integer",
    "bigint",
    "text",
    "uuid",
    "boolean",
    "numeric",
    "numeric(10,2)",
    "numeric(1000,-5)",
    "timestamp with time zone",
    "date",
    "time without time zone",
    "interval",
    "jsonb",
    "json",
    "bytea",
    "text[]",
    "integer[][]",
    "character(3)",
    "character varying(255)",
    "\"char\"",
    "money",
    "inet",
    "point",
    "int4range",
    "tstzmultirange",
    "tsvector",
    "xml",
    "bit(3)",
    "oid",
    "regclass",
    "name",
    "public.mood",
    "public.addr",
    "public.email",
    "ghost",
    "hstore",
];

const DEFAULTS: [&str; 22] = [
    "now()",
    "0",
    "-1",
    "'x'::text",
    "''::text",
    "'it''s'::text",
    "NULL::text",
    "true",
    "nextval('s'::regclass)",
    "gen_random_uuid()",
    "'{}'::jsonb",
    "ARRAY[]::text[]",
    "'{\"a\": \"\\u0000\"}'::jsonb",
    "1e999",
    "'NaN'::numeric",
    "CURRENT_TIMESTAMP",
    "'2020-01-01'::date",
    "'infinity'::timestamp",
    "E'\\\\x'::bytea",
    "(1 + 2)",
    "'99999999999999999999'::bigint",
    "'a\"b'::text",
];

/// Expressions of policies, as the server prints them and as it does not.
pub const EXPRESSIONS: [&str; 24] = [
    "true",
    "false",
    "(id = 1)",
    "(auth.uid() = id)",
    "((auth.uid())::text = (id)::text)",
    "(name = 'x'::text)",
    "(name ~~ 'x%'::text)",
    "(name IS NULL)",
    "(NOT (name IS DISTINCT FROM 'x'::text))",
    "((id = 1) AND ((name = 'a'::text) OR (id > 2)))",
    "(id = ANY (ARRAY[1, 2, 3]))",
    "(name = ANY ('{a,b}'::text[]))",
    "(EXISTS ( SELECT 1 FROM users u WHERE (u.id = auth.uid())))",
    "(id IN ( SELECT o.id FROM orders o))",
    "((auth.jwt() ->> 'role'::text) = 'admin'::text)",
    "(lower(name) = 'x'::text)",
    "(CASE WHEN (id = 1) THEN true ELSE false END)",
    "((id + 1) > 2)",
    "(id)::boolean",
    "(COALESCE(name, ''::text) <> ''::text)",
    "(current_setting('app.x'::text, true) = 'y'::text)",
    "(name = 'it''s \\ \"q\" '::text)",
    "(id = '-9223372036854775808'::bigint)",
    "((",
];

/// A manifest of at most two schemas and a handful of tables.
pub fn decode(bytes: &mut Bytes<'_>) -> Manifest {
    let schemas = 1 + bytes.below(2);
    let mut taken = BTreeSet::new();
    let mut manifest = Manifest { version: VERSION.to_owned(), ..Manifest::default() };
    for at in 0..schemas {
        let name = if at == 0 { "public".to_owned() } else { name(bytes, &mut taken) };
        manifest.schemas.push(schema(bytes, name));
    }
    // Keys to others, once it is known what there is.
    let all: Vec<(String, String, Vec<String>)> = manifest
        .schemas
        .iter()
        .flat_map(|schema| schema.tables.iter().map(|table| (schema.name.clone(), table.clone())))
        .filter_map(|(schema, table)| Some((schema, table.name, table.primary_key?.columns)))
        .collect();
    for table in manifest.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
        foreign_keys(bytes, table, &all);
    }
    manifest
}

fn schema(bytes: &mut Bytes<'_>, name: String) -> Schema {
    let mut taken = BTreeSet::new();
    let mut schema = Schema { name, comment: bytes.maybe(text), ..Schema::default() };
    if schema.name == "public" {
        // What the types above mean.
        taken.extend(["mood", "addr", "email"].map(str::to_owned));
        let mut labels = BTreeSet::new();
        let labels = (0..1 + bytes.below(4)).map(|_| unique(bytes, &mut labels, text)).collect();
        schema.enums.push(Enum { name: "mood".to_owned(), comment: bytes.maybe(text), labels, ..Enum::default() });
        let mut names = BTreeSet::new();
        let attributes = (0..1 + bytes.below(3)).map(|_| Attribute {
            name: self::name(bytes, &mut names),
            type_name: bytes.one_of(&TYPES[..30]).to_owned(),
            ..Attribute::default()
        });
        let attributes = attributes.collect();
        schema.composites.push(Composite { name: "addr".to_owned(), attributes, ..Composite::default() });
        schema.domains.push(Domain {
            name: "email".to_owned(),
            type_name: bytes.one_of(&TYPES[..30]).to_owned(),
            not_null: bytes.flag(),
            checks: vec![Check { name: "email_check".to_owned(), expression: text(bytes), ..Check::default() }],
            ..Domain::default()
        });
    }
    for _ in 0..1 + bytes.below(3) {
        let name = self::name(bytes, &mut taken);
        schema.tables.push(table(bytes, name));
    }
    for _ in 0..bytes.below(2) {
        let mut names = BTreeSet::new();
        schema.views.push(View {
            name: self::name(bytes, &mut taken),
            comment: bytes.maybe(text),
            columns: (0..bytes.below(4)).map(|_| column(bytes, &mut names)).collect(),
            definition: text(bytes),
            ..View::default()
        });
    }
    for _ in 0..bytes.below(2) {
        schema.functions.push(Routine {
            name: self::name(bytes, &mut taken),
            comment: bytes.maybe(text),
            returns: Some(bytes.one_of(&TYPES).to_owned()),
            language: "sql".to_owned(),
            body: Some(format!("SELECT {}", bytes.text(&EXPRESSIONS))),
            ..Routine::default()
        });
    }
    schema
}

fn table(bytes: &mut Bytes<'_>, name: String) -> Table {
    let mut names = BTreeSet::new();
    let mut columns = vec![Column { name: "id".to_owned(), ..column(bytes, &mut BTreeSet::new()) }];
    names.insert("id".to_owned());
    columns.extend((0..bytes.below(5)).map(|_| column(bytes, &mut names)));
    let mut table =
        Table { name, comment: bytes.maybe(text).into(), row_security: bytes.flag(), columns, ..Table::default() };
    let key = |bytes: &mut Bytes<'_>, table: &Table, name: &str| Key {
        name: format!("{}_{name}", table.name),
        columns: some_columns(bytes, table),
        ..Key::default()
    };
    if bytes.below(4) > 0 {
        let key = key(bytes, &table, "pkey");
        for column in table.columns.iter_mut().filter(|column| key.columns.contains(&column.name)) {
            column.not_null = true;
        }
        table.primary_key = Some(key);
    }
    if bytes.flag() {
        let unique = key(bytes, &table, "key");
        table.unique.push(unique);
    }
    for at in 0..bytes.below(3) {
        let keys = some_columns(bytes, &table).into_iter().map(|column| IndexKey {
            column: Some(column),
            descending: bytes.flag(),
            ..IndexKey::default()
        });
        let keys = keys.collect();
        let predicate = bytes.maybe(|bytes| bytes.text(&EXPRESSIONS));
        let name = format!("{}_index_{at}", table.name);
        table.indexes.push(Index {
            name,
            keys,
            predicate: predicate.into(),
            comment: bytes.maybe(text).into(),
            ..Index::default()
        });
    }
    if bytes.flag() {
        let expression = bytes.text(&EXPRESSIONS);
        table.checks.push(Check { name: format!("{}_check", table.name), expression, ..Check::default() });
    }
    if bytes.below(4) > 0 {
        let role = bytes.one_of(&["authenticated", "anon", "public"]).to_owned();
        let privileges = ["delete", "insert", "select", "update"].map(str::to_owned).to_vec();
        table.grants.push(Grant { role, privileges, ..Grant::default() });
    }
    let mut policies = BTreeSet::new();
    for _ in 0..bytes.below(4) {
        table.policies.push(policy(bytes, &mut policies));
    }
    table
}

fn policy(bytes: &mut Bytes<'_>, taken: &mut BTreeSet<String>) -> Policy {
    let commands = [Command::All, Command::Select, Command::Insert, Command::Update, Command::Delete];
    let command = commands[bytes.below(commands.len())];
    let expression = |bytes: &mut Bytes<'_>| bytes.text(&EXPRESSIONS);
    Policy {
        name: unique(bytes, taken, text),
        command,
        restrictive: bytes.flag(),
        roles: bytes
            .maybe(|bytes| bytes.one_of(&["anon", "authenticated", "service_role", "x"]).to_owned())
            .into_iter()
            .collect(),
        using: if command == Command::Insert { None } else { bytes.maybe(expression) },
        with_check: if matches!(command, Command::Select | Command::Delete) { None } else { bytes.maybe(expression) },
        comment: bytes.maybe(text),
    }
}

fn column(bytes: &mut Bytes<'_>, taken: &mut BTreeSet<String>) -> Column {
    let mut column = Column {
        name: name(bytes, taken),
        type_name: bytes.one_of(&TYPES).to_owned(),
        not_null: bytes.flag(),
        ..Column::default()
    };
    match bytes.below(8) {
        1 | 2 => column.default = Some(bytes.text(&DEFAULTS)),
        3 => column.identity = Some(Box::default()),
        4 => column.generated = Some(Generated { expression: bytes.text(&DEFAULTS), ..Generated::default() }.into()),
        5 | 6 => column.comment = Some(text(bytes)).into(),
        _ => {}
    }
    column
}

fn foreign_keys(bytes: &mut Bytes<'_>, table: &mut Table, all: &[(String, String, Vec<String>)]) {
    for at in 0..bytes.below(3) {
        let Some((schema, parent, columns)) = all.get(bytes.below(all.len().max(1))) else { return };
        let own: Vec<String> =
            (0..columns.len()).map(|_| table.columns[bytes.below(table.columns.len())].name.clone()).collect();
        let actions = [Action::NoAction, Action::Cascade, Action::SetNull, Action::SetDefault, Action::Restrict];
        table.foreign_keys.push(ForeignKey {
            name: format!("{}_fkey_{at}", table.name),
            columns: own,
            references: Reference { schema: schema.clone(), table: parent.clone(), columns: columns.clone() },
            on_delete: actions[bytes.below(actions.len())],
            ..ForeignKey::default()
        });
    }
}

/// One or two of a table's columns, each once.
fn some_columns(bytes: &mut Bytes<'_>, table: &Table) -> Vec<String> {
    let first = bytes.below(table.columns.len());
    let second = bytes.below(table.columns.len());
    let mut names = vec![table.columns[first].name.clone()];
    if bytes.flag() && first != second {
        names.push(table.columns[second].name.clone());
    }
    names
}

fn text(bytes: &mut Bytes<'_>) -> String {
    bytes.text(&TEXTS)
}

fn name(bytes: &mut Bytes<'_>, taken: &mut BTreeSet<String>) -> String {
    unique(bytes, taken, |bytes| {
        let name = bytes.text(&NAMES);
        if name.is_empty() { "x".to_owned() } else { name }
    })
}

/// A text that is not taken: else with a number behind it.
fn unique(bytes: &mut Bytes<'_>, taken: &mut BTreeSet<String>, make: impl Fn(&mut Bytes<'_>) -> String) -> String {
    let wanted = make(bytes);
    let mut name = wanted.clone();
    for number in 2.. {
        if taken.insert(name.clone()) {
            break;
        }
        name = format!("{wanted}{number}");
    }
    name
}
