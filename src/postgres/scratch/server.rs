//! The server's process: started, awaited, stopped, and never left behind.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::account::Account;
use super::binaries::Binaries;
use super::error::ScratchError;
use super::run_folder::{RunFolder, tail};
use super::template::clean_environment;

/// The port, which for a socket is only a part of its file's name, unless the
/// settings say another.
pub(super) const PORT: u16 = 5432;

/// A server, with the thread that keeps it.
#[derive(Debug)]
pub(super) struct Server {
    socket_folder: PathBuf,
    process_id: u32,
    /// Dropped to have the keeper stop the server.
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

/// How long a server may take to be ready, on the slowest of machines.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long a server may take to stop before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(5);

impl Server {
    /// Starts a server on a run folder and waits until it takes connections.
    ///
    /// The process is started by a thread that lives for as long as the
    /// server is wanted: the system sends the parent's death signal when the
    /// *thread* that made the child ends, and a caller's may end early.
    pub(super) fn start(
        run: RunFolder,
        binaries: &Binaries,
        account: Option<Account>,
        settings: &[(String, String)],
    ) -> Result<Server, ScratchError> {
        let socket_folder = run.socket_folder();
        let program = binaries.program("postgres");
        let command = command(&program, &run, account.as_ref(), settings);
        let (stop, stopped) = mpsc::channel();
        let (report, reported) = mpsc::channel();
        let keeper = thread::Builder::new()
            .name("scratch-postgres".to_owned())
            .spawn(move || keep(run, command, &program, &report, &stopped))
            .map_err(|error| ScratchError::Spawn { program: binaries.program("postgres"), error })?;
        match reported.recv() {
            Ok(Ok(process_id)) => Ok(Server { socket_folder, process_id, stop: Some(stop), keeper: Some(keeper) }),
            Ok(Err(error)) => {
                let _ = keeper.join();
                Err(error)
            }
            Err(_) => Err(ScratchError::Start { reason: "its keeper died".to_owned(), log: String::new() }),
        }
    }

    pub(super) fn socket_folder(&self) -> &Path {
        &self.socket_folder
    }

    pub(super) fn process_id(&self) -> u32 {
        self.process_id
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// The keeper's whole life: start, report, wait, stop, clear away.
fn keep(
    run: RunFolder,
    command: io::Result<Command>,
    program: &Path,
    report: &Sender<Result<u32, ScratchError>>,
    stopped: &Receiver<()>,
) {
    let spawned = command.and_then(|mut command| command.spawn());
    match spawned {
        Err(error) => {
            run.remove();
            let _ = report.send(Err(ScratchError::Spawn { program: program.to_owned(), error }));
        }
        Ok(mut child) => {
            #[cfg(not(target_os = "linux"))]
            let watchdog = crate::outlive::Watchdog::of_process(child.id());
            let outcome = wait_until_ready(&mut child, &run).map(|()| child.id());
            let failed = outcome.is_err();
            // Where nobody listens any more, the wait below ends at once.
            let _ = report.send(outcome);
            if !failed {
                let _ = stopped.recv();
            }
            // Before the child is reaped, since its id may be another's then.
            #[cfg(not(target_os = "linux"))]
            drop(watchdog);
            stop(&mut child);
            run.remove();
        }
    }
}

/// The command that runs the server in the foreground.
fn command(
    program: &Path,
    run: &RunFolder,
    account: Option<&Account>,
    settings: &[(String, String)],
) -> io::Result<Command> {
    let log = File::create(run.log())?;
    let mut command = Command::new(program);
    command.arg("-D").arg(run.data()).current_dir("/");
    // In double quotes, for it is a list and a folder's name may hold a comma.
    let socket_folder = format!("\"{}\"", run.socket_folder().display());
    let port = PORT.to_string();
    let own = [
        ("listen_addresses", ""),
        ("port", port.as_str()),
        ("unix_socket_directories", socket_folder.as_str()),
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("autovacuum", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("jit", "off"),
        ("shared_buffers", "32MB"),
        ("max_locks_per_transaction", "1024"),
        // In the run folder, so that it goes with it: a container's /dev/shm
        // is small and would keep what a killed server leaves.
        ("dynamic_shared_memory_type", "mmap"),
        // What is printed must not depend on where the machine stands.
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
    ];
    for (name, value) in own {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    clean_environment(&mut command);
    // The lock file is empty, so to read from it is to read nothing; see
    // `RunFolder` for why the server has it open.
    command.stdin(Stdio::from(run.lock()?)).stdout(log.try_clone()?).stderr(log);
    // A group of its own: Ctrl-C is for us, who stop the server when we are
    // done with it.
    command.process_group(0);
    if let Some(account) = account {
        account.apply(&mut command);
    }
    // SIGQUIT is what Postgres obeys at once.
    #[cfg(target_os = "linux")]
    crate::outlive::die_with_parent(&mut command, Signal::QUIT);
    Ok(command)
}

/// Waits for the status line that the server writes into postmaster.pid.
fn wait_until_ready(child: &mut Child, run: &RunFolder) -> Result<(), ScratchError> {
    let status_file = run.data().join("postmaster.pid");
    let failure = |reason: String| {
        let log = std::fs::read(run.log()).unwrap_or_default();
        ScratchError::Start { reason, log: tail(&String::from_utf8_lossy(&log), 15) }
    };
    let started = Instant::now();
    loop {
        // LOCK_FILE_LINE_PM_STATUS of Postgres' miscadmin.h is the eighth.
        let status = std::fs::read_to_string(&status_file).unwrap_or_default();
        if status.lines().nth(7).is_some_and(|status| status.trim() == "ready") {
            return Ok(());
        }
        match child.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) => return Err(failure(status.to_string())),
            Err(error) => return Err(failure(error.to_string())),
        }
        if started.elapsed() > START_LIMIT {
            return Err(failure(format!("not ready after {} s", START_LIMIT.as_secs())));
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// Stops a server that nobody needs any more: at once and without a last
/// checkpoint, since its data are thrown away.
fn stop(child: &mut Child) {
    let process = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let (Ok(None), Some(process)) = (child.try_wait(), process) {
        let _ = kill_process(process, Signal::QUIT);
        let asked = Instant::now();
        while asked.elapsed() < STOP_LIMIT {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        // Its children end when they find it gone.
        let _ = child.kill();
    }
    let _ = child.wait();
}
