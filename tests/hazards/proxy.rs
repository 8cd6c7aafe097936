//! A way to a server that has what ways have: it is late, it refuses, it
//! breaks in the middle. It keeps what went through.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use schemacast::postgres::ConnectionSettings;

/// What befalls the first connections; those after them are let through.
#[derive(Clone)]
pub enum Trouble {
    /// They are served after so long.
    Late(Duration),
    /// The server says that it is starting up.
    Starting,
    /// It accepts and hangs up.
    HangsUp,
    /// Cut once a client has sent the one text and `at` behind it: before the
    /// server gets that, or when it has answered.
    Cut { after: &'static str, at: &'static str, reaches_server: bool },
    /// TLS is agreed on, and what the client says then is kept.
    Greets,
}

pub struct Proxy {
    pub port: u16,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Proxy {
    /// Opens a way to the server with this trouble for so many connections.
    pub fn start(to: &ConnectionSettings, trouble: Trouble, times: usize) -> Proxy {
        Proxy::listen(TcpListener::bind(("127.0.0.1", 0)).unwrap(), to, trouble, times)
    }

    /// The same on a port that is bound.
    pub fn listen(listener: TcpListener, to: &ConnectionSettings, trouble: Trouble, times: usize) -> Proxy {
        let port = listener.local_addr().unwrap().port();
        let socket = PathBuf::from(format!("{}/.s.PGSQL.{}", to.host, to.port));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(Vec::new());
                let (kept, socket) = (Arc::clone(&kept), socket.clone());
                let trouble = (number < times).then(|| trouble.clone());
                // Whoever hangs up in the middle is what the tests are about.
                thread::spawn(move || {
                    drop(serve(client, &socket, trouble, &|bytes| {
                        kept.lock().unwrap_or_else(PoisonError::into_inner)[number].extend_from_slice(bytes);
                    }))
                });
            }
        });
        Proxy { port, seen }
    }

    /// What each connection sent, in the order in which they came.
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often a text went through, over all connections.
    pub fn count(&self, text: &str) -> usize {
        self.seen().iter().map(|bytes| bytes.windows(text.len()).filter(|part| *part == text.as_bytes()).count()).sum()
    }

    pub fn url(&self, dbname: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{dbname}?sslmode=disable", self.port)
    }
}

/// Where what follows a text begins.
fn find(bytes: &[u8], text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    bytes.windows(text.len()).position(|part| part == text.as_bytes()).map(|at| at + text.len())
}

fn serve(mut client: TcpStream, socket: &PathBuf, trouble: Option<Trouble>, keep: &dyn Fn(&[u8])) -> io::Result<()> {
    match &trouble {
        Some(Trouble::Late(time)) => thread::sleep(*time),
        Some(Trouble::HangsUp) => return Ok(()),
        Some(Trouble::Starting) => {
            let mut opening = [0; 1024];
            let length = client.read(&mut opening)?;
            keep(&opening[..length]);
            let fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
            let mut message = b"E".to_vec();
            message.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
            message.extend(fields);
            return client.write_all(&message);
        }
        Some(Trouble::Greets) => {
            let mut opening = [0; 4096];
            let asked = client.read(&mut opening)?;
            keep(&opening[..asked]);
            client.write_all(b"S")?;
            let hello = client.read(&mut opening)?;
            keep(&opening[..hello]);
            return Ok(());
        }
        Some(Trouble::Cut { .. }) | None => {}
    }
    let mut server = UnixStream::connect(socket)?;
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    let muted = Arc::new(Mutex::new(false));
    let is_muted = Arc::clone(&muted);
    thread::spawn(move || {
        let mut bytes = [0; 16384];
        while let Ok(length @ 1..) = answers.read(&mut bytes) {
            if *is_muted.lock().unwrap_or_else(PoisonError::into_inner) || back.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = back.shutdown(Shutdown::Both);
    });
    let mut bytes = [0; 16384];
    let mut sent = Vec::new();
    loop {
        let length = client.read(&mut bytes)?;
        if length == 0 {
            return server.shutdown(Shutdown::Both);
        }
        keep(&bytes[..length]);
        sent.extend_from_slice(&bytes[..length]);
        if let Some(Trouble::Cut { after, at, reaches_server }) = &trouble
            && find(&sent, after).is_some_and(|begin| find(&sent[begin..], at).is_some())
        {
            if *reaches_server {
                *muted.lock().unwrap_or_else(PoisonError::into_inner) = true;
                server.write_all(&bytes[..length])?;
                // It must be done before it learns that its client is gone.
                thread::sleep(Duration::from_millis(300));
            }
            client.shutdown(Shutdown::Both)?;
            return server.shutdown(Shutdown::Both);
        }
        server.write_all(&bytes[..length])?;
    }
}
