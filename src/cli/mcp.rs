//! `schemacast mcp`: the tasks for agents, over stdin and stdout.

use super::args::{Common, Mcp};
use super::{Error, Verdict, print};
use crate::mcp::{Options, serve};

/// Serves one client. Stdout is the protocol's, so what there is to say goes to
/// stderr, and with `--quiet` nowhere.
pub fn run(common: &Common, verb: &Mcp) -> Result<Verdict, Error> {
    let log: fn(&str) = if common.quiet { |_| {} } else { print::note };
    // A wrong folder is said now, to the person, and not to an agent later.
    let layouts = common.workspace().layouts(&[])?;
    let names: Vec<&str> = layouts.iter().map(|layout| layout.name.as_str()).collect();
    let rights = if verb.allow_write { "may write" } else { "read-only" };
    log(&format!("schemacast {} serves {} ({rights})", env!("CARGO_PKG_VERSION"), names.join(", ")));
    serve(&Options { workspace: common.workspace(), allow_write: verb.allow_write, log })?;
    Ok(Verdict::Yes)
}
