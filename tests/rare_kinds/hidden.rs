//! What is never read, what is read as a hash, and what a role does not see.

use super::*;

const FAR: &str = "
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER far FOREIGN DATA WRAPPER w
    OPTIONS (host 'h', api_key 'canary-1', uri 'mongodb://me:canary-2@h/d', dsn 'host=h password=canary-3');
CREATE USER MAPPING FOR rare_app SERVER far OPTIONS (\"user\" 'me', password 'canary-4', anything 'canary-5');
CREATE USER MAPPING FOR rare_other SERVER far OPTIONS (password 'canary-4');
CREATE USER MAPPING FOR PUBLIC SERVER far;
CREATE SUBSCRIPTION sub CONNECTION 'dbname=nowhere user=u password=canary-6' PUBLICATION \"p 1\", p2
    WITH (connect = false, slot_name = NONE, enabled = false, binary = true, synchronous_commit = remote_apply);
";

#[test]
fn no_secret_and_no_connection_string_is_in_a_manifest() {
    let manifest = read(&database("hidden", FAR));
    let text = write(&manifest, "x");
    assert!(!text.contains("canary"), "{text}");
    let far = &manifest.servers[0];
    assert_eq!(far.options.len(), 4);
    assert_eq!(far.options[2], "host=h");
    let [public, app, other] = far.user_mappings.as_slice() else { panic!("{:?}", far.user_mappings) };
    assert_eq!((public.role.as_str(), public.options.len()), ("public", 0));
    assert_eq!((app.options.len(), app.options[2].as_str()), (3, "user=me"));
    assert!(app.options[1].starts_with("password=sha256:"), "{:?}", app.options);
    assert_ne!(app.options[1], other.options[0], "the role salts it");
    assert!(manifest.not_visible.is_empty(), "a superuser sees all: {:?}", manifest.not_visible);
    let [subscription] = manifest.subscriptions.as_slice() else { panic!("{:?}", manifest.subscriptions) };
    assert_eq!(subscription.publications, ["p 1", "p2"]);
    assert!(subscription.disabled);
    assert_eq!(subscription.slot_name.as_deref(), Some("none"));
    let mut options = vec!["binary=true", "synchronous_commit=remote_apply"];
    // The default since then.
    if major() >= 18 {
        options.insert(1, "streaming=parallel");
    }
    assert_eq!(subscription.options, options);
}

#[test]
fn a_mapping_that_the_role_may_not_see_is_named() {
    let settings = database("limited", FAR);
    let all = read(&settings);
    let limited = read(&as_role(&settings, "rare_app"));
    let hidden: Vec<_> = limited.not_visible.iter().map(|item| (&*item.kind, &*item.name)).collect();
    let expected = ["rare_app", "rare_other", "public"].map(|role| ("user_mapping", format!("FOR {role} SERVER far")));
    let mut expected: Vec<_> = expected.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    expected.sort_unstable();
    assert_eq!(hidden, expected, "one's own is shown with USAGE on the server only");
    assert_eq!(limited.subscriptions, all.subscriptions, "every role reads these");
    let comparison = schemacast::diff::compare(&all, &limited);
    assert_eq!(comparison.changes, [], "what is not visible is not dropped");
    execute(&settings, "GRANT USAGE ON FOREIGN SERVER far TO rare_app");
    let limited = read(&as_role(&settings, "rare_app"));
    let app = &limited.servers[0].user_mappings[1];
    assert_eq!(*app, all.servers[0].user_mappings[1], "now its own is");
    assert_eq!(limited.not_visible.len(), 2);
}

/// The table and functions of pg_cron 1.6 as far as the program uses them, as
/// an extension of that name: the package itself has to be loaded with the
/// server. Inserting into the catalog makes it an extension's.
const CRON: &str = "
CREATE SCHEMA cron;
CREATE TABLE cron.job (jobid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, schedule text NOT NULL, command text NOT NULL,
    nodename text NOT NULL DEFAULT 'localhost', nodeport int NOT NULL DEFAULT 5432,
    database text NOT NULL DEFAULT current_database(), username text NOT NULL DEFAULT current_user,
    active boolean NOT NULL DEFAULT true, jobname text, UNIQUE (jobname, username));
ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_policy ON cron.job USING (username = current_user);
CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint LANGUAGE sql AS
    'INSERT INTO cron.job (jobname, schedule, command) VALUES ($1, $2, $3) RETURNING jobid';
CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint LANGUAGE sql AS
    'INSERT INTO cron.job (schedule, command) VALUES ($1, $2) RETURNING jobid';
CREATE FUNCTION cron.schedule_in_database(job_name text, schedule text, command text, database text,
    username text DEFAULT NULL, active boolean DEFAULT true) RETURNS bigint LANGUAGE sql AS
    'INSERT INTO cron.job (jobname, schedule, command, database, username, active)
     VALUES ($1, $2, $3, $4, coalesce($5, current_user), $6) RETURNING jobid';
CREATE FUNCTION cron.alter_job(job_id bigint, schedule text DEFAULT NULL, command text DEFAULT NULL,
    database text DEFAULT NULL, username text DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void LANGUAGE sql AS
    'UPDATE cron.job AS j SET schedule = coalesce($2, j.schedule), command = coalesce($3, j.command),
        database = coalesce($4, j.database), username = coalesce($5, j.username), active = coalesce($6, j.active)
      WHERE jobid = $1';
CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean LANGUAGE sql AS
    'DELETE FROM cron.job WHERE jobid = $1 RETURNING true';
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT 99999, 'pg_cron', 10, 11, false, '1.6';
INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    SELECT c.tableoid, c.oid, 0, e.tableoid, e.oid, 0, 'e' FROM pg_class AS c, pg_extension AS e
     WHERE c.oid = 'cron.job'::regclass AND e.extname = 'pg_cron'
    UNION ALL
    SELECT n.tableoid, n.oid, 0, e.tableoid, e.oid, 0, 'e' FROM pg_namespace AS n, pg_extension AS e
     WHERE n.nspname = 'cron' AND e.extname = 'pg_cron';
";

const JOBS: &str = "
SELECT cron.schedule('vacuum', '0 3 * * *', 'VACUUM');
SELECT cron.schedule('30 seconds', 'SELECT 1');
SELECT cron.schedule_in_database('it''s theirs', '@hourly', 'SELECT 2', 'elsewhere', 'rare_app', false);
";

#[test]
fn jobs_of_pg_cron_are_read_and_made_again() {
    use schemacast::diff::ddl::Alter;
    use schemacast::diff::ddl::database::{alter_cron_job, create_cron_job, drop_cron_job};
    let first = database("cron_first", &format!("{CRON}{JOBS}"));
    let manifest = read(&first);
    let [unnamed, theirs, vacuum] = manifest.cron_jobs.as_slice() else { panic!("{:?}", manifest.cron_jobs) };
    assert_eq!((unnamed.name.as_deref(), &*unnamed.schedule), (None, "30 seconds"));
    assert_eq!((theirs.role.as_deref(), theirs.database.as_deref()), (Some("rare_app"), Some("elsewhere")));
    assert!(theirs.inactive && !vacuum.inactive);
    assert_eq!((vacuum.role.as_deref(), vacuum.command.as_str()), (None, "VACUUM"));
    assert!(manifest.schemas.iter().all(|schema| schema.name != "cron"));
    assert!(manifest.left_out.iter().all(|schema| schema.tables.is_empty()), "the extension's policy is its own");

    let second = database("cron_second", CRON);
    let create: Vec<Statement> = manifest.cron_jobs.iter().flat_map(create_cron_job).collect();
    run(&second, &create);
    assert_eq!(read(&second), manifest);
    let other = CronJob {
        schedule: "@daily".to_owned(),
        command: "SELECT 'x'".to_owned(),
        database: None,
        role: None,
        inactive: false,
        ..theirs.clone()
    };
    for attribute in ["schedule", "command", "database", "role", "inactive"] {
        let Alter::InPlace(statements) = alter_cron_job(theirs, &other, attribute) else { panic!("{attribute}") };
        run(&second, &statements);
    }
    assert_eq!(read(&second).cron_jobs[1], other);
    run(&second, &manifest.cron_jobs.iter().map(drop_cron_job).collect::<Vec<_>>());
    assert_eq!(read(&second).cron_jobs, []);
}

#[test]
fn jobs_that_the_role_may_not_see_are_said_so() {
    let settings = database("cron_limited", &format!("{CRON}{JOBS}"));
    let limited = as_role(&settings, "rare_app");
    let closed = read(&limited);
    assert_eq!((closed.cron_jobs.len(), closed.not_visible.len()), (0, 1));
    assert_eq!((&*closed.not_visible[0].kind, &*closed.not_visible[0].name), ("cron_job", "*"));
    assert_eq!(schemacast::diff::compare(&read(&settings), &closed).changes, []);
    execute(&settings, "GRANT USAGE ON SCHEMA cron TO rare_app; GRANT SELECT ON cron.job TO rare_app");
    let own = read(&limited);
    assert_eq!(own.cron_jobs.len(), 1, "{:?}", own.cron_jobs);
    assert!(own.not_visible[0].reason.contains("its own jobs"), "{:?}", own.not_visible);
}
