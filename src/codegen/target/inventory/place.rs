//! Where things are: the files of pages, and the anchors of columns on them.
//!
//! Each name here depends on its own object and on nothing else, not even on
//! what it would collide with: a name of lower-case letters, digits and `_` is
//! itself, and any other gets a mark of what it truly is. So no change
//! anywhere else in the schema moves a page, and no file system or browser
//! that takes `A` for `a` can bring two together.

use crate::codegen::names;

/// The index, below the project's folder.
pub const INDEX: &str = "SCHEMA_INVENTORY.md";

/// The folder of the pages, below the project's folder.
pub const FOLDER: &str = "inventory";

/// The longest that a part of a file's name is spelt: two of them, with marks,
/// stay below the 255 bytes of file systems.
const LONGEST: usize = 90;

/// Names that Windows gives to devices, with whatever ending.
const DEVICES: [&str; 22] = [
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Which document a link stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// SCHEMA_INVENTORY.md.
    Index,
    /// A page in `inventory/`.
    Page,
}

impl Place {
    /// A file of the project's folder, as a link from here names it.
    pub fn file(self, path: &str) -> String {
        match (self, path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'))) {
            (Place::Index, _) => path.to_owned(),
            (Place::Page, Some(sibling)) => sibling.to_owned(),
            (Place::Page, None) => format!("../{path}"),
        }
    }

    /// An anchor of the index, as a link from here names it.
    pub fn anchor(self, anchor: &str) -> String {
        match self {
            Place::Index => format!("#{anchor}"),
            Place::Page => format!("../{INDEX}#{anchor}"),
        }
    }
}

/// The page of a table or view, below the project's folder:
/// `inventory/crm.contacts.md`.
pub fn page(schema: &str, name: &str) -> String {
    format!("{FOLDER}/{}.{}.md", word(schema, !DEVICES.contains(&schema)), word(name, true))
}

/// The anchor of a column on its page: `col-email`.
pub fn column(name: &str) -> String {
    format!("col-{}", word(name, true))
}

/// A name as a word of `a` to `z`, digits and `_`, with a mark behind a `-`
/// where it had to change or `keep` is false.
fn word(name: &str, keep: bool) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if keep && !name.is_empty() && name.len() <= LONGEST && name.chars().all(plain) {
        return name.to_owned();
    }
    let spelt: String = names::ascii(name).to_lowercase().chars().filter(|c| plain(*c)).take(LONGEST).collect();
    format!("{spelt}-{}", names::mark(name, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_its_own_file() {
        assert_eq!(page("crm", "contacts"), "inventory/crm.contacts.md");
        assert_eq!(column("unique_id"), "col-unique_id");
        assert_eq!(Place::Page.file(&page("crm", "contacts")), "crm.contacts.md");
        assert_eq!(Place::Page.file("AMPLIFY_TYPES.graphql"), "../AMPLIFY_TYPES.graphql");
        assert_eq!(Place::Page.anchor("x"), "../SCHEMA_INVENTORY.md#x");
    }

    #[test]
    fn any_other_name_has_a_safe_file_of_its_own() {
        let long = "ü".repeat(400);
        let names = ["", ".", "..", "/etc/x", "A", "a b", "a-b", "con", "größe", "groesse-", "中", &long, "a\0"];
        let mut files: Vec<String> = names.iter().map(|name| page("s", name)).collect();
        files.extend(names.iter().map(|name| page(name, "t")));
        files.push(page("s.a", "b"));
        files.push(page("s", "a.b"));
        let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        for file in &files {
            let name = file.strip_prefix("inventory/").unwrap();
            assert!(name.chars().all(safe) && !name.starts_with('.') && name.len() < 255, "{file}");
            assert!(!DEVICES.contains(&name.split('.').next().unwrap()), "{file}");
        }
        let count = files.len();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), count, "two names share a file");
    }
}
