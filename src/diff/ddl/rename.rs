//! ALTER … RENAME: offered where something is likely there under another name,
//! never planned.

use crate::codegen::manifest::Kind;
use crate::diff::plan::split_last;
use crate::diff::renames::Rename;

/// The statement that gives an object the name that it is expected to have;
/// `None` for a kind that Postgres does not rename, or that stays in no place.
pub fn rename(rename: &Rename) -> Option<String> {
    let (from, to) = (&rename.from.path, &rename.to.path);
    // A routine's types stand behind its name.
    let (_, new) = split_last(without_types(to))?;
    let (above, old) = split_last(from)?;
    let statement = match rename.from.kind {
        Kind::Column => format!("ALTER TABLE {above} RENAME COLUMN {old} TO {new}"),
        Kind::Attribute => format!("ALTER TYPE {above} RENAME ATTRIBUTE {old} TO {new}"),
        Kind::PrimaryKey | Kind::Unique | Kind::ForeignKey | Kind::Check | Kind::Exclusion => {
            format!("ALTER TABLE {above} RENAME CONSTRAINT {old} TO {new}")
        }
        Kind::DomainCheck => format!("ALTER DOMAIN {above} RENAME CONSTRAINT {old} TO {new}"),
        Kind::Policy => format!("ALTER POLICY {old} ON {above} RENAME TO {new}"),
        // An index is in its table's schema, and its path has the table in it.
        Kind::Index => {
            let (schema, _) = split_last(above)?;
            format!("ALTER INDEX {schema}.{old} RENAME TO {new}")
        }
        kind => format!("ALTER {} {from} RENAME TO {new}", word(kind)?),
    };
    Some(statement)
}

/// What SQL calls a kind whose objects are renamed by their own name.
fn word(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Table | Kind::Partition => "TABLE",
        Kind::ForeignTable => "FOREIGN TABLE",
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        Kind::Function | Kind::WindowFunction => "FUNCTION",
        Kind::Procedure => "PROCEDURE",
        Kind::Enum | Kind::Range | Kind::Composite => "TYPE",
        Kind::Domain => "DOMAIN",
        Kind::Sequence => "SEQUENCE",
        Kind::Collation => "COLLATION",
        Kind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        Kind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        _ => return None,
    })
}

/// A path up to the bracket that a routine's types stand in.
fn without_types(path: &str) -> &str {
    let mut quoted = false;
    let end = path.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '(' && !quoted
    });
    end.map_or(path, |(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::ObjectId;

    fn said(kind: Kind, from: &str, to: &str) -> Option<String> {
        let id = |path: &str| ObjectId { kind, path: path.to_owned() };
        rename(&Rename { from: id(from), to: id(to) })
    }

    #[test]
    fn each_kind_is_renamed_as_postgres_has_it() {
        for (kind, from, to, expected) in [
            (Kind::Table, "crm.a", "crm.\"B c\"", "ALTER TABLE crm.a RENAME TO \"B c\""),
            (Kind::Column, "crm.\"T.t\".a", "crm.\"T.t\".b", "ALTER TABLE crm.\"T.t\" RENAME COLUMN a TO b"),
            (Kind::Check, "crm.t.a", "crm.t.b", "ALTER TABLE crm.t RENAME CONSTRAINT a TO b"),
            (Kind::Index, "crm.t.a", "crm.t.b", "ALTER INDEX crm.a RENAME TO b"),
            (Kind::Policy, "crm.t.a", "crm.t.b", "ALTER POLICY a ON crm.t RENAME TO b"),
            (
                Kind::Function,
                "crm.a(numeric, \"x.y\".z)",
                "crm.\"b(\"(numeric, \"x.y\".z)",
                "ALTER FUNCTION crm.a(numeric, \"x.y\".z) RENAME TO \"b(\"",
            ),
        ] {
            assert_eq!(said(kind, from, to).as_deref(), Some(expected));
        }
        assert_eq!(said(Kind::Cast, "(a.b AS text)", "(a.c AS text)"), None);
    }
}
