//! Kills the server when we die, where the system cannot be asked to.
//!
//! Linux has the parent's death signal. Elsewhere a shell reads from a pipe
//! that only we hold open: when we are gone, however that came about, its read
//! ends and it sends the signal.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

/// Dropping it calls the watchdog off.
#[derive(Debug)]
pub(super) struct Watchdog {
    /// `None` where it could not be started: then a killed run leaves its
    /// server behind, which is no reason not to run.
    shell: Option<Child>,
}

impl Watchdog {
    pub(super) fn start(process_id: u32) -> Watchdog {
        let mut command = Command::new("/bin/sh");
        // `$0` is the first argument after the script. A process that ignores
        // the first signal gets the one that cannot be ignored.
        let script = "read -r line; kill -QUIT \"$0\" && sleep 2 && kill -KILL \"$0\"";
        command.args(["-c", script]).arg(process_id.to_string());
        // In a group of its own, as the server is: Ctrl-C must not end it.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Watchdog { shell: command.spawn().ok() }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(shell) = &mut self.shell {
            // Killed before its pipe is closed, or it would bite.
            let _ = shell.kill();
            let _ = shell.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;
    use std::time::Duration;

    fn sleeper() -> std::io::Result<Child> {
        Command::new("sleep").arg("30").spawn()
    }

    #[test]
    fn it_bites_when_the_pipe_closes() -> std::io::Result<()> {
        let mut server = sleeper()?;
        let mut watchdog = Watchdog::start(server.id());
        // What the system does when we die.
        drop(watchdog.shell.as_mut().and_then(|shell| shell.stdin.take()));
        // SIGQUIT, or SIGKILL where the tests run in the background of a shell:
        // it has its background jobs ignore the first, and they pass that on.
        let signal = server.wait()?.signal();
        assert!(matches!(signal, Some(3 | 9)), "{signal:?}");
        Ok(())
    }

    #[test]
    fn it_is_called_off() -> std::io::Result<()> {
        let mut server = sleeper()?;
        drop(Watchdog::start(server.id()));
        std::thread::sleep(Duration::from_millis(50));
        assert!(server.try_wait()?.is_none());
        server.kill()?;
        server.wait()?;
        Ok(())
    }
}
