//! A command: a program with its arguments, and no shell.
//!
//! Architecture Invariant: a command does not outlive the program that runs
//! the chain, nor does what it starts, be that killed: a chain that is resumed
//! must not meet what the dead one left at work.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{Context, Done, Failure, limit};
use crate::outlive::Watchdog;
use crate::tasks::database::Stopped;

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(20);

/// How long a command may take to end once it was asked to.
const GRACE: Duration = Duration::from_secs(5);

pub fn run(context: &Context<'_>, argv: &[String]) -> Result<Done, Failure> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Failure::new("a command begins with its program"));
    };
    let mut command = Command::new(program);
    let root = if context.places.root.as_os_str().is_empty() { Path::new(".") } else { &context.places.root };
    command.args(arguments).current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that what it starts can be stopped with it.
    command.process_group(0);
    // This thread waits for it, so it is there for as long.
    #[cfg(target_os = "linux")]
    crate::outlive::die_with_parent(&mut command, Signal::KILL);
    command.env("SCHEMACAST_PROJECT", &context.project.name);
    if let Some(url) = context.url {
        // On a scratch server the command must not meet the real database,
        // whatever the environment says.
        command.env("DATABASE_URL", url);
        if let Some(own) = &context.project.database_url_env {
            command.env(own, url);
        }
    }
    (context.log)(&format!("$ {}", argv.join(" ")));
    let mut child = command.spawn().map_err(|error| Failure::new(format!("cannot start `{program}`: {error}")))?;
    // For what it starts in turn, and for systems without that signal. What
    // leaves the group (setsid) means to go on without us.
    let _watchdog = Watchdog::of_group(child.id());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let log = context.log;
    thread::scope(|scope| {
        let (read, is_read) = mpsc::channel::<()>();
        let streams: [Option<Box<dyn Read + Send>>; 2] =
            [stdout.map(|out| Box::new(out) as _), stderr.map(|err| Box::new(err) as _)];
        for stream in streams.into_iter().flatten() {
            let read = read.clone();
            scope.spawn(move || {
                copy_lines(stream, log);
                drop(read);
            });
        }
        drop(read);
        let ended = wait(context, &mut child);
        // What it left behind in its group may hold its output open.
        if is_read.recv_timeout(Duration::from_millis(500)) == Err(mpsc::RecvTimeoutError::Timeout) {
            signal(&child, Signal::KILL);
        }
        ended
    })
}

/// Hands the lines of a stream on; bytes that are no UTF-8 are shown as such.
fn copy_lines(stream: Box<dyn Read + Send>, log: &(dyn Fn(&str) + Sync)) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        log(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        line.clear();
    }
}

fn wait(context: &Context<'_>, child: &mut Child) -> Result<Done, Failure> {
    let started = Instant::now();
    let limit = limit(context.task);
    let mut stopped: Option<(Stopped, Instant)> = None;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                return match (stopped, status.code()) {
                    (Some((stopped, _)), _) => Err(Failure::Stopped(stopped)),
                    (None, Some(0)) => Ok(Done::default()),
                    (None, _) => Err(Failure::new(format!("the command ended with {status}"))),
                };
            }
            Ok(None) => {}
            Err(error) => return Err(Failure::new(format!("the command was lost: {error}"))),
        }
        match stopped {
            None => {
                let why = if context.interrupt.is_raised() {
                    Some(Stopped::Interrupted)
                } else {
                    limit.filter(|limit| started.elapsed() >= *limit).map(|_| Stopped::TimedOut)
                };
                if let Some(why) = why {
                    signal(child, Signal::TERM);
                    stopped = Some((why, Instant::now()));
                }
            }
            Some((_, asked)) if asked.elapsed() >= GRACE => signal(child, Signal::KILL),
            Some(_) => {}
        }
        thread::sleep(LOOK);
    }
}

/// Sends a signal to the command and all it started. Where all of them are
/// gone there is nobody to stop.
fn signal(child: &Child, signal: Signal) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, signal);
    }
}
