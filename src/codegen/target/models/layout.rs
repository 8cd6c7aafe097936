//! The layout of Rust source, as prettyplease would make it.
//!
//! prettyplease wants a syntax tree, and a tree of every row of a large schema
//! costs more than all else that is generated. Nearly all of that text is laid
//! out as its template has it, so [`Layout::lay_out`] goes by lines: it knows
//! the shapes of line that the templates of rows have, and asks prettyplease
//! for each attribute and each unusual type once. A chunk with any other line,
//! or with one that is too long to stay whole, goes to prettyplease as it is.
//! The two are compared over every case of the tests.

use std::collections::HashMap;

/// The longest line in bytes that prettyplease leaves whole (its `MARGIN`).
const WIDTH: usize = 89;

/// Lays chunks of a file out, each a few whole items, and remembers what it
/// asked prettyplease.
#[derive(Default)]
pub(super) struct Layout {
    /// By text, the lines of an attribute of an item and of one of a field;
    /// none: it is no Rust.
    attributes: [HashMap<String, Option<String>>; 2],
    /// Whether a type is written as prettyplease writes it.
    types: HashMap<String, bool>,
}

impl Layout {
    /// The chunk as prettyplease lays it out. What is no Rust stays as it is,
    /// for the check of the artifact to refuse with its place.
    pub fn formatted(&mut self, chunk: &str) -> String {
        self.lay_out(chunk).unwrap_or_else(|| match syn::parse_file(chunk) {
            Ok(file) => prettyplease::unparse(&file),
            Err(_) => chunk.to_owned(),
        })
    }

    /// The same, line by line; `None` for a chunk that has a line of a shape
    /// that is not known here.
    pub(super) fn lay_out(&mut self, chunk: &str) -> Option<String> {
        let mut laid = String::with_capacity(chunk.len());
        let mut lines = chunk.lines().filter(|line| !line.trim_start().is_empty());
        while let Some(line) = lines.next() {
            let text = line.trim_start();
            let indent = line.len() - text.len();
            if text.contains('\r') {
                return None;
            }
            if is_doc(text) {
                laid.push_str(line.trim_end_matches(' '));
            } else if text.starts_with("#[") {
                laid.push_str(self.attribute(indent, text)?);
                continue;
            } else if let Some((head, list)) = text.strip_suffix("];").and_then(|text| text.split_once("&[")) {
                push_list(&mut laid, indent, head, list);
            } else if text == "Ok(Self {" {
                laid.push_str(line);
                laid.push('\n');
                lay_out_fields(&mut laid, &mut lines)?;
            } else if let Some(head) = text.strip_suffix('(').filter(|_| text.starts_with("pub struct ")) {
                let inner = lines.next()?.trim_start().strip_suffix(',')?;
                let whole = format!("{head}({inner});");
                let is_plain = lines.next()? == ");" && self.has_plain_type(inner.strip_prefix("pub ")?);
                if !is_plain || whole.len() > WIDTH {
                    return None;
                }
                laid.push_str(&whole);
            } else if line.len() > WIDTH && indent == 4 && is_field(text) {
                laid.push_str(&laid_in_struct(text)?);
                continue;
            } else if self.stays(text) && (line.len() <= WIDTH || is_text_const(text)) {
                // What has nothing in it is closed on its line.
                if text == "}" && laid.ends_with("{\n") {
                    laid.pop();
                }
                laid.push_str(if laid.ends_with('{') { text } else { line });
            } else {
                return None;
            }
            laid.push('\n');
        }
        Some(laid)
    }

    /// Whether a line stands as its template has it, unless it is too long.
    fn stays(&mut self, text: &str) -> bool {
        if matches!(text, "}" | "Self(value)" | "self.0.fmt(f)")
            || text == "fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {"
            || text == "pub fn from_row(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {"
            || is_text_const(text)
        {
            return true;
        }
        if let Some(name) = text.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            return is_ident(name);
        }
        if let Some(rest) = text.strip_prefix("impl ").and_then(|rest| rest.strip_suffix(" {")) {
            return match rest.split_once(" for ") {
                None => is_ident(rest),
                Some(("std::fmt::Display", name)) => is_ident(name),
                Some((from, name)) => {
                    let inner = from.strip_prefix("From<").and_then(|from| from.strip_suffix('>'));
                    is_ident(name) && inner.is_some_and(|inner| self.has_plain_type(inner))
                }
            };
        }
        if let Some(value) = text.strip_prefix("fn from(value: ").and_then(|rest| rest.strip_suffix(") -> Self {")) {
            return self.has_plain_type(value);
        }
        let field = text.strip_prefix("pub ").and_then(|rest| rest.strip_suffix(',')).and_then(|f| f.split_once(": "));
        field.is_some_and(|(name, type_path)| is_ident(name) && self.has_plain_type(type_path))
    }

    /// An attribute's lines, each with its line break. prettyplease breaks it
    /// by how far it is indented and by nothing else.
    fn attribute(&mut self, indent: usize, text: &str) -> Option<&str> {
        let known = self.attributes.get_mut(match indent {
            0 => 0,
            4 => 1,
            _ => return None,
        })?;
        if !known.contains_key(text) {
            known.insert(text.to_owned(), laid_attribute(indent, text));
        }
        known.get(text)?.as_deref()
    }

    /// Whether prettyplease would write a type of that text so, where there is
    /// room for it.
    fn has_plain_type(&mut self, text: &str) -> bool {
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'<' | b'>'))
            && !text.contains("::<")
        {
            return true;
        }
        if let Some(known) = self.types.get(text) {
            return *known;
        }
        let whole = format!("type X = {text};\n");
        let is_plain = syn::parse_file(&whole).is_ok_and(|file| prettyplease::unparse(&file) == whole);
        self.types.insert(text.to_owned(), is_plain);
        is_plain
    }
}

/// What prettyplease makes of an attribute of an item, or of an indented one of
/// a field; `None` where it is no Rust.
fn laid_attribute(indent: usize, text: &str) -> Option<String> {
    if indent == 0 {
        let file = syn::parse_file(&format!("{text}\nstruct X;\n")).ok()?;
        return Some(prettyplease::unparse(&file).strip_suffix("struct X;\n")?.to_owned());
    }
    laid_in_struct(text)
}

/// What prettyplease makes of a field, or of an attribute of the next one: each
/// stands on lines of its own, whatever is around it.
fn laid_in_struct(text: &str) -> Option<String> {
    let file = syn::parse_file(&format!("struct X {{\n{text}\nx: X,\n}}\n")).ok()?;
    let laid = prettyplease::unparse(&file);
    Some(laid.strip_prefix("struct X {\n")?.strip_suffix("    x: X,\n}\n")?.to_owned())
}

fn is_field(text: &str) -> bool {
    let field = text.strip_prefix("pub ").and_then(|rest| rest.strip_suffix(',')).and_then(|f| f.split_once(": "));
    field.is_some_and(|(name, _)| is_ident(name))
}

/// A doc comment: a fourth slash would make it a plain one, which is dropped.
fn is_doc(text: &str) -> bool {
    text.starts_with("//!") || text.starts_with("///") && !text.starts_with("////")
}

fn is_ident(text: &str) -> bool {
    let name = text.strip_prefix("r#").unwrap_or(text);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A const of one text, which nothing breaks however long it is.
fn is_text_const(text: &str) -> bool {
    text.starts_with("pub const ") && text.contains(": &'static str = \"") && text.ends_with("\";")
}

/// A const of a list of texts: on one line where there is room, else a line
/// for each. Within a literal a backslash stands before each quote, so `", "`
/// is between two of them.
fn push_list(laid: &mut String, indent: usize, head: &str, list: &str) {
    let list = list.strip_suffix(", ").unwrap_or(list);
    let margin = " ".repeat(indent);
    if indent + head.len() + "&[".len() + list.len() + "];".len() <= WIDTH {
        laid.extend([&margin, head, "&[", list, "];"]);
        return;
    }
    laid.extend([&margin, head, "&[\n"]);
    let mut rest = list;
    while let Some(at) = rest.find("\", \"") {
        laid.extend([&margin, "    ", &rest[..=at], ",\n"]);
        rest = &rest[at + 3..];
    }
    laid.extend([&margin, "    ", rest, ",\n", &margin, "];"]);
}

/// The fields of a row that is read, to the end of the expression. One alone
/// might stand on its line.
fn lay_out_fields<'t>(laid: &mut String, lines: &mut impl Iterator<Item = &'t str>) -> Option<()> {
    for (count, line) in lines.enumerate() {
        if line.trim_start() == "})" {
            laid.push_str(line);
            return (count > 1).then_some(());
        }
        let (name, read) = line.trim_start().split_once(": ")?;
        let is_read = read.starts_with("row.try_get(\"") && read.ends_with("\")?,");
        if !is_ident(name) || !is_read || line.len() > WIDTH {
            return None;
        }
        laid.extend([line, "\n"]);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Layout;

    fn reference(chunk: &str) -> String {
        prettyplease::unparse(&syn::parse_file(chunk).unwrap())
    }

    /// A row whose names have that many letters, as the templates write it.
    fn row(letters: usize, columns: usize) -> String {
        let name = |at: usize| format!("{}{at}", "n".repeat(letters));
        let fields: String = (0..columns)
            .map(|at| {
                let name = name(at);
                format!(
                    "    /// `{name}`.  \n    #[cfg_attr(feature = \"serde\", serde(rename = \"{name}\"))]\n    \
                     pub {name}: Option<super::Id{name}>,\n"
                )
            })
            .collect();
        let keys: String = (0..columns).map(|at| format!("\"{}\", ", name(at))).collect();
        let reads: String =
            (0..columns).map(|at| format!("            {n}: row.try_get(\"{n}\")?,\n", n = name(at))).collect();
        let ident = format!("R{}", "r".repeat(letters));
        format!(
            "\n/// A row.\n#[derive(Debug, Clone)]\npub struct {ident} {{\n{fields}}}\n\nimpl {ident} {{\n    \
             pub const COLUMNS: &'static [&'static str] = &[{keys}];\n    \
             pub const SELECT: &'static str = \"{}\";\n}}\n\n#[cfg(feature = \"tokio-postgres\")]\nimpl {ident} {{\n    \
             pub fn from_row(row: &tokio_postgres::Row) -> Result<Self, tokio_postgres::Error> {{\n        \n        \
             Ok(Self {{\n{reads}            \n        }})\n    }}\n}}\n\npub struct {ident}Id(\n    pub {ident},\n);\n\n\
             impl From<{ident}> for {ident}Id {{\n    fn from(value: {ident}) -> Self {{\n        Self(value)\n    }}\n}}\n",
            "x".repeat(200)
        )
    }

    #[test]
    fn it_lays_out_what_prettyplease_does_whatever_the_width() {
        let mut layout = Layout::default();
        for letters in 1..90 {
            for columns in [0, 1, 2, 3, 9] {
                let chunk = row(letters, columns);
                let expected = reference(&chunk);
                assert_eq!(layout.formatted(&chunk), expected, "{letters} letters, {columns} columns");
            }
        }
        for letters in 1..15 {
            assert!(layout.lay_out(&row(letters, 9)).is_some(), "a usual row needs no syntax tree");
        }
        for letters in 1..90 {
            let field =
                format!("Option<Option<super::super::support::Range<Vec<Option<a::{}>>>>>", "T".repeat(letters));
            let chunk =
                format!("pub struct X {{\n    /// A.\n    pub a: {field},\n    #[b]\n    pub b: {field},\n}}\n");
            assert_eq!(layout.lay_out(&chunk), Some(reference(&chunk)), "{field}");
        }
    }

    #[test]
    fn lists_are_parted_between_literals() {
        let list = r#""a, \"b\", \\", "\", \"", "c \\\"", "\\""#;
        for filler in 1..80 {
            let chunk = format!(
                "impl X {{\n    pub const COLUMNS: &'static [&'static str] = &[{list}, \"{}\", ];\n}}\n",
                "x".repeat(filler)
            );
            assert_eq!(Layout::default().lay_out(&chunk), Some(reference(&chunk)));
        }
    }

    #[test]
    fn types_of_ones_own_are_written_as_prettyplease_writes_them() {
        for path in
            ["std::collections::HashMap<String,u8>", "[f32;3]", "[f32; 3]", "(f64, f64)", "Vec::<u8>", "&'static str"]
        {
            let chunk = format!("pub struct X {{\n    pub x: {path},\n}}\n");
            assert_eq!(Layout::default().formatted(&chunk), reference(&chunk), "{path}");
        }
    }

    #[test]
    fn what_is_no_rust_stays_as_it_is() {
        let chunk = "pub struct X {\n    pub type: i64,\n    pub: ,\n}\n";
        assert_eq!(Layout::default().formatted(chunk), chunk);
    }
}
