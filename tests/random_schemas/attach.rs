//! What hangs on tables and views, and what is said of any object.

use crate::relations::{condition, expression, row_condition};
use crate::rng::Rng;
use crate::world::*;

const TABLES: [What; 2] = [What::Table, What::Partition];

/// See [`crate::make::make`].
pub fn make(rng: &mut Rng, world: &mut World, what: What, old: Option<&Piece>) -> Option<Piece> {
    let relations: &[What] = match what {
        What::Trigger | What::Rule => &[What::Table, What::Partition, What::Table, What::View],
        What::ViewIndex => &[What::MaterializedView],
        What::Comment | What::Grant | What::Publication => return said(rng, world, what, old),
        _ => &TABLES,
    };
    let relation = match old.and_then(|old| old.on.clone()) {
        Some(on) => world.get(&on)?.clone(),
        None => world.any(rng, relations)?.clone(),
    };
    let on = relation.name.clone();
    let columns = relation.columns().to_vec();
    // Named in the relation, or in its schema.
    let own = match old {
        Some(old) => last(&old.name).to_owned(),
        None => world.plain_name(rng, "k"),
    };
    let piece = |sql: Vec<String>| Piece::new(what, &format!("{}.{own}", schema_of(&on)), sql).on(&on);
    Some(match what {
        What::Owner => {
            let sequence = world.any(rng, &[What::Sequence])?.name.clone();
            let column = &rng.one(&columns)?.name;
            Piece::new(what, &sequence, vec![format!("ALTER SEQUENCE {sequence} OWNED BY {on}.{column}")]).on(&on)
        }
        What::Key => {
            let names = key_columns(rng, &columns);
            let kind = rng.pick(&["PRIMARY KEY", "PRIMARY KEY", "UNIQUE", "UNIQUE NULLS NOT DISTINCT"]);
            let include = match rng.percent(12) {
                true => format!(" INCLUDE ({})", rng.one(&columns)?.name),
                false => String::new(),
            };
            let tail =
                rng.pick(&["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED", " WITH (fillfactor = 60)"]);
            // The server chooses a name for some.
            let named = if rng.percent(50) { format!("CONSTRAINT {own} ") } else { String::new() };
            let mut all = vec![format!("ALTER TABLE {on} ADD {named}{kind} ({}){include}{tail}", names.join(", "))];
            if !named.is_empty() {
                let name = format!("{}.{own}", schema_of(&on));
                all.push(match rng.below(8) {
                    0 => format!("ALTER TABLE {on} REPLICA IDENTITY USING INDEX {own}"),
                    1 => format!("ALTER TABLE {on} CLUSTER ON {own}"),
                    2 => format!("COMMENT ON CONSTRAINT {own} ON {on} IS 'key'"),
                    3 => format!("COMMENT ON INDEX {name} IS 'index of a key'"),
                    _ => String::new(),
                });
            }
            piece(all)
        }
        What::Constraint if rng.percent(15) => {
            let column = rng.one(&columns)?;
            let sql = match column.class {
                Class::Range => format!("EXCLUDE USING gist ({} WITH &&)", column.name),
                _ => format!("EXCLUDE ({} WITH =) WHERE ({})", column.name, row_condition(rng, world, &columns, "")?),
            };
            piece(vec![format!("ALTER TABLE {on} ADD CONSTRAINT {own} {sql}")])
        }
        What::Constraint => {
            let condition = row_condition(rng, world, &columns, "")?;
            let tail = rng.pick(&["", "", "", " NOT VALID", " NO INHERIT"]);
            let mut all = vec![format!("ALTER TABLE {on} ADD CONSTRAINT {own} CHECK ({condition}){tail}")];
            all.push(rng.maybe(15, &format!("COMMENT ON CONSTRAINT {own} ON {on} IS 'check'")));
            piece(all)
        }
        What::Index | What::ViewIndex => piece(index(rng, world, &on, &own, &columns)?),
        What::ForeignKey => {
            let target = world.any(rng, &TABLES)?.clone();
            let pairs =
                world.of(&[What::Key]).into_iter().filter(|key| key.on.as_deref() == Some(&target.name)).count();
            let there = match rng.percent(70) || pairs == 0 {
                true => target.columns().iter().find(|column| column.name == "id")?,
                false => rng.one(target.columns())?,
            };
            let same: Vec<&Column> = columns.iter().filter(|column| column.class == there.class).collect();
            let here = rng.one(&same)?;
            let tail = rng.pick(&[
                "",
                "",
                " ON DELETE CASCADE",
                " ON DELETE SET NULL ON UPDATE RESTRICT",
                " MATCH FULL",
                " DEFERRABLE INITIALLY DEFERRED",
                " NOT VALID",
                " ON DELETE SET DEFAULT",
            ]);
            let sql = format!("FOREIGN KEY ({}) REFERENCES {}({}){tail}", here.name, target.name, there.name);
            piece(vec![format!("ALTER TABLE {on} ADD CONSTRAINT {own} {sql}")])
        }
        What::Statistics => {
            let some = rng.some(&columns, 2);
            let list: Vec<String> = some.iter().map(|column| column.name.clone()).collect();
            let list = match rng.percent(30) {
                true => format!("({})", expression(rng, world, &columns, "")?.0),
                false => list.join(", "),
            };
            let kinds = rng.pick(&["", " (ndistinct)", " (dependencies, mcv)"]);
            let kinds = if list.starts_with('(') { "" } else { kinds };
            let name = format!("{}.{own}", schema_of(&on));
            piece(vec![
                format!("CREATE STATISTICS {name}{kinds} ON {list} FROM {on}"),
                rng.maybe(20, &format!("ALTER STATISTICS {name} SET STATISTICS 55")),
            ])
        }
        What::Trigger => piece(trigger(rng, world, &relation, &own)?),
        What::Rule => {
            let event = rng.pick(&["INSERT", "UPDATE", "DELETE"]);
            let condition = match rng.percent(30) && event != "INSERT" {
                true => format!(" WHERE {}", row_condition(rng, world, &columns, "old.")?),
                false => String::new(),
            };
            let other = world.any(rng, &TABLES)?;
            let action = match rng.below(3) {
                0 => "INSTEAD NOTHING".to_owned(),
                1 => format!("ALSO NOTIFY {}", rng.pick(&["changed", "\"It's\""])),
                _ => {
                    format!("ALSO DELETE FROM {} WHERE {}", other.name, row_condition(rng, world, other.columns(), "")?)
                }
            };
            let disabled = rng.maybe(20, &format!("ALTER TABLE {on} DISABLE RULE {own}"));
            piece(vec![format!("CREATE RULE {own} AS ON {event} TO {on}{condition} DO {action}"), disabled])
        }
        What::Policy => {
            let command = rng.pick(&["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]);
            let kind = rng.maybe(30, " AS RESTRICTIVE");
            let roles = rng.pick(&["", " TO app", " TO reader, \"Odd Role\"", " TO PUBLIC"]);
            let condition = match rng.percent(25) {
                true => {
                    let other = world.any(rng, &[What::Table, What::View])?;
                    format!(
                        "EXISTS (SELECT FROM {} AS o WHERE {})",
                        other.name,
                        row_condition(rng, world, other.columns(), "o.")?
                    )
                }
                false => row_condition(rng, world, &columns, "")?,
            };
            let using = if command == "INSERT" { String::new() } else { format!(" USING ({condition})") };
            let check = match command {
                "INSERT" => format!(" WITH CHECK ({condition})"),
                "ALL" | "UPDATE" => rng.maybe(30, &format!(" WITH CHECK ({condition})")),
                _ => String::new(),
            };
            let comment = rng.maybe(20, &format!("COMMENT ON POLICY {own} ON {on} IS 'p'"));
            piece(vec![format!("CREATE POLICY {own} ON {on}{kind} FOR {command}{roles}{using}{check}"), comment])
        }
        What::Setting => {
            let column = rng.one(&columns)?;
            let setting = match rng.below(6) {
                0 => "ENABLE ROW LEVEL SECURITY".to_owned(),
                1 => "REPLICA IDENTITY NOTHING".to_owned(),
                2 => "SET (autovacuum_vacuum_scale_factor = 0.3)".to_owned(),
                3 => format!("ALTER COLUMN {} SET STATISTICS 33", column.name),
                4 => format!("ALTER COLUMN {} SET NOT NULL", column.name),
                _ => format!("ADD COLUMN later {} DEFAULT NULL", column.type_name),
            };
            piece(vec![format!("ALTER TABLE {on} {setting}")])
        }
        _ => return None,
    })
}

fn key_columns(rng: &mut Rng, columns: &[Column]) -> Vec<String> {
    let id = columns.iter().find(|column| column.name == "id");
    match id {
        Some(id) if rng.percent(70) => vec![id.name.clone()],
        _ => rng.some(columns, 2).iter().map(|column| column.name.clone()).collect(),
    }
}

fn index(rng: &mut Rng, world: &World, on: &str, own: &str, columns: &[Column]) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for _ in 0..=rng.below(2) {
        let column = rng.one(columns)?;
        keys.push(match rng.below(4) {
            0 => format!("({})", expression(rng, world, columns, "")?.0),
            1 if column.type_name == "text" => format!("{} text_pattern_ops", column.name),
            2 if column.class == Class::Text => format!("{} COLLATE \"POSIX\"", column.name),
            _ => format!("{}{}", column.name, rng.maybe(30, " DESC NULLS LAST")),
        });
    }
    let column = rng.one(columns)?;
    let method = match column.class {
        Class::Json => " USING gin",
        Class::Range => " USING gist",
        _ if rng.percent(10) => " USING hash",
        _ if rng.percent(10) => " USING brin",
        _ => "",
    };
    if !method.is_empty() {
        keys = vec![column.name.clone()];
    }
    let unique = if method.is_empty() { rng.maybe(30, "UNIQUE ") } else { String::new() };
    let include = match method.is_empty() && rng.percent(15) {
        true => format!(" INCLUDE ({})", column.name),
        false => String::new(),
    };
    let options = if method.is_empty() { rng.maybe(10, " WITH (fillfactor = 66)") } else { String::new() };
    let predicate = match rng.percent(25) {
        true => format!(" WHERE {}", row_condition(rng, world, columns, "")?),
        false => String::new(),
    };
    let name = format!("{}.{own}", schema_of(on));
    let after = match rng.below(10) {
        0 => format!("ALTER TABLE {on} CLUSTER ON {own}"),
        1 => format!("ALTER TABLE {on} REPLICA IDENTITY USING INDEX {own}"),
        2 => format!("COMMENT ON INDEX {name} IS 'i'"),
        3 => format!("ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 44"),
        _ => String::new(),
    };
    // Some names are the server's to choose.
    let named = if after.is_empty() && rng.percent(20) { "" } else { own };
    let create =
        format!("CREATE {unique}INDEX {named} ON {on}{method} ({}){include}{options}{predicate}", keys.join(", "));
    Some(vec![create, after])
}

fn trigger(rng: &mut Rng, world: &World, relation: &Piece, own: &str) -> Option<Vec<String>> {
    let on = &relation.name;
    let functions = world.of(&[What::Function]);
    let functions: Vec<&&Piece> = functions.iter().filter(|piece| piece.sql[0].contains("RETURNS trigger")).collect();
    let function = &rng.one(&functions)?.name;
    let column = &rng.one(relation.columns())?;
    let arguments = rng.pick(&["", "", "'a', 'it''s'"]);
    let call = format!("EXECUTE FUNCTION {function}({arguments})");
    if relation.what == What::View {
        let event = rng.pick(&["INSERT", "UPDATE OR DELETE"]);
        return Some(vec![format!("CREATE TRIGGER {own} INSTEAD OF {event} ON {on} FOR EACH ROW {call}")]);
    }
    let when = match rng.percent(30) {
        true => format!(
            " WHEN ({})",
            condition(rng, world, &format!("new.{}", column.name), &column.class, &column.type_name)
        ),
        false => String::new(),
    };
    let create = match rng.below(6) {
        0 => format!("CREATE TRIGGER {own} BEFORE UPDATE OF {} ON {on} FOR EACH ROW{when} {call}", column.name),
        1 => format!("CREATE TRIGGER {own} AFTER TRUNCATE ON {on} {call}"),
        2 => format!(
            "CREATE CONSTRAINT TRIGGER {own} AFTER INSERT ON {on} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when} {call}"
        ),
        3 => format!("CREATE TRIGGER {own} AFTER DELETE ON {on} REFERENCING OLD TABLE AS gone {call}"),
        4 => format!("CREATE TRIGGER {own} BEFORE DELETE ON {on} FOR EACH ROW {call}"),
        _ => format!("CREATE TRIGGER {own} AFTER INSERT OR UPDATE ON {on} FOR EACH ROW{when} {call}"),
    };
    let state = match rng.below(6) {
        0 => format!("ALTER TABLE {on} DISABLE TRIGGER {own}"),
        1 => format!("ALTER TABLE {on} ENABLE ALWAYS TRIGGER {own}"),
        2 => format!("COMMENT ON TRIGGER {own} ON {on} IS 't'"),
        _ => String::new(),
    };
    Some(vec![create, state])
}

/// Comments, privileges and publications: said of what there is.
fn said(rng: &mut Rng, world: &mut World, what: What, old: Option<&Piece>) -> Option<Piece> {
    let about = match old.and_then(|old| old.on.clone()) {
        Some(on) => world.get(&on)?.clone(),
        None if what == What::Publication => world.any(rng, &TABLES)?.clone(),
        None => {
            let whats = [
                What::Table,
                What::View,
                What::MaterializedView,
                What::Function,
                What::Sequence,
                What::Enum,
                What::Table,
                What::Schema,
                What::Domain,
                What::Composite,
                What::Partition,
                What::TableFunction,
                What::Range,
            ];
            let what = whats[rng.below(whats.len())];
            world.any(rng, &[what])?.clone()
        }
    };
    let on = about.name.clone();
    if what == What::Publication {
        let own = match old {
            Some(old) => last(&old.name).to_owned(),
            None => world.plain_name(rng, "pub"),
        };
        let columns = rng.some(about.columns(), 2);
        let list: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let of = match rng.below(4) {
            0 => format!("TABLES IN SCHEMA {}", schema_of(&on)),
            1 => format!("TABLE {on} ({})", list.join(", ")),
            2 => format!("TABLE {on} WHERE ({})", row_condition(rng, world, about.columns(), "")?),
            _ => format!("TABLE {on}"),
        };
        let options = rng.maybe(30, " WITH (publish = 'insert, delete')");
        let sql = format!("CREATE PUBLICATION {own} FOR {of}{options}");
        return Some(Piece::new(what, &format!("public.{own}"), vec![sql]).on(&on));
    }
    let word = match about.what {
        What::Table | What::Partition => "TABLE",
        What::View | What::ViewOnFunction => "VIEW",
        What::MaterializedView => "MATERIALIZED VIEW",
        What::Function | What::TableFunction => "ROUTINE",
        What::Sequence => "SEQUENCE",
        What::Schema => "SCHEMA",
        What::Domain => "DOMAIN",
        _ => "TYPE",
    };
    let column = rng.one(about.columns()).map(|column| column.name.clone());
    let sql = match (what, column) {
        (What::Comment, Some(column)) if rng.percent(40) => {
            let text = rng.pick(&["'of a column'", "'it''s\n  two lines'"]);
            format!("COMMENT ON COLUMN {on}.{column} IS {text}")
        }
        (What::Comment, _) => {
            let text = rng.pick(&["'plain'", "'it''s \\ \"x\"'", "E'two\\nlines\\n'", "'- yaml: {a}'", "' '"]);
            format!("COMMENT ON {word} {on} IS {text}")
        }
        (_, column) => {
            let role = rng.pick(&["app", "reader", "\"Odd Role\"", "PUBLIC"]);
            let option = if role == "PUBLIC" { "" } else { rng.pick(&["", "", " WITH GRANT OPTION"]) };
            let (privilege, object) = match word {
                "TABLE" | "VIEW" | "MATERIALIZED VIEW" => match (rng.below(3), column) {
                    (0, Some(column)) => (format!("SELECT ({column}), UPDATE ({column})"), format!("TABLE {on}")),
                    (1, _) => ("ALL".to_owned(), format!("TABLE {on}")),
                    _ => ("SELECT, INSERT".to_owned(), format!("TABLE {on}")),
                },
                "ROUTINE" if rng.percent(50) => {
                    return Some(
                        Piece::new(what, "", vec![format!("REVOKE EXECUTE ON ROUTINE {on} FROM PUBLIC")]).on(&on),
                    );
                }
                "ROUTINE" => ("EXECUTE".to_owned(), format!("ROUTINE {on}")),
                "SCHEMA" => ("USAGE, CREATE".to_owned(), format!("SCHEMA {on}")),
                word => ("USAGE".to_owned(), format!("{word} {on}")),
            };
            format!("GRANT {privilege} ON {object} TO {role}{option}")
        }
    };
    Some(Piece::new(what, "", vec![sql]).on(&on))
}
