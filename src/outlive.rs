//! Processes that must not outlive this one, however it ends.
//!
//! A process of ours that is killed cannot stop what it started. Linux has the
//! parent's death signal, which reaches the process itself at once and none of
//! its own children. A [`Watchdog`] reaches a whole group, on every Unix, and
//! is one more process.

#[cfg(target_os = "linux")]
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

#[cfg(target_os = "linux")]
use rustix::process::Signal;

/// Has the system send the signal to what the command starts when the thread
/// that starts it ends, be it by `kill -9` of this process. That thread must
/// therefore wait for it.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "Command::pre_exec is unsafe")]
pub(crate) fn die_with_parent(command: &mut Command, signal: Signal) {
    use rustix::process::{Resource, Rlimit, getpid, getppid, set_parent_process_death_signal, setrlimit};
    let parent = getpid();
    let before_exec = move || {
        // It is set after the account was changed, which would clear it, and
        // outlives the exec of a program that is not set-uid.
        set_parent_process_death_signal(Some(signal))?;
        // A parent that died before the line above sent nothing.
        if getppid() != Some(parent) {
            return Err(io::Error::from(rustix::io::Errno::SRCH));
        }
        // SIGQUIT before a program handles it would leave a core file.
        if signal == Signal::QUIT {
            setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe functions may run.
    // The closure makes three system calls and allocates nothing: its errors
    // are made of error numbers.
    unsafe {
        command.pre_exec(before_exec);
    }
}

/// A shell that reads from a pipe that only we hold open: when we are gone,
/// however that came about, its read ends and it sends signals. Dropping it
/// calls it off.
#[derive(Debug)]
pub(crate) struct Watchdog {
    /// `None` where it could not be started: then what it would have watched
    /// is left behind by a kill, which is no reason not to run.
    shell: Option<Child>,
}

impl Watchdog {
    /// Sends SIGQUIT to the process, and two seconds later the signal that
    /// cannot be ignored.
    #[cfg(any(test, not(target_os = "linux")))]
    pub(crate) fn of_process(id: u32) -> Watchdog {
        Watchdog::start("read -r line; kill -s QUIT -- \"$0\" && sleep 2 && kill -s KILL -- \"$0\"", id.to_string())
    }

    /// Ends the process group that this process leads at once.
    pub(crate) fn of_group(leader: u32) -> Watchdog {
        Watchdog::start("read -r line; kill -s KILL -- \"$0\"", format!("-{leader}"))
    }

    /// `$0` of a script is the first argument after it.
    fn start(script: &str, whom: String) -> Watchdog {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).arg(whom);
        // In a group of its own: Ctrl-C, and the end of what it watches, must
        // not end it.
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
    use std::os::unix::process::ExitStatusExt as _;
    use std::time::Duration;

    use super::*;

    fn sleeper() -> std::io::Result<Child> {
        Command::new("sleep").arg("30").process_group(0).spawn()
    }

    /// What the system does when we die.
    fn orphan(watchdog: &mut Watchdog) {
        drop(watchdog.shell.as_mut().and_then(|shell| shell.stdin.take()));
    }

    #[test]
    fn it_bites_when_the_pipe_closes() -> std::io::Result<()> {
        let mut server = sleeper()?;
        let mut watchdog = Watchdog::of_process(server.id());
        orphan(&mut watchdog);
        // SIGQUIT, or SIGKILL where the tests run in the background of a shell:
        // it has its background jobs ignore the first, and they pass that on.
        let signal = server.wait()?.signal();
        assert!(matches!(signal, Some(3 | 9)), "{signal:?}");

        let mut leader = sleeper()?;
        let group = i32::try_from(leader.id()).map_err(std::io::Error::other)?;
        let mut member = Command::new("sleep").arg("30").process_group(group).spawn()?;
        let mut watchdog = Watchdog::of_group(leader.id());
        orphan(&mut watchdog);
        assert_eq!((leader.wait()?.signal(), member.wait()?.signal()), (Some(9), Some(9)));
        Ok(())
    }

    #[test]
    fn it_is_called_off() -> std::io::Result<()> {
        let mut server = sleeper()?;
        drop(Watchdog::of_process(server.id()));
        drop(Watchdog::of_group(server.id()));
        std::thread::sleep(Duration::from_millis(50));
        assert!(server.try_wait()?.is_none());
        server.kill()?;
        server.wait()?;
        Ok(())
    }
}
