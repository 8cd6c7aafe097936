//! Whom it is told what happens on the way.

use std::any::Any;

/// Takes what is worth knowing while something is done.
///
/// The command line prints it, an MCP server must not: its stdout is the
/// protocol.
pub trait Tell {
    /// A line on the way.
    fn note(&mut self, text: &str);

    /// Something that a person should look at.
    fn warning(&mut self, text: &str);

    /// Says that something takes long, until what comes back is dropped.
    fn busy(&mut self, _text: &str) -> Box<dyn Any> {
        Box::new(())
    }

    /// Takes lines from a place that cannot keep a reference: what is fetched
    /// and prepared once.
    fn rarely(&self) -> fn(&str) {
        |_| {}
    }
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Tell for Silence {
    fn note(&mut self, _text: &str) {}

    fn warning(&mut self, _text: &str) {}
}
