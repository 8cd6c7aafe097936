//! The check of Rust source: syn, a piece of a file at a time.
//!
//! A syntax tree is many times its text, and a large schema's is a file of
//! megabytes. A file is a list of items (Rust Reference, "Crates and source
//! files"), so it is Rust where each part of a division of it is a list of
//! items: [`pieces`] parts it where an item seems to end, and only one piece's
//! tree is there at a time. A text of which a piece is refused is read again as
//! a whole, whose faults have their true places; so no division of a text can
//! make it faulty.
//!
//! Of a piece, items of one shape are read once: `shape`.

use std::collections::HashSet;

use proc_macro2::extra::invalidate_current_thread_spans;

mod shape;
#[cfg(test)]
mod tests;

/// What the parser refuses, a line each, with line and column (both from 1);
/// none when it accepts the text.
pub fn faults(text: &str) -> Vec<String> {
    let mut accepted = Accepted::default();
    if pieces(text).enumerate().all(|(at, piece)| accepted.is_items(piece, at == 0)) {
        return Vec::new();
    }
    match syn::parse_file(text) {
        Ok(_) => Vec::new(),
        Err(error) => error
            .into_iter()
            .map(|fault| {
                let start = fault.span().start();
                format!("{}:{}: {fault}", start.line, start.column + 1)
            })
            .collect(),
    }
}

/// What the parser accepted so far.
#[derive(Default)]
struct Accepted {
    parts: shape::Parts,
    /// Shapes of lists of items.
    items: HashSet<String>,
}

impl Accepted {
    /// Whether a piece is a list of items: by the shapes of its parts, and by
    /// itself where it has none.
    fn is_items(&mut self, piece: &str, is_first: bool) -> bool {
        let Self { parts, items } = self;
        let mut is_first_part = is_first;
        let by_shape = parts.shapes(piece, |shape| {
            if std::mem::take(&mut is_first_part) {
                return is_items(shape, true);
            }
            let is_accepted = items.contains(shape) || is_items(shape, false);
            if is_accepted && !items.contains(shape) {
                items.insert(shape.to_owned());
            }
            is_accepted
        });
        by_shape.unwrap_or_else(|| is_items(piece, is_first))
    }
}

/// Whether a text is a list of items. What is of the file as a whole, its
/// inner attributes and a `#!` line, stands in the first piece alone.
fn is_items(text: &str, is_first: bool) -> bool {
    let is_items = syn::parse_file(text)
        .is_ok_and(|file| is_first || file.attrs.is_empty() && file.shebang.is_none() && !text.starts_with('\u{feff}'));
    // proc-macro2 keeps a copy of every text that it read, for its spans; here
    // nothing has one any more.
    invalidate_current_thread_spans();
    is_items
}

/// How long a piece is at least, in bytes: long enough that what a parse costs
/// once does not count, short enough for a tree of a few megabytes.
const PIECE: usize = 1 << 15;

/// The text in pieces, each up to a line that begins with a closing brace, as
/// the last line of an item does.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        // A character has four bytes at most.
        let behind = (PIECE..PIECE + 4).find_map(|at| rest.get(at..));
        let end = behind.and_then(|behind| behind.find("\n}\n").map(|at| rest.len() - behind.len() + at + 3));
        is_over = end.is_none_or(|end| end == rest.len());
        let (piece, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(piece)
    })
}
