//! Views and materialised views, and what their columns have of their own.

use super::{Alter, Statement, column, text};
use crate::codegen::manifest::{Column, Kind, View};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::object::Relation;

/// CREATE VIEW or CREATE MATERIALIZED VIEW.
pub fn create(kind: Kind, schema: &str, view: &View) -> Statement {
    let name = qualified(schema, &view.name);
    if kind != Kind::MaterializedView {
        return Statement::new(format!("CREATE VIEW {name}{} AS\n{}", options(view), view.definition));
    }
    let method = view.access_method.as_deref().map(|method| format!(" USING {}", identifier(method)));
    let tablespace = view.tablespace.as_deref().map(|tablespace| format!(" TABLESPACE {}", identifier(tablespace)));
    let data = if view.not_populated { "WITH NO DATA" } else { "WITH DATA" };
    Statement::new(format!(
        "CREATE MATERIALIZED VIEW {name}{}{}{} AS\n{}\n{data}",
        method.unwrap_or_default(),
        options(view),
        tablespace.unwrap_or_default(),
        view.definition
    ))
}

fn options(view: &View) -> String {
    if view.options.is_empty() { String::new() } else { format!(" WITH ({})", text::options(&view.options)) }
}

/// DROP VIEW; what a materialised view holds can be computed again.
pub fn drop(kind: Kind, schema: &str, view: &View) -> Statement {
    let word = if kind == Kind::MaterializedView { "MATERIALIZED VIEW" } else { "VIEW" };
    Statement::new(format!("DROP {word} {}", qualified(schema, &view.name)))
}

/// How one attribute becomes another.
pub fn alter(kind: Kind, schema: &str, from: &View, to: &View, attribute: &str) -> Alter {
    let on = Relation { kind, schema, name: &to.name };
    let view = column::alter_table(&on);
    match attribute {
        "definition" if kind == Kind::MaterializedView || !may_replace(from, to) => Alter::Recreate,
        "definition" => {
            let name = qualified(schema, &to.name);
            Alter::by(format!("CREATE OR REPLACE VIEW {name}{} AS\n{}", options(to), to.definition))
        }
        "options" => {
            let parts = text::changed_options(&from.options, &to.options);
            Alter::InPlace(parts.iter().map(|part| Statement::new(format!("{view} {part}"))).collect())
        }
        "access_method" => {
            Alter::by(format!("{view} SET ACCESS METHOD {}", identifier(to.access_method.as_deref().unwrap_or("heap"))))
        }
        "tablespace" => {
            Alter::by(format!("{view} SET TABLESPACE {}", identifier(to.tablespace.as_deref().unwrap_or("pg_default"))))
        }
        "not_populated" => {
            let data = if to.not_populated { " WITH NO DATA" } else { "" };
            Alter::by(format!("REFRESH MATERIALIZED VIEW {}{data}", qualified(schema, &to.name)))
        }
        "cluster_on" => match to.cluster_on.as_deref() {
            Some(index) => Alter::by(format!("{view} CLUSTER ON {}", identifier(index))),
            None => Alter::by(format!("{view} SET WITHOUT CLUSTER")),
        },
        other => Alter::Impossible(format!("schemacast does not know how to change `{other}` of a view")),
    }
}

/// CREATE OR REPLACE VIEW may add columns behind those that there are, and
/// change none of them.
fn may_replace(from: &View, to: &View) -> bool {
    from.columns.len() <= to.columns.len()
        && from
            .columns
            .iter()
            .zip(&to.columns)
            .all(|(from, to)| from.name == to.name && from.type_name == to.type_name && from.collation == to.collation)
}

/// How one attribute of a view's column becomes another.
pub fn alter_column(on: &Relation<'_>, from: Option<&Column>, to: &Column, attribute: &str) -> Alter {
    let none = Column { name: to.name.clone(), ..Column::default() };
    column::alter(on, from.unwrap_or(&none), to, attribute)
}
