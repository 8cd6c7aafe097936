//! Primary keys, unique, foreign-key, check and exclusion constraints.

use super::Error;
use super::columns::Columns;
use super::indexes::Indexes;
use super::pipeline::{Answer, Query};
use super::relations::{self, Relations};
use crate::codegen::manifest::{Action, Check, Exclusion, ForeignKey, Key, Match, Reference};

pub(super) const CONSTRAINTS: Query = Query { what: "constraints", sql: include_str!("sql/constraints.sql") };

/// Gives every table its constraints, and takes the indexes behind them out of
/// the others: a key's index is the key.
pub(super) fn attach(
    answer: Answer,
    columns: &Columns,
    indexes: &mut Indexes,
    relations: &mut Relations,
) -> Result<(), Error> {
    let mut rows = answer.into_rows();
    while let Some(mut cells) = rows.next() {
        let oid: u32 = cells.take()?;
        let Some(relation) = relations.get_mut(&oid) else { continue };
        let table_name = relation.name().to_owned();
        let Some(table) = relation.table_parts() else { continue };
        let kind = cells.code()?;
        let name: String = cells.take()?;
        let deferrable: bool = cells.take()?;
        let initially_deferred: bool = cells.take()?;
        let not_valid = !cells.take::<bool>()?;
        let no_inherit: bool = cells.take()?;
        let key: Vec<i16> = cells.list()?;
        let index_oid: u32 = cells.take()?;
        let reference_schema: Option<String> = cells.take()?;
        let reference_table: Option<String> = cells.take()?;
        let reference_oid: u32 = cells.take()?;
        let reference_key: Vec<i16> = cells.list()?;
        let reference_names: Option<Vec<String>> = cells.take()?;
        let on_update = action(cells.code()?);
        let on_delete = action(cells.code()?);
        let match_type = match cells.code()? {
            'f' => Match::Full,
            'p' => Match::Partial,
            _ => Match::Simple,
        };
        let on_delete_key: Vec<i16> = cells.list()?;
        let printed: Option<String> = cells.take()?;
        let text = || printed.ok_or_else(|| Error::Changed(format!("the constraint {name} of {table_name}")));
        let temporal: bool = cells.take()?;
        let not_enforced: bool = cells.take()?;
        let inherited: bool = cells.take()?;
        let comment: Option<String> = cells.take()?;
        match kind {
            'p' | 'u' => {
                let index = indexes.take(index_oid);
                let key = Key {
                    name,
                    columns: columns.names(oid, &key)?,
                    include: index.include,
                    nulls_not_distinct: index.nulls_not_distinct,
                    without_overlaps: temporal,
                    deferrable,
                    initially_deferred,
                    options: index.options,
                    tablespace: index.tablespace,
                    comment: comment.into(),
                    index_comment: index.comment,
                    invalid: index.invalid,
                };
                match kind {
                    'p' => *table.primary_key = Some(key),
                    _ => relations::add(table.unique, key),
                }
            }
            'f' => {
                let references = Reference {
                    schema: reference_schema.unwrap_or_default(),
                    table: reference_table.unwrap_or_default(),
                    columns: match reference_names {
                        Some(names) => names,
                        None => columns.names(reference_oid, &reference_key)?,
                    },
                };
                let foreign_key = ForeignKey {
                    name,
                    columns: columns.names(oid, &key)?,
                    references,
                    on_update,
                    on_delete,
                    on_delete_columns: columns.names(oid, &on_delete_key)?.into(),
                    match_type,
                    period: temporal,
                    deferrable,
                    initially_deferred,
                    not_valid,
                    not_enforced,
                    comment: comment.into(),
                };
                relations::add(table.foreign_keys, foreign_key);
            }
            'c' => {
                let expression = text()?;
                let check = Check { name, expression, no_inherit, not_valid, not_enforced, comment, inherited };
                relations::add(table.checks, check);
            }
            'x' => {
                let index = indexes.take(index_oid);
                let definition = text()?;
                table.exclusions.push(Exclusion {
                    name,
                    definition,
                    comment,
                    tablespace: index.tablespace.into_inner(),
                    index_comment: index.comment.into_inner(),
                    invalid: index.invalid,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn action(code: char) -> Action {
    match code {
        'r' => Action::Restrict,
        'c' => Action::Cascade,
        'n' => Action::SetNull,
        'd' => Action::SetDefault,
        _ => Action::NoAction,
    }
}
