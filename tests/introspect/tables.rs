//! Tables: their columns, constraints and partitions, field by field.

use super::*;

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
    assert_eq!(
        column("id").identity.as_deref(),
        Some(&Identity { generation: Generation::Always, ..Identity::default() })
    );
    assert_eq!(generation("code"), Some(Generation::ByDefault));
    let code = column("code").identity.as_ref().unwrap();
    assert_eq!(code.sequence.as_deref(), Some("code_numbers"));
    let options = SequenceOptions { start: Some(100), increment: Some(10), ..SequenceOptions::default() };
    assert_eq!(code.options, options);
    assert_eq!(column("legacy").default.as_deref(), Some("nextval('crm.contacts_legacy_seq'::regclass)"));
    let kind = column("kind");
    assert_eq!(kind.default.as_deref(), Some("'x''y'::character varying"));
    assert_eq!((kind.collation.as_deref(), kind.statistics), (Some("\"C\""), Some(500)));
    assert_eq!(*kind.options, ["n_distinct=-0.5", "n_distinct_inherited=3"]);
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
    assert_eq!(*contacts.options, options);
    assert!(contacts.row_security && contacts.force_row_security);
    assert_eq!(contacts.replica_identity_index.as_deref(), Some("contacts_pkey"));
    assert_eq!(table(crm(), "paths").replica_identity.as_deref(), Some("full"));
    assert_eq!(table(crm(), "wide").columns.len(), 1600);
    assert_eq!(table(crm(), "wide").columns[1599].name, "c1600");
    let nothing = table(crm(), "nothing");
    assert!(nothing.columns.is_empty() && nothing.persistence == Persistence::Unlogged);
    let child = table(crm(), "child");
    assert_eq!(*child.inherits, ["crm.base", "crm.other"]);
    assert_eq!(child.columns.len(), 4);
    let checks: Vec<_> = child.checks.iter().map(|check| (&*check.name, check.inherited)).collect();
    assert_eq!(checks, [("base_check", true), ("own_check", false)]);
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
    // The server cut the sequence's name, as it would again.
    assert_eq!(select.columns[5].identity.as_ref().unwrap().sequence, None);
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
        include: texts(["amount", "seen"]).into(),
        deferrable: true,
        options: texts(["fillfactor=60"]).into(),
        ..Key::default()
    };
    assert_eq!(*contacts.unique, [unique]);
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
    assert_eq!((&*eu.options, eu.comment.as_deref()), (&texts(["fillfactor=50"]), Some("Europe")));
    assert!(schema(&NASTY.1, WEIRD).tables.iter().all(|table| !table.name.starts_with("events")));
    assert_eq!((events.triggers.len(), events.indexes.len(), events.foreign_keys.len()), (1, 1, 1));
    let by_expression = table(crm(), "by_expression_key").partition_by.as_ref().unwrap();
    assert_eq!((&*by_expression.columns, &*by_expression.definition), (&texts(["id"])[..], "RANGE (lower(name), id)"));
    assert_eq!(table(crm(), "by_hash").partition_by.as_ref().unwrap().strategy, PartitionStrategy::Hash);
}
