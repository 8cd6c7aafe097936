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
//! What a piece repeats is read once: `reduction`.

mod reduction;

use proc_macro2::extra::invalidate_current_thread_spans;

use reduction::Reduction;

/// What the parser refuses, a line each, with line and column (both from 1);
/// none when it accepts the text.
pub fn faults(text: &str) -> Vec<String> {
    let mut reduction = Reduction::default();
    if pieces(text).enumerate().all(|(at, piece)| is_items(&reduction.reduce(piece), at == 0)) {
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

/// Whether a piece is a list of items. What is of the file as a whole, its
/// inner attributes and a `#!` line, stands in the first piece alone.
fn is_items(piece: &str, is_first: bool) -> bool {
    let is_items = syn::parse_file(piece).is_ok_and(|file| {
        is_first || file.attrs.is_empty() && file.shebang.is_none() && !piece.starts_with('\u{feff}')
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_rust_and_says_where_it_is_none() {
        assert_eq!(faults("pub struct User { pub id: i64 }\n"), Vec::<String>::new());
        let faults = faults("pub struct User {\n    pub type: i64,\n}\n");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("2:9: "), "{faults:?}");
    }

    #[test]
    fn a_long_text_is_read_in_pieces_and_refused_with_its_true_place() {
        let item = |at: usize| format!("/// Ä text.\npub struct S{at} {{\n    pub a: i64,\n}}\n");
        let text: String = (0..4000).map(item).collect();
        assert!(pieces(&text).count() > 3);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert_eq!(faults(&text), Vec::<String>::new());
        let line = text.lines().count() / 4 * 3 / 4 * 4 + 3;
        let broken: String = text
            .lines()
            .enumerate()
            .map(|(at, l)| if at + 1 == line { "    pub type: i64,\n".to_owned() } else { format!("{l}\n") })
            .collect();
        assert!(faults(&broken)[0].starts_with(&format!("{line}:9: ")), "{:?}", faults(&broken));
    }

    #[test]
    fn what_is_rust_in_pieces_alone_is_refused() {
        let items = "pub struct S {\n    pub a: i64,\n}\n".repeat(PIECE / 30);
        for behind in ["//! Of the file.\n", "#![allow(dead_code)]\n", "#!/usr/bin/env x\n", "\u{feff}struct T;\n"] {
            assert!(!faults(&format!("{items}{behind}")).is_empty(), "{behind}");
            assert_eq!(faults(&format!("{behind}{items}")), Vec::<String>::new(), "{behind}");
        }
        // A line that looks like an item's end may be of a text.
        let text = format!("{items}const T: &str = \"\n}}\n\";\n{items}");
        assert_eq!(faults(&text), Vec::<String>::new());
    }

    #[test]
    fn what_is_left_out_is_not_let_through() {
        for refused in [
            "struct S {\n    a: X,\n    /// Of nothing.\n}\n",
            "struct S {\n    a: X,\n    #[x]\n    #[y]\n}\n",
            "#[derive(Debug)]\n#[derive(]\nstruct S;\n",
            "/// A.\n/// B.\n",
            "/// A.\n/// a\rb\nstruct S;\n",
            "fn f() { let a =\n#[x]\n#[y]\n; }\n",
            "const A: &str = \"\n/// \" x;\n/// \";\n",
            "const A: &str = \"\\\n/// \" x;\n/// \";\n",
            "#[a] struct S { #[b]\nstruct T;\n",
        ] {
            assert!(!faults(refused).is_empty(), "{refused}");
            assert!(syn::parse_file(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn says_where_a_text_that_has_no_tokens_breaks_off() {
        assert_eq!(faults("fn f() { \"open\n").len(), 1);
    }
}
