//! Where words go: what was found to stdout, the rest to stderr.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Common, OutputFormat};

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

    /// A line on the way, for people.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub fn warning(&mut self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "warning: {text}");
    }

    pub fn error(&mut self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "error: {text}");
    }
}

/// A line for people, whether or not they asked for quiet.
pub(super) fn note(text: &str) {
    // Nobody is there to be told that telling failed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
