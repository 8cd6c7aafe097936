//! A runner that dies, is interrupted, or loses its connection: all of a file
//! is there, or nothing of it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use schemacast::postgres::{ConnectionSettings, Session, SslMode};
use schemacast::tasks::ledger::{Ending, Error, Options, apply};

use super::*;

/// Set for the process that is killed: where it connects, and what it applies.
const RUNNER: &str = "SCHEMACAST_TEST_RUNNER";

/// How long a runner is believed to be at work in these tests.
const LEASE: Duration = Duration::from_secs(3);

/// Applies what a test asks for, in a process of its own.
#[test]
fn a_runner_in_a_process_of_its_own() {
    let Ok(asked) = std::env::var(RUNNER) else { return };
    let mut parts = asked.splitn(4, '\n');
    let mut part = || parts.next().unwrap().to_owned();
    let (host, port, dbname, sql) = (part(), part().parse().unwrap(), part(), part());
    let mut settings = ConnectionSettings::new(host, port, "postgres", dbname);
    settings.sslmode = SslMode::Disable;
    apply(&mut connect(&settings), &[migration("1.sql", &sql)], &Options { lease: LEASE, ..options() });
}

fn runner(settings: &ConnectionSettings, sql: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "death::a_runner_in_a_process_of_its_own"])
        .env(RUNNER, format!("{}\n{}\n{}\n{sql}", settings.host, settings.port, settings.dbname))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn is_asleep(session: &mut Session) -> bool {
    let sql = "SELECT count(*)::text FROM pg_stat_activity \
               WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'";
    one(session, sql) == "1"
}

#[test]
fn a_runner_that_is_killed_leaves_nothing_of_a_file() {
    let settings = database("killed");
    let mut session = connect(&settings);
    let mut victim = runner(&settings, "CREATE TABLE a (id int);\nSELECT pg_sleep(300);");
    until("the runner sleeps", || is_asleep(&mut session));

    // Another is told who is at work, and since when.
    let next = migration("2.sql", "CREATE TABLE b (id int)");
    let error = refused(&mut session, &next, &options());
    let Error::Busy { holder, since: Some(_) } = &error else { panic!("{error}") };
    assert!(holder.starts_with("postgres (schemacast: tests, 1.sql, process "), "{holder}");

    victim.kill().unwrap();
    victim.wait().unwrap();
    // The server finds out within a second, and lets go of everything.
    let waiting = Options { wait: Duration::from_secs(20), ..options() };
    let begun = Instant::now();
    assert_applied(&apply(&mut session, &[next], &waiting));
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(!exists(&mut session, "a"));
    assert_eq!(one(&mut session, "SELECT string_agg(file, ',') FROM schemacast.migrations"), "shop/2.sql");
}

#[test]
fn a_runner_that_is_killed_between_statements_is_seen() {
    let settings = database("killed_outside");
    let mut session = connect(&settings);
    let sql = "-- no-transaction\nCREATE TABLE a (id int);\nSELECT pg_sleep(2);\nCREATE TABLE b (id int);";
    let mut victim = runner(&settings, sql);
    until("the runner sleeps", || is_asleep(&mut session));
    victim.kill().unwrap();
    victim.wait().unwrap();

    // Its lease is believed until it runs out.
    let next = migration("2.sql", "CREATE TABLE c (id int)");
    let error = refused(&mut session, &next, &options());
    assert!(
        matches!(&error, Error::Busy { holder, since: Some(_) } if holder.starts_with("tests (schemacast")),
        "{error}"
    );
    assert_applied(&apply(&mut session, &[next], &Options { wait: Duration::from_secs(20), ..options() }));

    let same = migration("1.sql", sql);
    let error = refused(&mut session, &same, &options());
    assert!(matches!(error, Error::Unfinished { statement: 2, failed: false, .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("was interrupted in statement 2") && text.contains("by postgres (tests)"), "{text}");
    assert!(exists(&mut session, "a") && !exists(&mut session, "b"));
    // The first way out that it names.
    let way_out = text.split("from its first: ").nth(1).and_then(|rest| rest.split_inclusive(';').next()).unwrap();
    execute(&mut session, &format!("DROP TABLE a; {way_out}"));
    assert_applied(&apply(&mut session, &[same], &options()));
    assert!(exists(&mut session, "b"));
}

#[test]
fn a_lease_is_renewed_while_a_statement_runs() {
    let settings = database("renewed");
    let mut session = connect(&settings);
    let short = Options { lease: Duration::from_secs(1), ..options() };
    let long = migration("1.sql", "-- no-transaction\nSELECT pg_sleep(3);");
    let other = std::thread::spawn({
        let settings = settings.clone();
        move || {
            let mut session = connect(&settings);
            until("the runner sleeps", || is_asleep(&mut session));
            std::thread::sleep(Duration::from_millis(1500));
            refused(&mut session, &migration("2.sql", "SELECT 1"), &options())
        }
    });
    assert_applied(&apply(&mut session, &[long], &short));
    let error = other.join().unwrap();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
}

#[test]
fn one_that_lost_its_lease_stops() {
    let settings = database("lost_lease");
    let mut session = connect(&settings);
    let thief = std::thread::spawn({
        let settings = settings.clone();
        move || {
            let mut session = connect(&settings);
            until("the runner sleeps", || is_asleep(&mut session));
            execute(&mut session, "UPDATE schemacast.lease SET token = 'another', until = now() + interval '1 hour'");
        }
    });
    let file = migration("1.sql", "-- no-transaction\nSELECT pg_sleep(1);\nCREATE TABLE a (id int);");
    let error = refused(&mut session, &file, &options());
    thief.join().unwrap();
    assert!(matches!(error, Error::LeaseLost { statement: 2, .. }), "{error}");
    assert!(!exists(&mut session, "a"));
    assert_eq!(one(&mut session, "SELECT token FROM schemacast.lease"), "another");
}

#[test]
fn an_interrupt_cancels_and_rolls_back() {
    let settings = database("interrupted");
    let mut session = connect(&settings);
    let flag = Arc::new(AtomicBool::new(false));
    for (name, sql) in [
        ("1.sql", "CREATE TABLE a (id int);\nSELECT pg_sleep(300);"),
        ("2.sql", "-- no-transaction\nCREATE TABLE b (id int);\nSELECT pg_sleep(300);"),
    ] {
        flag.store(false, Ordering::Relaxed);
        let handler = std::thread::spawn({
            let (settings, flag) = (settings.clone(), Arc::clone(&flag));
            move || {
                let mut session = connect(&settings);
                until("it sleeps", || is_asleep(&mut session));
                flag.store(true, Ordering::Relaxed);
            }
        });
        let interruptible = Options { interrupted: Some(Arc::clone(&flag)), ..options() };
        let begun = Instant::now();
        let error = refused(&mut session, &migration(name, sql), &interruptible);
        handler.join().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert!(matches!(error, Error::Interrupted { .. } | Error::InterruptedOutside { statement: 2, .. }), "{error}");
    }
    // The session is as good as before.
    assert!(!exists(&mut session, "a") && exists(&mut session, "b"));
    assert_eq!(
        one(&mut session, "SELECT string_agg(concat(file, state, statement), ',') FROM schemacast.migrations"),
        "shop/2.sqlfailed2"
    );
    assert_applied(&apply(&mut session, &[migration("3.sql", "SELECT 1")], &options()));
}

/// Where a connection is cut.
#[derive(Clone, Copy)]
enum Cut {
    /// COMMIT does not arrive.
    Before,
    /// COMMIT arrives, and its answer does not.
    After,
    /// While this statement runs.
    At(&'static [u8]),
}

/// A way to the server that cuts the first connection, and no other.
fn proxy(settings: &ConnectionSettings, cut: Cut) -> ConnectionSettings {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let socket = format!("{}/.s.PGSQL.{}", settings.host, settings.port);
    std::thread::spawn(move || {
        for (number, client) in listener.incoming().enumerate() {
            let (client, server) = (client.unwrap(), UnixStream::connect(&socket).unwrap());
            let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut back));
            std::thread::spawn(move || forward(client, server, (number == 0).then_some(cut)));
        }
    });
    let mut through = ConnectionSettings::new("127.0.0.1", port, "postgres", settings.dbname.clone());
    through.sslmode = SslMode::Disable;
    through
}

fn forward(mut client: TcpStream, mut server: UnixStream, cut: Option<Cut>) {
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let text = &buffer[..length];
        let has = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
        let arrives = match cut {
            Some(Cut::Before) if has(b"COMMIT\0") => Some(false),
            Some(Cut::After) if has(b"COMMIT\0") => Some(true),
            Some(Cut::At(part)) if has(part) => Some(true),
            _ => None,
        };
        if let Some(arrives) = arrives {
            client.shutdown(Shutdown::Both).unwrap();
            if arrives {
                server.write_all(text).unwrap();
                std::thread::sleep(Duration::from_millis(300));
            }
            let _ = server.shutdown(Shutdown::Both);
            return;
        }
        if server.write_all(text).is_err() {
            return;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

#[test]
fn a_commit_that_was_not_answered_is_looked_up() {
    for (name, cut, is_there) in [("commit_arrives", Cut::After, true), ("commit_is_lost", Cut::Before, false)] {
        let settings = database(name);
        // The ledger is there, so that the only COMMIT is the file's.
        assert_applied(&apply(&mut connect(&settings), &[migration("0.sql", "SELECT 1")], &options()));
        let mut session = connect(&proxy(&settings, cut));
        let file = migration("1.sql", "CREATE TABLE a (id int)");
        let outcome = apply(&mut session, std::slice::from_ref(&file), &options()).remove(0);
        match outcome.ending {
            Ending::Applied { .. } => assert!(is_there),
            Ending::Failed(Error::Lost { .. }) => assert!(!is_there),
            other => panic!("{name}: {other:?}"),
        }
        // The session has a connection again.
        assert_eq!(exists(&mut session, "a"), is_there);
        assert!(apply(&mut session, &[file], &options())[0].is_applied());
    }
}

#[test]
fn a_connection_that_is_lost_in_a_statement_is_told_by_what_stays() {
    let settings = database("lost");
    assert_applied(&apply(&mut connect(&settings), &[migration("0.sql", "SELECT 1")], &options()));
    let mut session = connect(&proxy(&settings, Cut::At(b"now_cut")));
    let file = migration("1.sql", "CREATE TABLE a (id int);\nSELECT 'now_cut', pg_sleep(1)");
    let error = refused(&mut session, &file, &options());
    assert!(matches!(error, Error::Lost { .. }), "{error}");
    assert!(!exists(&mut connect(&settings), "a"));

    let mut session = connect(&proxy(&settings, Cut::At(b"now_cut")));
    let file = migration("2.sql", "-- no-transaction\nCREATE TABLE b (id int);\nSELECT 'now_cut', pg_sleep(1)");
    // The first one's backend may still sleep.
    let error = refused(&mut session, &file, &Options { wait: Duration::from_secs(20), ..options() });
    assert!(matches!(error, Error::LostOutside { statement: 2, .. }), "{error}");
    let mut session = connect(&settings);
    assert!(exists(&mut session, "b"));
    assert_eq!(
        one(&mut session, "SELECT concat(state, statement) FROM schemacast.migrations WHERE file = 'shop/2.sql'"),
        "started2"
    );
}
