//! The nightly job of the feature inventory, with pg_cron and without.

use std::io::Write as _;

use schemacast::postgres::{ScratchServer, Session, bootstrap, scratch};

use crate::{Desk, SERVER, WORKSPACE, project};

const MIGRATION: &str = "migrations/003_feature_inventory.sql";

/// Whether the test must be left out, for the server has no pg_cron. It is
/// said on stderr, where the test runner does not catch it. In CI nothing is
/// left out: there the test goes on and fails.
fn is_skipped() -> bool {
    let offered = Desk::new(&SERVER.settings())
        .value("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_cron')");
    if offered == true || std::env::var_os("CI").is_some() {
        return false;
    }
    let major = SERVER.binaries().version.split('.').next().unwrap_or_default();
    // If nobody reads stderr, nobody misses the line.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: the test of the cron job needs pg_cron (Debian: postgresql-{major}-cron)"
    );
    true
}

#[test]
fn the_nightly_job_is_scheduled_once() {
    if is_skipped() {
        return;
    }
    let settings = [
        ("shared_preload_libraries", "pg_cron"),
        ("cron.database_name", "postgres"),
        ("cron.use_background_workers", "on"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let options = scratch::Options { settings: settings.to_vec(), ..scratch::Options::default() };
    let server = ScratchServer::start(&options).unwrap_or_else(|error| panic!("{error}"));
    let (layout, project) = project(WORKSPACE);
    let mut session = Session::connect(&server.settings()).unwrap();
    bootstrap::apply(&mut session, &bootstrap::files(&layout, &project).unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    let again = [layout.folder.join(MIGRATION)];
    bootstrap::apply(&mut session, &again).unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<String> = session.take_notices().into_iter().map(|notice| notice.message).collect();
    assert!(!told.iter().any(|notice| notice.contains("was not scheduled")), "{told:?}");

    let mut desk = Desk::new(&server.settings());
    let jobs = desk.rows("SELECT jobname, schedule, command, database, active FROM cron.job");
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert_eq!(jobs[0]["jobname"], "feature_inventory_snapshot");
    assert_eq!(jobs[0]["schedule"], "0 2 * * *");
    assert_eq!(jobs[0]["database"], "postgres");
    assert_eq!(jobs[0]["active"], true);
    let verify = std::fs::read_to_string(layout.folder.join("checks/verify_database.sql")).unwrap();
    let cron = desk.value(&verify)["checks"]["Cron Jobs"].clone();
    assert_eq!((&cron["found"], &cron["verdict"]), (&1.into(), &"PASS".into()), "{cron}");

    // What it will run at night runs now.
    desk.execute(jobs[0]["command"].as_str().unwrap());
    assert_eq!(desk.value("SELECT label FROM catalog.inventory_current"), "nightly");

    desk.execute("SELECT cron.unschedule('feature_inventory_snapshot')");
    let cron = desk.value(&verify)["checks"]["Cron Jobs"].clone();
    assert_eq!((&cron["found"], &cron["verdict"]), (&0.into(), &"FAIL".into()), "{cron}");
}

/// The server of the other tests has not preloaded it, and may not even offer
/// it: the migration goes through, and says what was left out and what to do.
#[test]
fn without_pg_cron_the_job_is_left_out_with_the_reason() {
    let (layout, project) = project(WORKSPACE);
    let settings = SERVER.create_database("cron_less").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    bootstrap::apply(&mut session, &bootstrap::files(&layout, &project).unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<String> = session.take_notices().into_iter().map(|notice| notice.message).collect();
    let notice = told.iter().find(|notice| notice.contains("feature_inventory_snapshot was not scheduled"));
    let notice = notice.unwrap_or_else(|| panic!("{told:?}"));
    for part in ["pg_cron", ".github/workflows/feature-inventory.yml", "schemacast snapshot"] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
}
