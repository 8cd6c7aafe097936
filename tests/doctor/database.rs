//! What the database says, and its address.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use schemacast::doctor::{self, Limits, Outcome};
use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ScratchServer, Session};
use schemacast::workspace::wanted::Target;
use schemacast::workspace::{Silence, Workspace};

use crate::{Report, Server, TABLE, command, doctor, project, registry, said, schemacast, with, write};

#[test]
fn migrations_are_pending_then_applied_then_edited_then_gone() {
    let (root, server) = (project(), Server::start());
    let (root, url) = (root.path(), server.url("postgres"));
    let look = || doctor(root, &["--database-url", &url]);
    let migrations = || look().line("migrations applied");

    let report = look();
    report.line("migrations applied").is("warning", "pending: shop/001_orders.sql → schemacast run-chain shop");
    report.line("server").is("good", "Postgres ");
    for name in
        ["clock", "pooler", "catalog", "writes", "timeouts", "right to create", "extensions", "lock of the ledger"]
    {
        report.line(name).is("good", "");
    }
    assert_eq!(server.schemas(), ["information_schema", "public"], "looking makes no ledger");

    let applied = schemacast(root, &["run-chain", "shop", "--database-url", &url]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    migrations().is("good", "all: 1 file");
    with(root, "manifests/shop/migrations/001_orders.sql", "SELECT 1;", || {
        let report = look();
        report.line("migrations applied").is("bad", "edited since: the ledger has SHA-256 ");
        assert_eq!(report.1, 1);
    });
    migrations().is("good", "all: 1 file");
    write(root, "manifests/shop/migrations/002_more.sql", "SELECT 2;");
    registry(root, &["002_more"]);
    look().line("migrations on disk").is("warning", "no task applies 001_orders.sql");
    let line = migrations();
    line.is("warning", "pending: shop/002_more.sql");
    assert!(!line.text.contains("gone from disk"), "{}", line.text);
    fs::remove_file(root.join("manifests/shop/migrations/001_orders.sql")).unwrap();
    migrations().is("warning", "applied, and gone from disk: shop/001_orders.sql");
    write(root, "manifests/shop/migrations/001_orders.sql", TABLE);
    registry(root, &["001_orders", "002_more"]);

    // Somebody else is at work.
    let mut other = server.session();
    let lock = format!("BEGIN; SELECT pg_advisory_xact_lock({})", 0x7363_6865_6d61_6361_i64);
    other.run(async |client| client.batch_execute(&lock).await).unwrap();
    look().line("lock of the ledger").is("bad", "another runner is at work: postgres");
    other.run(async |client| client.batch_execute("ROLLBACK").await).unwrap();
    look().line("lock of the ledger").is("good", "free");
    server.sql("INSERT INTO schemacast.lease VALUES (true, 't', 'ann', now(), now() + interval '1 hour')");
    look().line("lock of the ledger").is("bad", "another runner is at work: ann");
    server.sql("DELETE FROM schemacast.lease");
    look().line("lock of the ledger").is("good", "free");

    server.sql("ALTER DATABASE shop SET default_transaction_read_only = on");
    look().line("writes").is("bad", "read only there (default_transaction_read_only), and migrations are pending");
    let sql = "BEGIN READ WRITE; ALTER DATABASE shop RESET default_transaction_read_only;
               ALTER DATABASE shop SET statement_timeout = '5s'; COMMIT";
    server.sql(sql);
    let report = look();
    report.line("writes").is("good", "");
    report.line("timeouts").is("warning", "statement_timeout is 5 s");
    server.sql("ALTER DATABASE shop RESET statement_timeout");
    look().line("timeouts").is("good", "statement_timeout none");
}

#[test]
fn what_a_role_may_not_do_is_named_with_the_grant() {
    let (root, server) = (project(), Server::start());
    let root = root.path();
    server.sql("CREATE ROLE reader LOGIN; CREATE SCHEMA shop; CREATE TABLE shop.\"Odd one\" (id int)");
    let url = server.url("reader");
    let look = || doctor(root, &["--database-url", &url]);
    let report = look();
    report.line("catalog").is("good", "1 tables");
    report.line("right to read").is("warning", "reader cannot read shop.\"Odd one\"");
    report.line("right to create").is("bad", "migrations are pending, and reader lacks CREATE on the database");
    report.line("right to create").is("bad", "reader can make nothing in the schema ");
    report.line("migrations applied").is("warning", "pending");
    assert_eq!(report.1, 1);

    server.sql("GRANT USAGE, CREATE ON SCHEMA shop TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO reader; GRANT CREATE ON SCHEMA public TO reader; GRANT CREATE ON DATABASE shop TO reader");
    let report = look();
    report.line("right to read").is("good", "every table");
    report.line("right to create").is("good", "in every schema");
    assert_eq!(report.1, 0);

    // A ledger that this role may not read is no ledger without rows.
    server.sql("DROP SCHEMA shop CASCADE");
    let applied = schemacast(root, &["run-chain", "shop", "--database-url", &server.url("postgres")]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let report = look();
    report.line("migrations applied").is("warning", "could not be looked at: ");
    report.line("right to create").is("bad", "reader lacks USAGE on the schema schemacast");
}

#[test]
fn an_extension_that_the_server_does_not_have_is_named_with_who_wants_it() {
    let (root, server) = (project(), Server::start());
    let (root, url) = (root.path(), server.url("postgres"));
    let sql = "CREATE EXTENSION IF NOT EXISTS plpgsql; CREATE EXTENSION \"no-such-one\";";
    with(root, "manifests/shop/migrations/001_orders.sql", sql, || {
        let line = doctor(root, &["--database-url", &url]).line("extensions");
        line.is("bad", "does not have `no-such-one`, which manifests/shop/migrations/001_orders.sql wants");
        assert!(!line.text.contains("plpgsql"), "{}", line.text);
    });
    doctor(root, &["--database-url", &url]).line("extensions").is("good", "none are wanted");
}

#[test]
fn what_is_wrong_with_the_address_is_told_without_the_password() {
    const PASSWORD: &str = "s3cr#t/pw";
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let hba = folder.path().join("pg_hba.conf");
    fs::write(&hba, "local all all trust\nhost all all all scram-sha-256\n").unwrap();
    fs::set_permissions(&hba, fs::Permissions::from_mode(0o644)).unwrap();
    // Free now, and with luck still so in a moment.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let settings = [
        ("listen_addresses", "127.0.0.1".to_owned()),
        ("hba_file", hba.display().to_string()),
        ("port", port.to_string()),
    ];
    let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let server = ScratchServer::start(&Options { settings, ..Options::default() }).unwrap();
    let role = format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'");
    let mut session = Session::connect(&server.settings()).unwrap();
    session.run(async |client| client.batch_execute(&role).await).unwrap();

    let root = project();
    let root = root.path();
    let look = |url: &str| {
        let output = schemacast(root, &["doctor", "shop", "--database-url", url]);
        let json = schemacast(root, &["doctor", "shop", "--output", "json", "--database-url", url]);
        for part in ["s3cr", "t/pw", "t%2Fpw", "wr0ng"] {
            assert!(!said(&output).contains(part) && !said(&json).contains(part), "{part}: {}", said(&output));
        }
        Report(serde_json::from_slice(&json.stdout).unwrap(), json.status.code().unwrap())
    };
    let at = format!("localhost:{port}/postgres?hostaddr=127.0.0.1");
    let good = look(&format!("postgres://app:{PASSWORD}@{at}"));
    good.line("database URL").is("good", "--database-url: app at localhost:");
    good.line("server").is("good", "Postgres ");
    let wrong = look(&format!("postgres://app:wr0ng{PASSWORD}@{at}"));
    wrong.line("server").is("bad", "refused the password of `app`");
    wrong.line("database").is("warning", "could not be looked at");
    assert_eq!(wrong.1, 1);
    let ignored = look(&format!("postgres://app:{PASSWORD}@{at}&schema=wr0ng"));
    ignored.line("database URL").is("warning", "`schema` is ignored");
    let dead = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    look(&format!("postgres://app:{PASSWORD}@127.0.0.1:{dead}/d")).line("server").is("bad", "refused the connection");
    let form = look(&format!("mysql://app:{PASSWORD}@h/d"));
    form.line("database URL").is("bad", "--database-url: ");

    // The variable, and the file that it is from.
    write(root, ".env", &format!("DATABASE_URL='postgres://app:{PASSWORD}@{at}'\n"));
    let output = schemacast(root, &["doctor", "shop"]);
    assert!(said(&output).contains("✅ database URL: DATABASE_URL from .env: app at "), "{}", said(&output));
    with(root, "manifests/shop/project.yaml", "name: shop\ndatabase_url_env: SHOP_URL\n", || {
        let mut command = command(root, &["doctor", "shop"]);
        let output = command.env("SHOP_URL", "postgres://app@127.0.0.1/other").output().unwrap();
        assert!(said(&output).contains("⚠️ database URL: SHOP_URL, the project's own variable"), "{}", said(&output));
        assert!(!said(&output).contains("s3cr"), "{}", said(&output));
    });
    write(root, ".env", "DATABASE_URL 'postgres://app:s3cr'\n");
    let output = schemacast(root, &["doctor", "shop"]);
    assert!(said(&output).contains("❌ database URL: cannot read .env"), "{}", said(&output));
    assert!(!said(&output).contains("s3cr"), "{}", said(&output));
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    // It takes the connection and says nothing.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url =
        format!("postgres://app@127.0.0.1:{}/d?connect_timeout=0&sslmode=disable", silent.local_addr().unwrap().port());
    let root = project();
    let workspace = Workspace { root: root.path().to_owned(), set: Vec::new(), jobs: None };
    let limits = Limits { connect: Duration::from_millis(200), ..Limits::default() };
    let target = Target { scratch: false, url: Some(&url) };
    let started = Instant::now();
    let report = doctor::examine(&workspace, Some("shop"), target, &limits, &mut Silence).unwrap();
    let server = report.checks().find(|check| check.name == "server").unwrap();
    assert!(server.outcome == Outcome::Bad && server.note.contains("did not answer"), "{}", server.note);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_scratch_server_is_looked_at_where_it_is_asked_for() {
    let root = project();
    let root = root.path();
    write(root, "manifests/shop/bootstrap/01.sql", "CREATE TABLE base (id int PRIMARY KEY);");
    let report = doctor(root, &["--scratch"]);
    report.line("catalog").is("good", "1 tables");
    report.line("migrations applied").is("good", "none yet on this new scratch server; a chain applies 1 file");
    with(root, "manifests/shop/bootstrap/01.sql", "CREATE TABEL base ();", || {
        let report = doctor(root, &["--scratch"]);
        report.line("server").is("bad", "bootstrap/01.sql:1:");
        assert_eq!(report.1, 1);
    });
}
