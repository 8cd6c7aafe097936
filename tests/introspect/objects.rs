//! Everything in a schema that is no table.

use super::*;

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
