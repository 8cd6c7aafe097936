//! A transaction pooler with one backend, as small as it can be: whoever begins
//! a transaction has the backend until that has ended.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{Server, doctor, project, said, schemacast, write};

/// A message: its kind and its body.
type Message = (u8, Vec<u8>);

/// The next one. What opens a connection has no kind.
fn message(stream: &mut impl Read, has_kind: bool) -> io::Result<Message> {
    let mut kind = [0];
    if has_kind {
        stream.read_exact(&mut kind)?;
    }
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - 4];
    stream.read_exact(&mut body)?;
    Ok((kind[0], body))
}

fn send(stream: &mut impl Write, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
    let mut bytes: Vec<u8> = kind.into_iter().collect();
    bytes.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    bytes.extend(body);
    stream.write_all(&bytes)
}

const VERSION: [u8; 4] = [0, 3, 0, 0];

/// Opens the one backend, and gives what it says of itself.
fn backend(server: &Server) -> io::Result<(UnixStream, Vec<Message>)> {
    let path = server.scratch.socket_folder().join(format!(".s.PGSQL.{}", server.database.port));
    let mut stream = UnixStream::connect(path)?;
    let mut body = VERSION.to_vec();
    body.extend(b"user\0postgres\0database\0shop\0\0");
    send(&mut stream, None, &body)?;
    let mut greeting = Vec::new();
    loop {
        let (kind, body) = message(&mut stream, true)?;
        greeting.push((kind, body));
        if kind == b'Z' {
            return Ok((stream, greeting));
        }
    }
}

fn serve(mut client: TcpStream, backend: &Mutex<UnixStream>, greeting: &[Message]) -> io::Result<()> {
    let (_, opening) = message(&mut client, false)?;
    if !opening.starts_with(&VERSION) {
        // Somebody asks to cancel, which nothing here needs.
        return Ok(());
    }
    for (kind, body) in greeting {
        send(&mut client, Some(*kind), body)?;
    }
    loop {
        let mut first = message(&mut client, true)?;
        let mut backend = backend.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let (kind, body) = first;
            if kind == b'X' {
                return Ok(());
            }
            send(&mut *backend, Some(kind), &body)?;
            if matches!(kind, b'Q' | b'S') && answer(&mut client, &mut backend)? {
                break;
            }
            first = message(&mut client, true)?;
        }
    }
}

/// Hands on what is answered, and says whether no transaction is open then.
fn answer(client: &mut TcpStream, backend: &mut UnixStream) -> io::Result<bool> {
    loop {
        let (kind, body) = message(backend, true)?;
        send(client, Some(kind), &body)?;
        if kind == b'Z' {
            return Ok(body == b"I");
        }
    }
}

/// Starts one and gives its port. It ends with the test's process.
fn pool(server: &Server) -> u16 {
    let (backend, greeting) = backend(server).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = Arc::new((Mutex::new(backend), greeting));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            // Who hangs up in the middle is no matter.
            thread::spawn(move || drop(serve(client, &shared.0, &shared.1)));
        }
    });
    port
}

#[test]
fn a_transaction_pooler_is_known_by_what_it_does_and_all_is_looked_at_through_it() {
    let (root, server) = (project(), Server::start());
    let root = root.path();
    let url = format!("postgres://postgres@127.0.0.1:{}/shop?sslmode=disable", pool(&server));
    let report = doctor(root, &["--database-url", &url]);
    report.line("pooler").is("good", "a transaction pooler: two connections were on one backend");
    for name in ["server", "catalog", "writes", "right to read", "right to create", "lock of the ledger"] {
        report.line(name).is("good", "");
    }
    report.line("migrations applied").is("warning", "pending: shop/001_orders.sql");
    let applied = schemacast(root, &["run-chain", "shop", "--database-url", &url]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));

    let index = "-- no-transaction\nCREATE INDEX CONCURRENTLY orders_total ON shop.orders (total);";
    write(root, "manifests/shop/migrations/002_index.sql", index);
    crate::registry(root, &["001_orders", "002_index"]);
    let line = doctor(root, &["--database-url", &url]).line("pooler");
    line.is("warning", "shop/002_index.sql runs outside of a transaction");
    doctor(root, &["--database-url", &server.url("postgres")]).line("pooler").is("good", "none seen");
}
