//! A catalog that is read over several connections: the same to the byte as
//! over one, of one moment, and whatever befalls the others.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use schemacast::codegen::manifest::{self, Manifest, Table};
use schemacast::postgres::introspect::{Error, Options, introspect_beside};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

use crate::proxy::{Proxy, Trouble};
use crate::{SERVER, Shop};

/// What a connection beside the first says before it reads.
const JOINS: &str = "SET TRANSACTION SNAPSHOT";

/// Enough that it is not read before the others are there.
const TABLES: &str = "DO $$ BEGIN
    CREATE SCHEMA many;
    FOR i IN 1 .. 150 LOOP
        EXECUTE format('CREATE TABLE many.t%s (id int PRIMARY KEY, a text DEFAULT lower(''A''), b int CHECK (b > %s));
            CREATE INDEX ON many.t%s (lower(a)) WHERE b > 0', i, i, i);
    END LOOP;
END $$";

fn many(name: &str) -> ConnectionSettings {
    let settings = SERVER.create_database(name).unwrap();
    execute(&settings, TABLES);
    settings
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}"));
}

fn try_read(settings: &ConnectionSettings, jobs: u16) -> Result<Manifest, Error> {
    let options = Options { jobs: Some(jobs), ..Options::default() };
    let mut session = Session::connect(settings).unwrap();
    let place = session.place();
    session.run(async |client| introspect_beside(client, &place, &options).await)
}

fn read(settings: &ConnectionSettings, jobs: u16) -> String {
    manifest::write(&try_read(settings, jobs).unwrap_or_else(|error| panic!("{error}")), "m.json")
}

fn over(proxy: &Proxy, name: &str) -> ConnectionSettings {
    ConnectionSettings::parse(&proxy.url(name)).unwrap()
}

#[test]
fn several_connections_read_what_one_reads() {
    let settings = many("several");
    let one = read(&settings, 1);
    for jobs in [2, 4] {
        let proxy = Proxy::start(&settings, Trouble::Greets, 0);
        assert!(read(&over(&proxy, "several"), jobs) == one, "{jobs}");
        assert_eq!(proxy.seen().len(), usize::from(jobs), "each was opened");
        assert_eq!(proxy.count(JOINS), usize::from(jobs) - 1, "and took part");
        assert_eq!(proxy.count("COMMIT"), usize::from(jobs), "and ended its transaction");
    }
    let proxy = Proxy::start(&settings, Trouble::Greets, 0);
    assert!(read(&over(&proxy, "several"), 1) == one);
    assert_eq!(proxy.seen().len(), 1);
}

#[test]
fn others_that_break_are_not_missed() {
    let settings = many("breaking");
    let one = read(&settings, 1);
    for (at, reaches_server) in [("", false), ("pg_attribute", false), ("pg_attribute", true)] {
        let proxy = Proxy::start(&settings, Trouble::Cut { after: JOINS, at, reaches_server }, 9);
        assert!(read(&over(&proxy, "breaking"), 4) == one, "{at}");
        assert_eq!(proxy.seen().len(), 4);
        assert!(proxy.count(JOINS) > 0, "some were there to break");
    }
}

#[test]
fn others_that_reach_another_server_are_not_asked() {
    let settings = many("elsewhere");
    let one = read(&settings, 1);
    // A copy of the database that holds something else, behind the same name.
    let other = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let theirs = other.create_database("elsewhere").unwrap();
    execute(&theirs, "CREATE SCHEMA many; CREATE TABLE many.t1 (id int)");
    let sockets = [&settings, &theirs].map(|to| format!("{}/.s.PGSQL.{}", to.host, to.port));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let opened = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = opened.clone();
    thread::spawn(move || {
        for (number, client) in listener.incoming().flatten().enumerate() {
            counted.fetch_add(1, Ordering::SeqCst);
            join(client, UnixStream::connect(&sockets[number.min(1)]).unwrap());
        }
    });
    let url = format!("postgres://postgres@127.0.0.1:{port}/elsewhere?sslmode=disable");
    assert!(read(&ConnectionSettings::parse(&url).unwrap(), 4) == one);
    assert_eq!(opened.load(Ordering::SeqCst), 4);
}

fn join(client: TcpStream, server: UnixStream) {
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (mut from_server, mut to_client) = (server, client);
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(std::net::Shutdown::Both);
    });
}

/// Waits until nobody is connected to a database any more: a backend is there
/// for a moment after its client has gone, and counts.
fn wait_until_left(name: &str) {
    let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
    let mut session = Session::connect(&SERVER.settings()).unwrap();
    for _ in 0..1000 {
        let row = session.run(async |client| client.query_typed_one(&sql, &[]).await).unwrap();
        if row.get::<_, i64>(0) == 0 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("somebody is still connected to {name}");
}

#[test]
fn where_connections_are_short_one_reads() {
    let settings = many("short");
    let one = read(&settings, 1);
    execute(&settings, "CREATE ROLE single LOGIN CONNECTION LIMIT 1; CREATE ROLE many LOGIN");
    let proxy = Proxy::start(&settings, Trouble::Greets, 0);
    let mut role = over(&proxy, "short");
    role.user = "single".to_owned();
    wait_until_left("short");
    assert!(read(&role, 4) == one);
    assert_eq!(proxy.seen().len(), 1, "none was tried that would be refused");

    execute(&settings, "ALTER DATABASE short CONNECTION LIMIT 1");
    let proxy = Proxy::start(&settings, Trouble::Greets, 0);
    let mut role = over(&proxy, "short");
    role.user = "many".to_owned();
    wait_until_left("short");
    assert!(read(&role, 4) == one);
    assert_eq!(proxy.seen().len(), 1);

    // A limit that is said nowhere beforehand: the role's own connections.
    execute(&settings, "ALTER DATABASE short CONNECTION LIMIT -1; ALTER ROLE single CONNECTION LIMIT 5");
    let mut direct = settings.clone();
    direct.user = "single".to_owned();
    wait_until_left("short");
    let held: Vec<Session> = (0..4).map(|_| Session::connect(&direct).unwrap()).collect();
    let proxy = Proxy::start(&settings, Trouble::Greets, 0);
    let mut role = over(&proxy, "short");
    role.user = "single".to_owned();
    assert!(read(&role, 4) == one);
    assert_eq!((proxy.seen().len(), proxy.count(JOINS)), (3, 0), "half of what is left was tried, and refused");
    drop(held);
}

#[test]
fn what_is_changed_meanwhile_is_there_whole_or_not_at_all() {
    let settings = many("torn");
    execute(&settings, "CREATE TABLE many.moving (id int)");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut session = Session::connect(&settings).unwrap();
            let mut number = 0;
            // A table has room for 1,600 columns.
            while !is_over.load(Ordering::SeqCst) && number < 1000 {
                number += 1;
                thread::sleep(Duration::from_millis(4));
                // Each is read by a query of its own.
                let sql = format!(
                    "ALTER TABLE many.moving ADD COLUMN c{number} int, ADD CONSTRAINT k{number} CHECK (c{number} > 0);
                     CREATE INDEX i{number} ON many.moving (c{number});
                     CREATE TABLE many.moved{number} (id int); CREATE SEQUENCE many.counted{number}"
                );
                session.run(async |client| client.batch_execute(&sql).await).unwrap();
            }
            number
        });
        let mut seen = Vec::new();
        for _ in 0..12 {
            let manifest = try_read(&settings, 4).unwrap_or_else(|error| panic!("{error}"));
            let schema = manifest.schemas.iter().find(|schema| schema.name == "many").unwrap();
            let moving: &Table = schema.tables.iter().find(|table| table.name == "moving").unwrap();
            let moved = schema.tables.iter().filter(|table| table.name.starts_with("moved")).count();
            let columns = moving.columns.len() - 1;
            let others = [moving.indexes.len(), moving.checks.len(), moved, schema.sequences.len()];
            assert_eq!(others, [columns; 4]);
            seen.push(columns);
        }
        is_over.store(true, Ordering::SeqCst);
        assert!(writer.join().unwrap() > 1 && seen.first() < seen.last(), "there was something to tear: {seen:?}");
    });
}

#[test]
fn the_verb_takes_a_number_of_connections() {
    let shop = Shop::new("jobs", serde_json::json!([]));
    execute(&shop.settings, TABLES);
    let proxy = Proxy::start(&shop.settings, Trouble::Greets, 0);
    crate::ended(&shop.run(&proxy.url("jobs"), &["introspect", "shop", "--jobs", "3"]), 0, &["wrote"]);
    assert_eq!((proxy.seen().len(), proxy.count(JOINS)), (3, 2));
    crate::ended(&shop.run(&proxy.url("jobs"), &["drift", "shop", "--jobs", "2"]), 0, &[]);
    assert_eq!((proxy.seen().len(), proxy.count(JOINS)), (5, 3));
    // A small catalog is read over one unless somebody says otherwise.
    crate::ended(&shop.run(&proxy.url("jobs"), &["introspect", "shop", "--check"]), 0, &[]);
    assert_eq!(proxy.seen().len(), 6);
    crate::ended(&shop.run(&proxy.url("jobs"), &["introspect", "shop", "--jobs", "0"]), 2, &["1..=16"]);
}
