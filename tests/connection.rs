//! Connections over TLS with SCRAM, against a scratch server that is set up
//! for it: what each `sslmode` accepts, and what each refusal says.
//!
//! The certificates are made with `openssl`; without it a test says that it is
//! left out, and in CI it fails.
#![cfg(all(unix, feature = "cli"))]

use std::error::Error;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectError, ConnectionSettings, ScratchServer, Session};
use tempfile::TempDir;

mod common;

type Outcome = Result<(), Box<dyn Error>>;

/// A server that takes `app` over TCP, with a password that splits URLs.
struct Server {
    // Dropped before the folder that it reads its certificate from.
    scratch: ScratchServer,
    folder: TempDir,
    port: u16,
}

const PASSWORD: &str = "p@ss#w/rd";

/// Whose certificate the server has.
#[derive(Clone, Copy, PartialEq)]
enum Tls {
    None,
    ByAuthority,
    BySelf,
}

const HBA: &str = "local all all trust
hostssl all app,nologin 127.0.0.1/32 scram-sha-256
hostssl all trusted 127.0.0.1/32 trust
hostnossl all plain 127.0.0.1/32 scram-sha-256
";

impl Server {
    fn start(tls: Tls) -> Result<Server, Box<dyn Error>> {
        let ram = Path::new("/dev/shm");
        let folder =
            tempfile::Builder::new().prefix("sc-").tempdir_in(if ram.is_dir() { ram } else { Path::new("/tmp") })?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))?;
        let runs = folder.path().join("runs");
        let hba = folder.path().join("pg_hba.conf");
        fs::write(
            &hba,
            if tls != Tls::None {
                HBA.to_owned()
            } else {
                "local all all trust\nhost all all all scram-sha-256\n".to_owned()
            },
        )?;
        // Free now, and with luck still so in a moment.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut settings = vec![
            ("listen_addresses".to_owned(), "127.0.0.1".to_owned()),
            ("hba_file".to_owned(), hba.display().to_string()),
            ("port".to_owned(), port.to_string()),
        ];
        if tls != Tls::None {
            make_certificates(folder.path(), tls)?;
            for (name, file) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key")] {
                settings.push((name.to_owned(), folder.path().join(file).display().to_string()));
            }
            settings.push(("ssl".to_owned(), "on".to_owned()));
        }
        let options = Options { runs: Some(runs), settings, ..Options::default() };
        let server = ScratchServer::start(&options)?;
        let mut session = Session::connect(&server.settings())?;
        let roles = format!(
            "CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE trusted LOGIN; CREATE ROLE nologin PASSWORD '{PASSWORD}'"
        );
        session.run(async |client| client.batch_execute(&roles).await)?;
        Ok(Server { scratch: server, folder, port })
    }

    fn url(&self, user: &str, query: &str) -> Result<ConnectionSettings, Box<dyn Error>> {
        let text = format!("postgres://{user}:{PASSWORD}@localhost:{}/postgres?hostaddr=127.0.0.1&{query}", self.port);
        Ok(ConnectionSettings::parse(&text)?)
    }

    fn connect(&self, user: &str, query: &str) -> Result<Result<bool, ConnectError>, Box<dyn Error>> {
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let mut session = match Session::connect(&self.url(user, query)?) {
            Ok(session) => session,
            Err(error) => {
                let said = format!("{error} {error:?}");
                assert!(!said.contains("ss#w") && !said.contains("p@ss"), "{said}");
                return Ok(Err(error));
            }
        };
        let row = session.run(async |client| client.query_typed_one(sql, &[]).await)?;
        Ok(Ok(row.try_get(0)?))
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

fn openssl(folder: &Path, arguments: &str) -> Outcome {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .map_err(|error| format!("these tests need `openssl`: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

/// An authority, a certificate of its for `localhost`, and a stranger's.
fn make_certificates(folder: &Path, tls: Tls) -> Outcome {
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost")?;
    for authority in ["ca", "other"] {
        openssl(
            folder,
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={authority} -keyout {authority}.key -out {authority}.crt"
            ),
        )?;
    }
    if tls == Tls::BySelf {
        openssl(
            folder,
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.crt",
        )?;
    } else {
        openssl(
            folder,
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
        )?;
        openssl(
            folder,
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt",
        )?;
    }
    // Postgres wants the key to itself; as root that is its account, whose id
    // is that of the template's copy.
    let key = folder.join("server.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
    if rustix::process::geteuid().is_root() {
        let passwd = fs::read_to_string("/etc/passwd")?;
        let account = ["postgres:", "_postgres:", "nobody:"]
            .iter()
            .find_map(|name| passwd.lines().find(|line| line.starts_with(name)))
            .ok_or("no account to run the server as")?;
        let uid = account.split(':').nth(2).ok_or("no id")?.parse()?;
        chown(&key, Some(uid), None)?;
    }
    Ok(())
}

#[test]
fn each_mode_accepts_what_libpq_accepts() -> Outcome {
    if common::is_skipped_without("openssl") {
        return Ok(());
    }
    let server = Server::start(Tls::ByAuthority)?;
    let (ca, other) = (server.file("ca.crt"), server.file("other.crt"));

    // With TLS and SCRAM, bound to the channel and not.
    for query in ["", "sslmode=allow", "sslmode=prefer", "sslmode=require", "sslmode=require&channel_binding=require"] {
        assert!(server.connect("app", query)??, "{query}");
    }
    assert!(server.connect("app", &format!("sslmode=verify-full&sslrootcert={ca}"))??);
    assert!(server.connect("app", &format!("sslmode=verify-ca&sslrootcert={ca}"))??);
    // Without TLS, where the server wants none or the person does.
    assert!(!server.connect("plain", "")??);
    assert!(!server.connect("plain", "sslmode=allow")??);
    assert!(!server.connect("plain", "sslmode=disable")??);

    let untrusted = server.connect("app", &format!("sslmode=verify-ca&sslrootcert={other}"))?;
    assert!(matches!(untrusted, Err(ConnectError::Untrusted { .. })), "{untrusted:?}");
    // A root certificate makes `require` verify, as in libpq.
    let untrusted = server.connect("app", &format!("sslmode=require&sslrootcert={other}"))?;
    assert!(matches!(untrusted, Err(ConnectError::Untrusted { .. })), "{untrusted:?}");
    let untrusted = server.connect("app", "sslrootcert=system")?;
    assert!(
        matches!(untrusted, Err(ConnectError::Untrusted { .. } | ConnectError::RootCertificate { .. })),
        "{untrusted:?}"
    );
    let missing = server.connect("app", "sslmode=verify-ca&sslrootcert=/nowhere.crt")?;
    assert!(matches!(missing, Err(ConnectError::RootCertificate { .. })), "{missing:?}");

    // The name is what verify-full adds.
    let elsewhere = |mode: &str| {
        let mut settings = server.url("app", &format!("sslmode={mode}&sslrootcert={ca}"))?;
        settings.host = "db.example.org".to_owned();
        Ok::<_, Box<dyn Error>>(Session::connect(&settings).map(drop))
    };
    elsewhere("verify-ca")??;
    let wrong_name = elsewhere("verify-full")?;
    assert!(matches!(wrong_name, Err(ConnectError::Untrusted { .. })), "{wrong_name:?}");
    Ok(())
}

#[test]
fn direct_tls_is_for_servers_that_know_it() -> Outcome {
    if common::is_skipped_without("openssl") {
        return Ok(());
    }
    let server = Server::start(Tls::ByAuthority)?;
    let direct = server.connect("app", "sslmode=require&sslnegotiation=direct")?;
    if server.scratch.binaries().major() >= 17 {
        assert!(direct?);
    } else {
        let Err(error @ ConnectError::Closed { .. }) = direct else { return Err(format!("{direct:?}").into()) };
        assert!(error.to_string().contains("leave it out"), "{error}");
    }
    Ok(())
}

#[test]
fn a_self_signed_certificate_may_be_its_own_root() -> Outcome {
    if common::is_skipped_without("openssl") {
        return Ok(());
    }
    let server = Server::start(Tls::BySelf)?;
    let (own, other) = (server.file("server.crt"), server.file("other.crt"));
    assert!(server.connect("app", "sslmode=require&channel_binding=require")??);
    assert!(server.connect("app", &format!("sslmode=verify-full&sslrootcert={own}"))??);
    let untrusted = server.connect("app", &format!("sslmode=verify-full&sslrootcert={other}"))?;
    assert!(matches!(untrusted, Err(ConnectError::Untrusted { .. })), "{untrusted:?}");
    Ok(())
}

#[test]
fn each_refusal_is_told_apart() -> Outcome {
    if common::is_skipped_without("openssl") {
        return Ok(());
    }
    let server = Server::start(Tls::ByAuthority)?;
    let refused = server.connect("app", "sslmode=disable")?;
    assert!(matches!(refused, Err(ConnectError::TlsRequired { .. })), "{refused:?}");
    let unbound = server.connect("trusted", "sslmode=require&channel_binding=require")?;
    assert!(matches!(unbound, Err(ConnectError::ChannelBinding { .. })), "{unbound:?}");
    let stranger = server.connect("stranger", "sslmode=require")?;
    assert!(matches!(stranger, Err(ConnectError::NotAllowed { .. })), "{stranger:?}");
    // Refused with TLS and without: the answer is not to use TLS.
    let stranger = server.connect("stranger", "sslmode=prefer")?;
    assert!(matches!(stranger, Err(ConnectError::NotAllowed { .. })), "{stranger:?}");
    let nologin = server.connect("nologin", "sslmode=require")?;
    assert!(matches!(nologin, Err(ConnectError::NotAllowed { .. })), "{nologin:?}");

    let mut settings = server.url("app", "sslmode=require")?;
    settings.password = Some(schemacast::postgres::Secret::new("wrong"));
    let wrong = Session::connect(&settings).map(drop);
    assert!(matches!(wrong, Err(ConnectError::WrongPassword { .. })), "{wrong:?}");
    settings.password = None;
    let none = Session::connect(&settings).map(drop);
    assert!(matches!(none, Err(ConnectError::NoPassword { .. })), "{none:?}");
    Ok(())
}

#[test]
fn a_server_without_tls_is_told_from_one_with_it() -> Outcome {
    let server = Server::start(Tls::None)?;
    assert!(!server.connect("app", "")??);
    let refused = server.connect("app", "sslmode=require")?;
    assert!(matches!(refused, Err(ConnectError::TlsRefused { .. })), "{refused:?}");
    let refused = server.connect("app", "sslmode=verify-full&sslrootcert=system")?;
    assert!(
        matches!(refused, Err(ConnectError::TlsRefused { .. } | ConnectError::RootCertificate { .. })),
        "{refused:?}"
    );
    Ok(())
}

#[test]
fn what_cannot_be_reached_is_told_apart() -> Outcome {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let connect = |text: &str| Ok::<_, Box<dyn Error>>(Session::connect(&ConnectionSettings::parse(text)?).map(drop));
    let refused = connect(&format!("postgres://u:hunter2@127.0.0.1:{port}/d"))?;
    assert!(matches!(refused, Err(ConnectError::Refused { .. })), "{refused:?}");
    let unknown = connect("postgres://u:hunter2@no-such-host.invalid/d")?;
    assert!(matches!(unknown, Err(ConnectError::Resolve { .. })), "{unknown:?}");
    let no_socket = connect("postgres:///d?host=/nowhere&user=u")?;
    assert!(matches!(no_socket, Err(ConnectError::NoSocket { .. })), "{no_socket:?}");

    // One that accepts and says nothing, as a compute does that never wakes.
    let silent = TcpListener::bind(("127.0.0.1", 0))?;
    let settings = ConnectionSettings::parse(&format!(
        "postgres://u:hunter2@127.0.0.1:{}/d?connect_timeout=2&sslmode=disable",
        silent.local_addr()?.port()
    ))?;
    let mut told = Vec::new();
    let started = Instant::now();
    let outcome = Session::connect_telling(&settings, &mut |line| told.push(line.to_owned())).map(drop);
    assert!(matches!(outcome, Err(ConnectError::Timeout { seconds: 2, .. })), "{outcome:?}");
    // Three tries, and one line about them.
    assert!((Duration::from_secs(6)..Duration::from_secs(15)).contains(&started.elapsed()));
    assert_eq!(told, [format!("waiting for 127.0.0.1:{}/d …", settings.port)]);
    Ok(())
}

#[test]
fn a_root_certificate_file_that_holds_none_is_named() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path: PathBuf = folder.path().join("empty.crt");
    fs::write(&path, "nothing\n")?;
    let text = format!("postgres://u@127.0.0.1:1/d?sslmode=verify-ca&sslrootcert={}", path.display());
    let Err(error) = Session::connect(&ConnectionSettings::parse(&text)?) else { return Err("it connected".into()) };
    assert!(error.to_string().contains("empty.crt: it holds no certificate"), "{error}");
    Ok(())
}
