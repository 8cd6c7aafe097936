//! Where words go: what was found to stdout, the rest to stderr.

use std::any::Any;
use std::io::{self, Write};

use serde::Serialize;

use super::args::{Common, OutputFormat};
use super::progress::Spinner;
use crate::workspace::Tell;

/// The two outputs, and whether the one is JSON and the other quiet.
pub(super) struct Printer {
    output: OutputFormat,
    quiet: bool,
}

impl Printer {
    pub fn new(common: &Common) -> Self {
        Self { output: common.output, quiet: common.quiet }
    }

    /// Text that the user asked for, as it is: a document, not a message.
    pub fn document(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// The verb's result: the JSON of `value`, or `text`.
    pub fn result<T: Serialize>(&mut self, value: &T, text: &str) -> io::Result<()> {
        match self.output {
            OutputFormat::Text => self.document(text),
            OutputFormat::Json => {
                let mut json = serde_json::to_string_pretty(value)?;
                json.push('\n');
                self.document(&json)
            }
        }
    }

    /// One line of JSON, whatever the output is.
    pub fn line<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        let mut json = serde_json::to_string(value)?;
        json.push('\n');
        self.document(&json)
    }

    pub fn error(&mut self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "error: {text}");
    }
}

impl Tell for Printer {
    fn note(&mut self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }

    fn warning(&mut self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "warning: {text}");
    }

    fn busy(&mut self, text: &str) -> Box<dyn Any> {
        Box::new(if self.quiet { None } else { Spinner::start(text) })
    }

    fn rarely(&self) -> fn(&str) {
        if self.quiet { |_| {} } else { note }
    }
}

/// What the reader of the arguments says, which ends its own lines.
pub(super) fn usage(text: &str) {
    let _ = write!(io::stderr().lock(), "{text}");
}

/// A line for people, whether or not they asked for quiet.
pub(super) fn note(text: &str) {
    // Nobody is there to be told that telling failed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
