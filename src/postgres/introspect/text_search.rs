//! Text search: parsers, templates, dictionaries and configurations.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::{
    Schema, TextSearchConfiguration, TextSearchDictionary, TextSearchMapping, TextSearchParser, TextSearchTemplate,
};

pub(super) const PARSERS: Query =
    Query { what: "text search parsers", sql: include_str!("sql/text_search_parsers.sql") };
pub(super) const TEMPLATES: Query =
    Query { what: "text search templates", sql: include_str!("sql/text_search_templates.sql") };
pub(super) const DICTIONARIES: Query =
    Query { what: "text search dictionaries", sql: include_str!("sql/text_search_dictionaries.sql") };
pub(super) const CONFIGURATIONS: Query =
    Query { what: "text search configurations", sql: include_str!("sql/text_search_configurations.sql") };
pub(super) const MAPPINGS: Query =
    Query { what: "text search mappings", sql: include_str!("sql/text_search_mappings.sql") };

/// The answers to the five queries.
pub(super) struct Answers<'a> {
    pub parsers: &'a Answer,
    pub templates: &'a Answer,
    pub dictionaries: &'a Answer,
    pub configurations: &'a Answer,
    pub mappings: &'a Answer,
}

pub(super) fn attach(answers: &Answers<'_>, schemas: &mut BTreeMap<u32, Schema>) -> Result<(), Error> {
    for mut cells in answers.parsers.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.text_search_parsers.push(TextSearchParser {
            name: cells.take()?,
            start: cells.take()?,
            get_token: cells.take()?,
            end: cells.take()?,
            headline: cells.take()?,
            lex_types: cells.take()?,
            comment: cells.take()?,
        });
    }
    for mut cells in answers.templates.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.text_search_templates.push(TextSearchTemplate {
            name: cells.take()?,
            init: cells.take()?,
            lexize: cells.take()?,
            comment: cells.take()?,
        });
    }
    for mut cells in answers.dictionaries.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.text_search_dictionaries.push(TextSearchDictionary {
            name: cells.take()?,
            template: cells.take()?,
            options: cells.take()?,
            comment: cells.take()?,
        });
    }
    let mut mappings = read_mappings(answers.mappings)?;
    for mut cells in answers.configurations.cells() {
        let mappings = mappings.remove(&cells.take()?).unwrap_or_default();
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.text_search_configurations.push(TextSearchConfiguration {
            name: cells.take()?,
            parser: cells.take()?,
            mappings,
            comment: cells.take()?,
        });
    }
    Ok(())
}

/// By the object number of the configuration.
fn read_mappings(answer: &Answer) -> Result<HashMap<u32, Vec<TextSearchMapping>>, Error> {
    let mut mappings: HashMap<u32, Vec<TextSearchMapping>> = HashMap::new();
    for mut cells in answer.cells() {
        let configuration: u32 = cells.take()?;
        let mapping = TextSearchMapping { token: cells.take()?, dictionaries: cells.list()? };
        mappings.entry(configuration).or_default().push(mapping);
    }
    Ok(mappings)
}
