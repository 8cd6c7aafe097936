//! Text search: parsers, templates, dictionaries and configurations.

use super::{Alter, Statement};
use crate::codegen::manifest::{
    TextSearchConfiguration, TextSearchDictionary, TextSearchMapping, TextSearchParser, TextSearchTemplate,
};
use crate::codegen::sql::{identifier as name, qualified};

/// CREATE TEXT SEARCH PARSER.
pub fn create_text_search_parser(schema: &str, parser: &TextSearchParser) -> Vec<Statement> {
    let headline = parser.headline.as_ref().map(|function| format!(", HEADLINE = {function}")).unwrap_or_default();
    vec![Statement::new(format!(
        "CREATE TEXT SEARCH PARSER {} (START = {}, GETTOKEN = {}, END = {}{headline}, LEXTYPES = {})",
        qualified(schema, &parser.name),
        parser.start,
        parser.get_token,
        parser.end,
        parser.lex_types
    ))]
}

/// DROP TEXT SEARCH PARSER.
pub fn drop_text_search_parser(schema: &str, parser: &TextSearchParser) -> Statement {
    Statement::new(format!("DROP TEXT SEARCH PARSER {}", qualified(schema, &parser.name)))
}

/// Postgres alters nothing of a parser but its name and schema.
pub fn alter_text_search_parser(
    _schema: &str,
    _from: &TextSearchParser,
    _to: &TextSearchParser,
    _attribute: &str,
) -> Alter {
    Alter::Recreate
}

/// CREATE TEXT SEARCH TEMPLATE.
pub fn create_text_search_template(schema: &str, template: &TextSearchTemplate) -> Vec<Statement> {
    let init = template.init.as_ref().map(|function| format!("INIT = {function}, ")).unwrap_or_default();
    let on = qualified(schema, &template.name);
    vec![Statement::new(format!("CREATE TEXT SEARCH TEMPLATE {on} ({init}LEXIZE = {})", template.lexize))]
}

/// DROP TEXT SEARCH TEMPLATE.
pub fn drop_text_search_template(schema: &str, template: &TextSearchTemplate) -> Statement {
    Statement::new(format!("DROP TEXT SEARCH TEMPLATE {}", qualified(schema, &template.name)))
}

/// Postgres alters nothing of a template but its name and schema.
pub fn alter_text_search_template(
    _schema: &str,
    _from: &TextSearchTemplate,
    _to: &TextSearchTemplate,
    _attribute: &str,
) -> Alter {
    Alter::Recreate
}

/// CREATE TEXT SEARCH DICTIONARY.
pub fn create_text_search_dictionary(schema: &str, dictionary: &TextSearchDictionary) -> Vec<Statement> {
    let options = dictionary.options.as_ref().map(|options| format!(", {options}")).unwrap_or_default();
    let on = qualified(schema, &dictionary.name);
    vec![Statement::new(format!("CREATE TEXT SEARCH DICTIONARY {on} (TEMPLATE = {}{options})", dictionary.template))]
}

/// DROP TEXT SEARCH DICTIONARY.
pub fn drop_text_search_dictionary(schema: &str, dictionary: &TextSearchDictionary) -> Statement {
    Statement::new(format!("DROP TEXT SEARCH DICTIONARY {}", qualified(schema, &dictionary.name)))
}

/// Options in place: those that are gone by their bare names, the new ones with
/// their values.
pub fn alter_text_search_dictionary(
    schema: &str,
    from: &TextSearchDictionary,
    to: &TextSearchDictionary,
    attribute: &str,
) -> Alter {
    if attribute != "options" {
        return Alter::Recreate;
    }
    let (before, after) = (options(from), options(to));
    // All are dropped first, so that those that stay are in the new order: the
    // server keeps them as one text, and the order is part of it.
    let mut changes: Vec<String> = before.iter().map(|option| option_name(option).to_owned()).collect();
    changes.extend(after.iter().map(|option| (*option).to_owned()));
    Alter::by(format!("ALTER TEXT SEARCH DICTIONARY {} ({})", qualified(schema, &to.name), changes.join(", ")))
}

/// The options, each as `name = 'value'`: parted at the commas outside quotes.
fn options(dictionary: &TextSearchDictionary) -> Vec<&str> {
    let Some(text) = dictionary.options.as_deref() else { return Vec::new() };
    let mut quote = None;
    let parts = text.split(|c| {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        c == ',' && quote.is_none()
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// What stands before the first equals sign outside quotes.
fn option_name(option: &str) -> &str {
    let mut quoted = false;
    let end = option.find(|c| {
        quoted ^= c == '"';
        c == '=' && !quoted
    });
    option.get(..end.unwrap_or(option.len())).unwrap_or(option).trim()
}

/// CREATE TEXT SEARCH CONFIGURATION with its mappings.
pub fn create_text_search_configuration(schema: &str, configuration: &TextSearchConfiguration) -> Vec<Statement> {
    let on = qualified(schema, &configuration.name);
    let parser = &configuration.parser;
    let mut statements = vec![Statement::new(format!("CREATE TEXT SEARCH CONFIGURATION {on} (PARSER = {parser})"))];
    statements.extend(configuration.mappings.iter().map(|mapping| map(&on, "ADD", mapping)));
    statements
}

/// DROP TEXT SEARCH CONFIGURATION.
pub fn drop_text_search_configuration(schema: &str, configuration: &TextSearchConfiguration) -> Statement {
    Statement::new(format!("DROP TEXT SEARCH CONFIGURATION {}", qualified(schema, &configuration.name)))
}

/// Mappings in place, token by token.
pub fn alter_text_search_configuration(
    schema: &str,
    from: &TextSearchConfiguration,
    to: &TextSearchConfiguration,
    attribute: &str,
) -> Alter {
    if attribute != "mappings" {
        return Alter::Recreate;
    }
    let on = qualified(schema, &to.name);
    let of = |configuration: &TextSearchConfiguration, token: &str| {
        configuration.mappings.iter().find(|mapping| mapping.token == token).cloned()
    };
    let gone = from.mappings.iter().filter(|mapping| of(to, &mapping.token).is_none());
    let drop = |mapping: &TextSearchMapping| {
        Statement::new(format!("ALTER TEXT SEARCH CONFIGURATION {on} DROP MAPPING FOR {}", name(&mapping.token)))
    };
    let mut statements: Vec<Statement> = gone.map(drop).collect();
    for mapping in &to.mappings {
        match of(from, &mapping.token) {
            None => statements.push(map(&on, "ADD", mapping)),
            Some(before) if before != *mapping => statements.push(map(&on, "ALTER", mapping)),
            Some(_) => {}
        }
    }
    Alter::InPlace(statements)
}

fn map(on: &str, verb: &str, mapping: &TextSearchMapping) -> Statement {
    let (token, dictionaries) = (name(&mapping.token), mapping.dictionaries.join(", "));
    Statement::new(format!("ALTER TEXT SEARCH CONFIGURATION {on} {verb} MAPPING FOR {token} WITH {dictionaries}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_parted_outside_quotes() {
        let text = "language = 'a, b', \"odd=,\" = 'it''s', n = 3";
        let dictionary = TextSearchDictionary { options: Some(text.to_owned()), ..TextSearchDictionary::default() };
        let parts = options(&dictionary);
        assert_eq!(parts, ["language = 'a, b'", "\"odd=,\" = 'it''s'", "n = 3"]);
        assert_eq!(parts.iter().map(|part| option_name(part)).collect::<Vec<_>>(), ["language", "\"odd=,\"", "n"]);
    }
}
