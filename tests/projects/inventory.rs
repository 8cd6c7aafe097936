//! The feature inventory: that the program and the migration find the same,
//! and a test for each fault of an inventory that was seen in the wild.

use std::path::Path;

use schemacast::postgres::{ConnectionSettings, Session};
use schemacast::snapshot::files::Folder;
use schemacast::snapshot::model::Stored;
use schemacast::snapshot::{BEGIN, CURRENT_OBJECTS, Destination, Request, Taken, capture, inventory};
use serde_json::{Value, json};

use crate::{Desk, WORKSPACE, filled, project};

fn migration() -> String {
    std::fs::read_to_string(project(WORKSPACE).0.folder.join("migrations/003_feature_inventory.sql")).unwrap()
}

/// The head of a function and its body.
fn function<'m>(migration: &'m str, name: &str) -> (&'m str, &'m str) {
    let start = migration.find(&format!("CREATE OR REPLACE FUNCTION catalog.{name}(")).unwrap();
    let (head, rest) = migration[start..].split_once("AS $$\n").unwrap();
    (head, rest.split_once("$$;").unwrap().0)
}

fn take(settings: &ConnectionSettings, folder: &Path, may_use_database: bool) -> Taken {
    let folder = Folder(folder.to_owned());
    let to = Destination { folder: &folder, may_use_database, place: "here" };
    let mut session = Session::connect(settings).unwrap();
    capture(&mut session, &Request::default(), &to, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", error.explained(settings)))
}

#[test]
fn the_program_reads_by_the_text_of_the_migration() {
    let migration = migration();
    let (head, body) = function(&migration, "current_objects");
    assert_eq!(body, CURRENT_OBJECTS, "src/snapshot/sql/current_objects.sql is the body of the migration's function");
    let settings = |text: &str, verb: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(verb));
        lines.map(|line| line.trim_end_matches(';').replacen(" = ", " TO ", 1)).collect()
    };
    let own = settings(BEGIN, "SET LOCAL ");
    assert!(own.len() > 5, "{own:?}");
    assert_eq!(own, settings(head, "SET "));
}

/// Names, kinds and overloads that are told apart, and what never was analysed.
const ODD: &str = r#"
    CREATE TABLE public."Mixed Case" (id integer, "Über" text DEFAULT 'a
b');
    CREATE INDEX "Index of It" ON public."Mixed Case" (id);
    CREATE TABLE public.counted AS SELECT generate_series(1, 1000) AS n;
    ANALYZE public.counted;
    CREATE TABLE public.parted (n integer) PARTITION BY RANGE (n);
    CREATE TABLE public.part_one PARTITION OF public.parted FOR VALUES FROM (0) TO (10);
    CREATE MATERIALIZED VIEW public.summed AS SELECT sum(n) AS n FROM public.counted;
    CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
    CREATE FUNCTION public.twice(t text) RETURNS text LANGUAGE sql AS 'SELECT t || t';
    CREATE PROCEDURE public.nothing() LANGUAGE sql AS '';
    CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
    CREATE SEQUENCE public.numbers;
    CREATE TYPE public.mood AS ENUM ('good', 'it''s, fine');
    CREATE TABLE public.moved (at timestamptz DEFAULT '2026-01-01 12:00+02', after interval DEFAULT '1 day 2 hours');
"#;

#[test]
fn the_program_and_the_migration_find_the_same() {
    let settings = filled(WORKSPACE, "inventory_same");
    Desk::new(&settings).execute(ODD);
    // What a session has set must not matter to either.
    Desk::new(&settings)
        .execute("ALTER DATABASE inventory_same SET timezone = 'Asia/Tokyo'; ALTER DATABASE inventory_same SET intervalstyle = 'sql_standard'");
    let folder = tempfile::tempdir().unwrap();
    // The file first, for a row in the database adds to the sizes.
    let of_file = take(&settings, folder.path(), false);
    let of_database = take(&settings, folder.path(), true);
    assert!(of_database.in_database && !of_file.in_database);
    let lists = |taken: &Taken| {
        let mut snapshot = serde_json::to_value(&taken.snapshot).unwrap();
        for key in ["id", "taken_at", "database"] {
            snapshot.as_object_mut().unwrap().remove(key);
        }
        snapshot
    };
    assert_eq!(lists(&of_file), lists(&of_database));
    assert!(of_file.snapshot.total_tables > 20);

    let objects = Desk::new(&settings).rows(
        "SELECT kind, identity, hash, definition FROM catalog.snapshot_objects ORDER BY kind COLLATE \"C\", identity COLLATE \"C\"",
    );
    let file = std::fs::read_to_string(Folder(folder.path().to_owned()).file(&of_file.snapshot.id)).unwrap();
    let stored: Stored = serde_json::from_str(&file).unwrap();
    let own: Vec<Value> = stored
        .objects
        .unwrap()
        .into_iter()
        .map(|object| json!({ "kind": object.kind, "identity": object.identity, "hash": object.hash, "definition": object.definition }))
        .collect();
    assert_eq!(own, objects);
}

#[test]
fn two_equal_snapshots_differ_in_nothing_though_rows_grew() {
    let mut desk = Desk::new(&filled(WORKSPACE, "inventory_equal"));
    desk.execute(ODD);
    desk.execute("SELECT catalog.capture_snapshot('one')");
    desk.execute("INSERT INTO public.counted SELECT generate_series(1, 50000); ANALYZE");
    desk.execute("SELECT catalog.capture_snapshot('two')");
    assert_eq!(desk.rows("SELECT * FROM catalog.inventory_diff"), Vec::<Value>::new());
    assert_eq!(desk.rows("SELECT * FROM catalog.inventory_diff(1, 2)"), Vec::<Value>::new());
    let stored = desk.rows("SELECT unchanged_since_id, (SELECT count(*) FROM catalog.snapshot_objects AS o WHERE o.snapshot_id = s.id) AS objects FROM catalog.snapshots AS s ORDER BY id");
    assert_eq!(stored[1], json!({ "unchanged_since_id": 1, "objects": 0 }), "a pointer, and no copy");
    // The lists did take notice.
    let rows = desk.rows(
        "SELECT e ->> 'row_count' AS rows FROM catalog.snapshots AS s, jsonb_array_elements(s.tables) AS e
         WHERE e ->> 'table' = 'counted' ORDER BY s.id",
    );
    assert_eq!(rows, [json!({ "rows": "1000" }), json!({ "rows": "51000" })]);
}

#[test]
fn no_name_no_kind_and_no_overload_is_lost() {
    let settings = filled(WORKSPACE, "inventory_kinds");
    Desk::new(&settings).execute(ODD);
    let folder = tempfile::tempdir().unwrap();
    let text = inventory::inventory(&take(&settings, folder.path(), true).snapshot, "now");
    let lines: Vec<&str> = text.lines().collect();
    for start in [
        "- `public.Mixed Case` (not analysed, ",
        "- `public.counted` (1000 rows, ",
        "- `public.parted` (not analysed, ",
        "- `public.summed` (not analysed, 8 KB, materialized view)",
        "- `public.twice(n integer)` → integer",
        "- `public.twice(t text)` → text",
        "- `public.nothing` → procedure",
        "- `public.total` → integer",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(start)), "{start}\n{text}");
    }
    assert!(!text.contains("-1 rows"), "{text}");
    assert!(!text.contains("part_one"), "a partition is told with its parent");
}

#[test]
fn every_kind_is_compared() {
    let mut desk = Desk::new(&filled(WORKSPACE, "inventory_changes"));
    desk.execute(ODD);
    desk.execute("CREATE VIEW public.seen AS SELECT 1 AS n; CREATE SCHEMA empty");
    desk.execute("SELECT catalog.capture_snapshot()");
    desk.execute(
        r#"
        ALTER TABLE public."Mixed Case" ADD COLUMN new boolean;
        DROP INDEX public."Index of It";
        CREATE INDEX "Index of It" ON public."Mixed Case" (id DESC);
        CREATE OR REPLACE VIEW public.seen AS SELECT 2 AS n;
        CREATE OR REPLACE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + n';
        DROP FUNCTION public.twice(text);
        CREATE OR REPLACE PROCEDURE public.nothing() LANGUAGE sql AS 'SELECT 1';
        ALTER SEQUENCE public.numbers INCREMENT 2;
        ALTER TYPE public.mood ADD VALUE 'bad';
        DROP MATERIALIZED VIEW public.summed;
        DROP AGGREGATE public.total(integer);
        ALTER POLICY content_blocks_read ON public.content_blocks USING (false);
        ALTER TABLE public.time_entries DISABLE TRIGGER time_entries_set_updated_at;
        DROP SCHEMA empty;
        "#,
    );
    desk.execute("SELECT catalog.capture_snapshot()");
    let differences: Vec<String> = desk
        .rows("SELECT change || ' ' || kind || ' ' || identity AS told FROM catalog.inventory_diff")
        .iter()
        .map(|row| row["told"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "removed aggregate public.total(integer)",
        "changed function public.twice(n integer)",
        "removed function public.twice(t text)",
        "changed index public.\"Index of It\"",
        "removed materialized_view public.summed",
        "changed policy public.content_blocks.content_blocks_read",
        "changed procedure public.nothing()",
        "removed schema empty",
        "changed sequence public.numbers",
        "changed table public.\"Mixed Case\"",
        "changed trigger public.time_entries.time_entries_set_updated_at",
        "changed type public.mood",
        "changed view public.seen",
    ];
    assert_eq!(differences, expected);
}

#[test]
fn what_runs_as_its_owner_has_a_search_path_and_no_public_caller() {
    let mut desk = Desk::new(&filled(WORKSPACE, "inventory_definer"));
    let functions = desk.rows(
        "SELECT p.proname AS name, p.prosecdef AS is_definer,
                coalesce(array_to_string(p.proconfig, ';'), '') ~ 'search_path=pg_catalog, pg_temp' AS is_fixed,
                has_function_privilege('anon', p.oid, 'EXECUTE') AS is_open
         FROM pg_proc AS p
         JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname = 'catalog'",
    );
    assert!(functions.iter().filter(|function| function["is_definer"] == true).count() >= 3, "{functions:?}");
    for function in functions {
        assert_eq!(function["is_fixed"], true, "{function}");
        assert_eq!(function["is_open"], false, "{function}");
    }
}
