//! A spinner while something takes long: on a terminal, and only from half a
//! second on.

use std::io::{self, IsTerminal};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// What is over sooner is not worth a line.
const PATIENCE: Duration = Duration::from_millis(500);

/// It ends when it is dropped, by a panic too.
pub struct Spinner {
    /// Dropped to say that it is over.
    over: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Spinner {
    /// Spins with `text` beside it, where somebody may be looking.
    pub fn start(text: &str) -> Option<Spinner> {
        if !io::stderr().is_terminal() || std::env::var_os("CI").is_some() {
            return None;
        }
        let (over, is_over) = mpsc::channel::<()>();
        let text = text.to_owned();
        let spin = move || {
            if is_over.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let spinner = ProgressBar::new_spinner().with_message(text);
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                    spinner.set_style(style);
                }
                spinner.enable_steady_tick(Duration::from_millis(100));
                let _ = is_over.recv();
                spinner.finish_and_clear();
            }
        };
        // Without a thread there is no spinner, and the work goes on.
        let thread = thread::Builder::new().spawn(spin).ok()?;
        Some(Spinner { over: Some(over), thread: Some(thread) })
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.over.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
