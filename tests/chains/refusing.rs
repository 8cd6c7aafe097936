//! What is refused before anything runs: exit code 2, and no run is recorded.

use std::net::TcpListener;

use super::*;

/// Nothing ran: no record, and no table of the chain's.
fn assert_nothing_ran(shop: &Shop) {
    assert!(!shop.runs().exists());
    assert_eq!(shop.one("SELECT count(*)::text FROM shop.orders"), "0");
}

#[test]
fn every_mistake_of_a_registry_at_once() {
    let insert = "INSERT INTO shop.orders VALUES (1, 1)";
    let shop = Shop::new(
        "registry",
        json!([
            {"id": "first", "name": "F", "type": "sql_query", "sql": insert},
            {"id": "first", "name": "F", "type": "sql_query", "sql": insert},
            {"id": "round", "name": "R", "type": "sql_query", "sql": insert, "dependencies": ["about"]},
            {"id": "about", "name": "A", "type": "sql_query", "sql": insert, "dependencies": ["round"]},
            {"id": "lonely", "name": "L", "type": "sql_query", "sql": insert, "dependencies": ["frist"]},
            {"id": "gone", "name": "G", "type": "migration", "file": "001_gone.sql", "lock_timeout": 0},
            {"id": "waits", "name": "W", "type": "sql_query", "sql": insert, "lock_timeout": 5}
        ]),
    );
    let text = shop.chain(2);
    for part in [
        "the id `first` is taken: task 1 has it",
        "the dependencies go round: about → round → about",
        "there is no task `frist`: did you mean `first`?",
        "there is no file `001_gone.sql`: looked in manifests/shop/migrations",
        "a lock_timeout is at least one second",
        "only a migration has a lock_timeout",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("manifests/shop/task_registry.json:").count(), 6, "{text}");
    assert_nothing_ran(&shop);
}

#[test]
fn a_password_that_is_wrong() {
    let shop = Shop::new("password", json!([{"id": "a", "name": "A", "type": "sql_query", "sql": "SELECT 1"}]));
    // A server of its own, for who may come in is the whole server's.
    let folder = tempfile::Builder::new().prefix("sc-").tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
    let hba = folder.path().join("pg_hba.conf");
    fs::write(&hba, "local all postgres trust\nlocal all all scram-sha-256\n").unwrap();
    let settings = vec![("hba_file".to_owned(), hba.display().to_string())];
    let server = ScratchServer::start(&scratch::Options { settings, ..scratch::Options::default() }).unwrap();
    let own = server.create_database("shop").unwrap();
    let mut session = Session::connect(&own).unwrap();
    session.run(async |client| client.batch_execute("CREATE ROLE app LOGIN PASSWORD 'right'").await).unwrap();

    let password = "wr%40ng-4711";
    let url = format!("postgres://app:{password}@{}:{}/shop", own.host.replace('/', "%2F"), own.port);
    for arguments in [vec!["run-chain", "shop", "--database-url", &url], vec!["run-chain", "shop", "--verbose"]] {
        let output = shop.command(&arguments).env("DATABASE_URL", &url).output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("refused the password of `app`; check it"), "{text}");
        assert!(!text.contains("ng-4711"), "{text}");
    }
    assert_nothing_ran(&shop);
}

#[test]
fn a_database_that_does_not_answer_or_is_not_there() {
    let shop = Shop::new("silent", json!([{"id": "a", "name": "A", "type": "sql_query", "sql": "SELECT 1"}]));
    // It takes connections and says nothing.
    let deaf = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = deaf.local_addr().unwrap().port();
    let url = format!("postgres://app@127.0.0.1:{port}/shop?connect_timeout=2&sslmode=disable");
    let output = shop.run(&["run-chain", "shop", "--database-url", &url]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("did not answer within 2 s; check the host and the firewall"), "{text}");
    drop(deaf);
    let output = shop.run(&["run-chain", "shop", "--database-url", &url]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("refused the connection; check that the server runs"), "{text}");
    assert_nothing_ran(&shop);
}

#[test]
fn a_place_for_the_record_that_cannot_be_written() {
    let shop = Shop::new(
        "no_record",
        json!([{"id": "a", "name": "A", "type": "sql_query", "sql": "INSERT INTO shop.orders VALUES (1, 1)"}]),
    );
    fs::write(shop.root().join(".schemacast"), "mine").unwrap();
    let text = shop.chain(2);
    assert!(text.contains("cannot make .schemacast/shop/runs/"), "{text}");
    assert_nothing_ran(&shop);
}
