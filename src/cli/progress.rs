//! A spinner while something takes long: on a terminal, and only from half a
//! second on.

use std::io::{self, IsTerminal};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::print::Printer;

/// What is over sooner is not worth a line.
const PATIENCE: Duration = Duration::from_millis(500);

/// Does the work, with a spinner and `text` beside it where that takes long.
pub fn while_it_takes<T>(printer: &Printer, text: &str, work: impl FnOnce() -> T) -> T {
    if printer.is_quiet() || !io::stderr().is_terminal() || std::env::var_os("CI").is_some() {
        return work();
    }
    thread::scope(|scope| {
        let (done, is_done) = mpsc::channel::<()>();
        scope.spawn(move || {
            if is_done.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let spinner = ProgressBar::new_spinner().with_message(text.to_owned());
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                    spinner.set_style(style);
                }
                spinner.enable_steady_tick(Duration::from_millis(100));
                // It ends when the sender is dropped, by panic too.
                let _ = is_done.recv();
                spinner.finish_and_clear();
            }
        });
        let result = work();
        drop(done);
        result
    })
}
