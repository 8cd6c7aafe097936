//! `schemacast completions` and `schemacast man`.

use clap::CommandFactory;

use super::print::Printer;
use super::{Args, Error, Verdict};

pub fn completions(shell: clap_complete::Shell, printer: &mut Printer) -> Result<Verdict, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "schemacast", &mut script);
    printer.document(&String::from_utf8_lossy(&script))?;
    Ok(Verdict::Yes)
}

pub fn man(printer: &mut Printer) -> Result<Verdict, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    printer.document(&String::from_utf8_lossy(&page))?;
    Ok(Verdict::Yes)
}
