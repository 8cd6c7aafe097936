//! The SQL that a person would look for, as the text of a `definition` or
//! `source`. It is for reading; nothing runs it.

use crate::codegen::manifest::{Action, ForeignKey, Index, IndexKey, Nulls};

/// An identifier as SQL spells it: quoted unless it is plain lower case.
pub fn identifier(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

/// CREATE INDEX, as `pg_get_indexdef` prints it.
pub fn create_index(schema: &str, table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys: Vec<String> = index.keys.iter().map(index_key).collect();
    let mut text = format!(
        "CREATE {unique}INDEX {} ON {}.{} USING {} ({})",
        identifier(&index.name),
        identifier(schema),
        identifier(table),
        identifier(index.method()),
        keys.join(", ")
    );
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", list(&index.include)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

fn index_key(key: &IndexKey) -> String {
    let mut text = match (&key.column, &key.expression) {
        (Some(column), _) => identifier(column),
        (None, Some(expression)) => format!("({expression})"),
        (None, None) => String::new(),
    };
    if let Some(collation) = &key.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(operator_class) = &key.operator_class {
        text.push_str(&format!(" {operator_class}"));
    }
    if key.descending {
        text.push_str(" DESC");
    }
    match key.nulls {
        Some(Nulls::First) => text.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => text.push_str(" NULLS LAST"),
        None => {}
    }
    text
}

/// FOREIGN KEY, as `pg_get_constraintdef` prints it.
pub fn foreign_key(key: &ForeignKey) -> String {
    let references = &key.references;
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}.{}",
        list(&key.columns),
        identifier(&references.schema),
        identifier(&references.table)
    );
    if !references.columns.is_empty() {
        text.push_str(&format!("({})", list(&references.columns)));
    }
    let action = match key.on_delete {
        Action::NoAction => "",
        Action::Restrict => " ON DELETE RESTRICT",
        Action::Cascade => " ON DELETE CASCADE",
        Action::SetNull => " ON DELETE SET NULL",
        Action::SetDefault => " ON DELETE SET DEFAULT",
    };
    text.push_str(action);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_was_declared() {
        let index = Index {
            name: "Odd".into(),
            method: Some("gin".into()),
            unique: true,
            keys: vec![
                IndexKey {
                    column: Some("a".into()),
                    descending: true,
                    nulls: Some(Nulls::Last),
                    ..IndexKey::default()
                },
                IndexKey {
                    expression: Some("lower(b)".into()),
                    operator_class: Some("text_ops".into()),
                    ..IndexKey::default()
                },
            ],
            include: vec!["c d".into()],
            predicate: Some("(a > 0)".into()),
            ..Index::default()
        };
        assert_eq!(
            create_index("crm", "t", &index),
            "CREATE UNIQUE INDEX \"Odd\" ON crm.t USING gin (a DESC NULLS LAST, (lower(b)) text_ops) INCLUDE (\"c d\") \
             WHERE (a > 0)"
        );
    }
}
