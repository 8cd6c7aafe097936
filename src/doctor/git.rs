//! Whether what a run would change is committed, so that it can be told what
//! the run has changed.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Subject;
use super::check::{Check, some_of};

const NAME: &str = "git";

/// Asks git for what is not committed of the project's two folders.
pub(super) fn look(subject: &Subject, limit: Duration) -> Check {
    let places = &subject.places;
    let folders = [&places.layout.folder, &places.layout.generated].map(|folder| places.shown(folder));
    let mut command = Command::new("git");
    if !places.root.as_os_str().is_empty() {
        command.current_dir(&places.root);
    }
    command.args(["status", "--porcelain", "--untracked-files=all", "--"]).args(&folders);
    // Without it, git writes its index anew; with it, this only reads. And the
    // words that tell "no repository" are those of no language.
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    match output(command, limit) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Check::not_made(NAME, "there is no `git` in PATH", "install git")
        }
        Err(error) => Check::not_made(NAME, error.to_string(), "look yourself: git status"),
        Ok(said) if said.status == Some(0) => judge(&said.stdout, &folders),
        Ok(said) if said.stderr.contains("not a git repository") => {
            let fix = "git init, and commit: only then can be told what a run has changed";
            Check::not_made(NAME, "this is no git repository", fix)
        }
        Ok(said) => {
            let reason = said.stderr.lines().next().unwrap_or("git failed and said nothing").to_owned();
            Check::not_made(NAME, reason, "look yourself: git status")
        }
    }
}

fn judge(status: &str, folders: &[String]) -> Check {
    let changed: Vec<String> = status.lines().filter_map(|line| line.get(3..)).map(str::to_owned).collect();
    let folders = folders.join(" and ");
    if changed.is_empty() {
        return Check::good(NAME, format!("nothing uncommitted in {folders}"));
    }
    let note = format!("not committed: {}", some_of(&changed));
    let fix = format!(
        "git add {}, and commit; what is written anew each time belongs into .gitignore",
        folders.replace(" and ", " ")
    );
    Check::warning(NAME, note, fix)
}

struct Said {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// What a program says, where it does so in time.
fn output(mut command: Command, limit: Duration) -> io::Result<Said> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Read beside each other, for a pipe that is full stops the program.
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let outcome = pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes));
            outcome.map(|_| String::from_utf8_lossy(&bytes).into_owned())
        })
    };
    let stdout = read(stdout.map(|pipe| Box::new(pipe) as _));
    let stderr = read(stderr.map(|pipe| Box::new(pipe) as _));
    let status = wait(&mut child, limit)?;
    let joined = |thread: thread::JoinHandle<io::Result<String>>| {
        thread.join().unwrap_or_else(|_| Err(io::Error::other("its output could not be read")))
    };
    Ok(Said { status, stdout: joined(stdout)?, stderr: joined(stderr)? })
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<i32>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if started.elapsed() >= limit {
            let _ = child.kill();
            let _ = child.wait();
            let message = format!("git did not answer within {} s", limit.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let mut command = Command::new("sleep");
        command.arg("60");
        let started = Instant::now();
        let error = output(command, Duration::from_millis(50)).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
