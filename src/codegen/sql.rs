//! Objects of the manifest as the SQL that a reader knows them by. It is for
//! reading: nothing runs it.

use crate::codegen::manifest::{
    Action, Argument, ArgumentMode, Command, ForeignKey, Identity, Index, IndexKey, Key, Match, Nulls, SequenceOptions,
};

/// A name, in double quotes where Postgres would not read it back without: as
/// the server's own `quote_ident` does it.
pub fn identifier(name: &str) -> String {
    let mut identifier = String::with_capacity(name.len() + 2);
    push_identifier(&mut identifier, name);
    identifier
}

fn push_identifier(text: &mut String, name: &str) {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let is_plain = name.bytes().next().is_some_and(is_letter)
        && name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit())
        // No keyword has a digit.
        && (name.bytes().any(|byte| byte.is_ascii_digit()) || KEYWORDS.binary_search(&name).is_err());
    if is_plain {
        text.push_str(name);
    } else {
        text.push('"');
        text.push_str(&name.replace('"', "\"\""));
        text.push('"');
    }
}

/// The keywords that are not a name everywhere without quotes, sorted:
/// `pg_get_keywords()` of server 18, less the unreserved ones. Older servers
/// have fewer.
#[rustfmt::skip]
const KEYWORDS: [&str; 164] = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
    "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce", "collate",
    "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract", "false", "fetch",
    "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping", "having", "ilike",
    "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is", "isnull", "join",
    "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
    "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading", "least", "left", "like",
    "limit", "localtime", "localtimestamp", "merge_action", "national", "natural", "nchar", "none", "normalize",
    "not", "notnull", "null", "nullif", "numeric", "offset", "on", "only", "or", "order", "out", "outer", "overlaps",
    "overlay", "placing", "position", "precision", "primary", "real", "references", "returning", "right", "row",
    "select", "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric", "system_user",
    "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union", "unique",
    "user", "using", "values", "varchar", "variadic", "verbose", "when", "where", "window", "with", "xmlattributes",
    "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot",
    "xmlserialize", "xmltable",
];

/// `schema.name`, each quoted where it must be.
pub fn qualified(schema: &str, name: &str) -> String {
    let mut qualified = String::with_capacity(schema.len() + name.len() + 5);
    push_identifier(&mut qualified, schema);
    qualified.push('.');
    push_identifier(&mut qualified, name);
    qualified
}

/// A dotted name as this version quotes it. Each server quotes its own
/// keywords, of which older ones have fewer: `s.json_table` of server 15 is
/// `s."json_table"` of server 17.
pub fn requoted(path: &str) -> String {
    let mut names = vec![String::new()];
    let mut quoted = false;
    let mut characters = path.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, names.last_mut()) {
            ('"', Some(name)) if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                name.push('"');
            }
            ('"', _) => quoted = !quoted,
            ('.', _) if !quoted => names.push(String::new()),
            (c, Some(name)) => name.push(c),
            (_, None) => {}
        }
    }
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(".")
}

/// `a, b`.
pub fn list(names: &[String]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

/// `PRIMARY KEY (a) INCLUDE (b) …`, or `UNIQUE …`.
pub fn key(key: &Key, kind: &str) -> String {
    let mut text = kind.to_owned();
    if key.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    let overlaps = if key.without_overlaps { " WITHOUT OVERLAPS" } else { "" };
    text.push_str(&format!(" ({}{overlaps})", list(&key.columns)));
    push_list(&mut text, "INCLUDE", &key.include);
    push_options(&mut text, &key.options);
    push_deferral(&mut text, key.deferrable, key.initially_deferred);
    text
}

/// `FOREIGN KEY (a) REFERENCES s.t(b) ON DELETE …`.
pub fn foreign_key(key: &ForeignKey) -> String {
    let to = &key.references;
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}({})",
        key_columns(&key.columns, key.period),
        qualified(&to.schema, &to.table),
        key_columns(&to.columns, key.period)
    );
    match key.match_type {
        Match::Simple => {}
        Match::Full => text.push_str(" MATCH FULL"),
        Match::Partial => text.push_str(" MATCH PARTIAL"),
    }
    if let Some(action) = action(key.on_update) {
        text.push_str(&format!(" ON UPDATE {action}"));
    }
    if let Some(action) = action(key.on_delete) {
        text.push_str(&format!(" ON DELETE {action}"));
        if !key.on_delete_columns.is_empty() {
            text.push_str(&format!(" ({})", list(&key.on_delete_columns)));
        }
    }
    push_deferral(&mut text, key.deferrable, key.initially_deferred);
    // What is not enforced is not valid either, and has no word for that.
    if key.not_enforced {
        text.push_str(" NOT ENFORCED");
    } else if key.not_valid {
        text.push_str(" NOT VALID");
    }
    text
}

/// `a, PERIOD b`: the last column of a key WITHOUT OVERLAPS is a period.
fn key_columns(columns: &[String], period: bool) -> String {
    match columns.split_last() {
        Some((last, [])) if period => format!("PERIOD {}", identifier(last)),
        Some((last, others)) if period => format!("{}, PERIOD {}", list(others), identifier(last)),
        _ => list(columns),
    }
}

/// What a foreign key does, where it is not the default.
pub fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

/// CREATE INDEX, as `pg_get_indexdef` prints it.
pub fn create_index(schema: &str, table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let (name, table) = (identifier(&index.name), qualified(schema, table));
    format!("CREATE {unique}INDEX {name} ON {table} USING {}", index_body(index))
}

/// `UNIQUE btree (a DESC, lower(b)) WHERE …`.
pub fn index(index: &Index) -> String {
    format!("{}{}", if index.unique { "UNIQUE " } else { "" }, index_body(index))
}

fn index_body(index: &Index) -> String {
    let mut text = String::new();
    let keys: Vec<String> = index.keys.iter().map(index_key).collect();
    text.push_str(&format!("{} ({})", identifier(index.method()), keys.join(", ")));
    push_list(&mut text, "INCLUDE", &index.include);
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    push_options(&mut text, &index.options);
    if let Some(tablespace) = index.tablespace.as_deref() {
        text.push_str(&format!(" TABLESPACE {}", identifier(tablespace)));
    }
    if let Some(predicate) = index.predicate.as_deref() {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

/// One key of an index with what it adds to its column.
pub fn index_key(key: &IndexKey) -> String {
    let mut text = match (&key.column, key.expression.as_deref()) {
        (Some(column), _) => identifier(column),
        (None, Some(expression)) => expression.to_owned(),
        (None, None) => String::new(),
    };
    if let Some(collation) = key.collation.as_deref() {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(operator_class) = key.operator_class.as_deref() {
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

/// `GENERATED ALWAYS AS IDENTITY (START WITH 10 …)`.
pub fn identity(identity: &Identity) -> String {
    let generation = match identity.generation {
        crate::codegen::manifest::Generation::Always => "ALWAYS",
        crate::codegen::manifest::Generation::ByDefault => "BY DEFAULT",
    };
    let mut text = format!("GENERATED {generation} AS IDENTITY");
    let options = sequence(&identity.options);
    if !options.is_empty() {
        text.push_str(&format!(" ({options})"));
    }
    text
}

/// The options of CREATE SEQUENCE; empty where all have their defaults.
pub fn sequence(options: &SequenceOptions) -> String {
    let mut parts = Vec::new();
    if let Some(type_name) = &options.type_name {
        parts.push(format!("AS {type_name}"));
    }
    let numbers = [
        ("START WITH", options.start),
        ("INCREMENT BY", options.increment),
        ("MINVALUE", options.minimum),
        ("MAXVALUE", options.maximum),
        ("CACHE", options.cache),
    ];
    parts.extend(numbers.iter().filter_map(|(word, number)| number.map(|number| format!("{word} {number}"))));
    if options.cycle {
        parts.push("CYCLE".to_owned());
    }
    parts.join(" ")
}

/// `VARIADIC names text[] DEFAULT …`.
pub fn argument(argument: &Argument) -> String {
    let mut parts = Vec::new();
    match argument.mode {
        ArgumentMode::In | ArgumentMode::Table => {}
        ArgumentMode::Out => parts.push("OUT".to_owned()),
        ArgumentMode::Inout => parts.push("INOUT".to_owned()),
        ArgumentMode::Variadic => parts.push("VARIADIC".to_owned()),
    }
    parts.extend(argument.name.as_deref().map(identifier));
    parts.push(argument.type_name.clone());
    if let Some(default) = &argument.default {
        parts.push(format!("DEFAULT {default}"));
    }
    parts.join(" ")
}

/// An expression in parentheses, which the server has printed or not.
pub fn parenthesised(expression: &str) -> String {
    let expression = expression.trim();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut closed_early = false;
    for (at, c) in expression.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                closed_early |= depth == 0 && at + 1 < expression.len();
            }
            (None, _) => {}
        }
    }
    let whole = expression.starts_with('(') && expression.ends_with(')') && !closed_early;
    if whole { expression.to_owned() } else { format!("({expression})") }
}

/// The command that a policy is for.
pub fn command(command: Command) -> &'static str {
    match command {
        Command::All => "ALL",
        Command::Select => "SELECT",
        Command::Insert => "INSERT",
        Command::Update => "UPDATE",
        Command::Delete => "DELETE",
    }
}

fn push_list(text: &mut String, word: &str, names: &[String]) {
    if !names.is_empty() {
        text.push_str(&format!(" {word} ({})", list(names)));
    }
}

fn push_options(text: &mut String, options: &[String]) {
    if !options.is_empty() {
        text.push_str(&format!(" WITH ({})", options.join(", ")));
    }
}

fn push_deferral(text: &mut String, deferrable: bool, initially_deferred: bool) {
    if deferrable {
        text.push_str(" DEFERRABLE");
    }
    if initially_deferred {
        text.push_str(" INITIALLY DEFERRED");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_again() {
        assert_eq!(requoted("s.json_table"), "s.\"json_table\"");
        assert_eq!(requoted("s.\"json_table\".\"a.\"\"b\""), "s.\"json_table\".\"a.\"\"b\"");
        assert_eq!(requoted("s.t"), "s.t");
    }

    #[test]
    fn prints_what_a_reader_knows() {
        assert_eq!(qualified("crm", "My \"T\""), "crm.\"My \"\"T\"\"\"");
        let unique: Key = serde_yaml::from_str("{columns: [a, B], nulls_not_distinct: true, include: [c]}").unwrap();
        assert_eq!(key(&unique, "UNIQUE"), "UNIQUE NULLS NOT DISTINCT (a, \"B\") INCLUDE (c)");
        let reference: ForeignKey = serde_yaml::from_str(
            "{columns: [a], references: {schema: s, table: t, columns: [id]}, on_delete: set_null, deferrable: true}",
        )
        .unwrap();
        assert_eq!(foreign_key(&reference), "FOREIGN KEY (a) REFERENCES s.t(id) ON DELETE SET NULL DEFERRABLE");
        let temporal: Key = serde_yaml::from_str("{columns: [a, b], without_overlaps: true}").unwrap();
        assert_eq!(key(&temporal, "PRIMARY KEY"), "PRIMARY KEY (a, b WITHOUT OVERLAPS)");
        let temporal: ForeignKey = serde_yaml::from_str(
            "{columns: [a, b], references: {schema: s, table: t, columns: [c, d]}, period: true, not_valid: true, \
             not_enforced: true}",
        )
        .unwrap();
        assert_eq!(foreign_key(&temporal), "FOREIGN KEY (a, PERIOD b) REFERENCES s.t(c, PERIOD d) NOT ENFORCED");
        let partial: Index = serde_yaml::from_str(
            "{name: i, unique: true, keys: [{column: a, descending: true}, {expression: lower(b)}], predicate: (c)}",
        )
        .unwrap();
        assert_eq!(index(&partial), "UNIQUE btree (a DESC, lower(b)) WHERE (c)");
        assert_eq!(
            create_index("crm", "T", &partial),
            "CREATE UNIQUE INDEX i ON crm.\"T\" USING btree (a DESC, lower(b)) WHERE (c)"
        );
        assert_eq!(parenthesised("((a) || ')')"), "((a) || ')')");
        assert_eq!(parenthesised("(a) || (b)"), "((a) || (b))");
        let numbers: Identity = serde_yaml::from_str("{generation: always, options: {start: 5}}").unwrap();
        assert_eq!(identity(&numbers), "GENERATED ALWAYS AS IDENTITY (START WITH 5)");
    }
}
