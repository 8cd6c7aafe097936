//! The migrations, applied once and once more.

use serde_json::{Value, json};

use schemacast::codegen::manifest::Manifest;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::{ConnectionSettings, Session, bootstrap};

use crate::{Desk, OUTREACH, WORKSPACE, filled, project};

fn read(settings: &ConnectionSettings) -> Manifest {
    let mut session = Session::connect(settings).unwrap();
    let mut manifest = session
        .run(async |client| introspect(client, &Options::default()).await)
        .unwrap_or_else(|error| panic!("{error}"));
    // The time of reading is no part of what was read.
    manifest.generated = None;
    manifest
}

/// Every row of every table of the project, by table.
fn rows(settings: &ConnectionSettings) -> Vec<Value> {
    let mut desk = Desk::new(settings);
    let tables = desk.rows(
        "SELECT c.oid::regclass::text AS name
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)'
         ORDER BY 1",
    );
    let mut rows = Vec::new();
    for table in tables {
        let name = table["name"].as_str().unwrap();
        let mut found = desk.rows(&format!("SELECT * FROM {name} AS row ORDER BY row::text"));
        rows.append(&mut found.drain(..).map(|row| json!([name, row])).collect());
    }
    rows
}

#[test]
fn a_second_run_changes_nothing() {
    for (name, database) in [(WORKSPACE, "twice_workspace"), (OUTREACH, "twice_outreach")] {
        let settings = filled(name, database);
        let (schema, data) = (read(&settings), rows(&settings));
        let (layout, project) = project(name);
        let files = bootstrap::files(&layout, &project).unwrap();
        let migrations: Vec<_> =
            files.into_iter().filter(|file| file.parent().unwrap().ends_with("migrations")).collect();
        assert_eq!(migrations.len(), project.migrations.len());
        let mut session = Session::connect(&settings).unwrap();
        bootstrap::apply(&mut session, &migrations).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read(&settings), schema, "{name}");
        assert_eq!(rows(&settings), data, "{name}");
    }
}

#[test]
fn the_migrations_are_listed_in_their_order() {
    let (_, project) = project(WORKSPACE);
    let numbers: Vec<_> = project.migrations.iter().map(|file| file.split('_').next().unwrap()).collect();
    assert_eq!(numbers, ["09", "10", "11", "003", "004"]);
}

/// What a person changed or added stays so when the migration runs again.
#[test]
fn the_sample_page_leaves_alone_what_a_person_changed() {
    let settings = filled(WORKSPACE, "sample_edited");
    let mut desk = Desk::new(&settings);
    desk.execute(
        "UPDATE public.content_blocks SET content = '{\"text\": \"mine\"}'
             WHERE id = '00000000-0000-0000-0000-000000000101';
         UPDATE public.database_views SET is_default = false WHERE name = 'All tasks';
         UPDATE public.database_views SET is_default = true WHERE name = 'Board';
         DELETE FROM public.database_views WHERE name = 'All tasks';
         INSERT INTO auth.users (id, created_at) VALUES (gen_random_uuid(), '2020-01-01')",
    );
    let before = rows(&settings);
    let (layout, _) = project(WORKSPACE);
    let file = layout.folder.join("migrations/11_notion_sample_page.sql");
    let mut session = Session::connect(&settings).unwrap();
    bootstrap::apply(&mut session, &[file]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rows(&settings), before, "the default view is another now, so the deleted one does not come back");
}

#[test]
fn the_sample_page_is_whole_and_has_an_owner() {
    let mut desk = Desk::new(&filled(WORKSPACE, "sample_page"));
    let page = "'00000000-0000-0000-0000-000000000100'";
    let blocks = desk.rows(&format!("SELECT block_type, content FROM public.content_blocks WHERE page_id = {page}"));
    assert_eq!(blocks.len(), 16);
    let to_dos: Vec<_> = blocks.iter().filter(|block| block["block_type"] == "to_do").collect();
    assert!(!to_dos.is_empty());
    for block in to_dos {
        assert!(block["content"]["text"].is_string() && block["content"]["checked"].is_boolean(), "{block}");
    }
    let views = desk.rows(&format!(
        "SELECT view_type, group_by, is_default FROM public.database_views WHERE page_id = {page} ORDER BY sort_order"
    ));
    let kinds: Vec<_> = views.iter().map(|view| view["view_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["table", "board", "calendar", "list", "gallery"]);
    assert_eq!(views.iter().filter(|view| view["is_default"] == true).count(), 1);
    let tasks = desk
        .value("SELECT count(*) FROM public.project_tasks WHERE project_id = '00000000-0000-0000-0000-000000000300'");
    assert_eq!(tasks, 5);
    // A block shows a view that is there.
    let shown = desk.value(
        "SELECT count(*) FROM public.content_blocks AS b
         JOIN public.database_views AS v ON v.id::text = b.content ->> 'view_id' AND v.page_id = b.page_id
         WHERE b.block_type = 'database_view'",
    );
    assert_eq!(shown, 1);
    let owners = desk.value(
        "SELECT count(*) FROM public.company_members AS m
         JOIN public.knowledge_pages AS p ON p.company_id = m.company_id AND p.created_by = m.user_id
         WHERE m.role = 'owner'",
    );
    assert_eq!(owners, 1);
}

#[test]
fn the_sample_page_needs_no_account() {
    let (layout, project) = project(WORKSPACE);
    let files: Vec<_> = bootstrap::files(&layout, &project)
        .unwrap()
        .into_iter()
        .filter(|file| !file.ends_with("05_first_account.sql"))
        .collect();
    let settings = crate::SERVER.create_database("sample_alone").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    bootstrap::apply(&mut session, &files).unwrap_or_else(|error| panic!("{error}"));
    let mut desk = Desk::new(&settings);
    assert_eq!(desk.value("SELECT count(*) FROM public.content_blocks"), 16);
    assert_eq!(desk.value("SELECT count(*) FROM public.company_members"), 0);
}
