//! Pieces that are not tables or views: types, routines and what the rest uses.

use crate::rng::Rng;
use crate::world::*;
use crate::{attach, relations};

/// A piece of a kind: under a new name, or under one that there is, so that it
/// is another thing of the same name. `None` where it has nothing to be about.
pub fn make(rng: &mut Rng, world: &mut World, what: What, old: Option<&Piece>) -> Option<Piece> {
    let name = |rng: &mut Rng, world: &mut World, prefix: &str| match old {
        Some(old) => old.name.clone(),
        None => world.name(rng, prefix),
    };
    Some(match what {
        What::Schema => {
            let name = old.map_or_else(|| plain_schema(rng, world), |old| old.name.clone());
            let create = if name == "public" { String::new() } else { format!("CREATE SCHEMA {name}") };
            Piece::new(what, &name, vec![create])
        }
        What::DefaultPrivilege => {
            let scope = match rng.below(3) {
                0 => String::new(),
                _ => format!(" IN SCHEMA {}", world.any(rng, &[What::Schema])?.name),
            };
            let change = rng.pick(&[
                "GRANT SELECT ON TABLES TO app",
                "GRANT SELECT, INSERT ON TABLES TO reader WITH GRANT OPTION",
                "GRANT EXECUTE ON FUNCTIONS TO app",
                "GRANT USAGE ON SEQUENCES TO \"Odd Role\"",
                "GRANT USAGE ON TYPES TO app",
                "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            ]);
            Piece::new(what, "", vec![format!("ALTER DEFAULT PRIVILEGES{scope} {change}")])
        }
        What::Collation => {
            let name = name(rng, world, "coll");
            let from = rng.pick(&["\"C\"", "\"POSIX\""]);
            Piece::new(what, &name, vec![format!("CREATE COLLATION {name} FROM {from}")])
        }
        What::Enum => {
            let name = name(rng, world, "mood");
            let labels = rng.some(&["a", "b", "it''s", "D e", "ü", "f"].map(str::to_owned), 4);
            let list: Vec<String> = labels.iter().map(|label| format!("'{label}'")).collect();
            let mut piece = Piece::new(what, &name, vec![format!("CREATE TYPE {name} AS ENUM ({})", list.join(", "))]);
            piece.class = Some(Class::Enum(labels[0].clone()));
            piece
        }
        What::Sequence => {
            let name = name(rng, world, "seq");
            let options = [" AS integer", " INCREMENT BY 5", " MINVALUE 10", " MAXVALUE 1000", " CACHE 7", " CYCLE"];
            let some = rng.some(&options.map(str::to_owned), 2).concat();
            let options = rng.maybe(50, &some);
            Piece::new(what, &name, vec![format!("CREATE SEQUENCE {name}{options}")])
        }
        What::Composite => {
            let name = name(rng, world, "pair");
            let mut columns = Vec::new();
            for at in 0..=rng.below(3) {
                let (type_name, class) = relations::type_of(rng, world);
                columns.push(Column {
                    name: format!("a{at}"),
                    type_name,
                    class,
                    rest: String::new(),
                    settings: Vec::new(),
                });
            }
            let list: Vec<String> =
                columns.iter().map(|column| format!("{} {}", column.name, column.type_name)).collect();
            let mut piece = Piece::new(what, &name, vec![format!("CREATE TYPE {name} AS ({})", list.join(", "))]);
            piece.class = Some(Class::Other);
            piece.columns = columns;
            piece
        }
        What::Domain => {
            let name = name(rng, world, "dom");
            let (base, class) = match rng.below(4) {
                0 => ("integer".to_owned(), Class::Int),
                1 => ("text".to_owned(), Class::Text),
                2 => ("varchar(20)".to_owned(), Class::Text),
                _ => relations::type_of(rng, world),
            };
            let mut text = format!("CREATE DOMAIN {name} AS {base}");
            if rng.percent(30) {
                text.push_str(&relations::default(rng, world, &class, &base));
            }
            text.push_str(&rng.maybe(20, " NOT NULL"));
            for check in 0..rng.below(3) {
                let condition = relations::condition(rng, world, "VALUE", &class, &base);
                text.push_str(&format!(" CONSTRAINT check_{check} CHECK ({condition})"));
            }
            let mut piece = Piece::new(what, &name, vec![text]);
            piece.class = Some(class);
            piece
        }
        What::Range => {
            let name = name(rng, world, "span");
            let subtype = rng.pick(&["integer", "text", "timestamptz", "numeric"]);
            let collate = if subtype == "text" { rng.maybe(50, ", collation = \"C\"") } else { String::new() };
            let sql = format!("CREATE TYPE {name} AS RANGE (subtype = {subtype}{collate})");
            let mut piece = Piece::new(what, &name, vec![sql]);
            piece.class = Some(Class::Range);
            piece
        }
        What::Function => {
            let name = name(rng, world, "f");
            function(rng, world, &name)?
        }
        What::TableFunction => {
            let name = name(rng, world, "tf");
            table_function(rng, world, &name)?
        }
        What::ViewFunction => {
            let name = name(rng, world, "vf");
            let view = world.any(rng, &[What::View, What::MaterializedView])?;
            let column = rng.one(view.columns())?;
            let sql = match rng.below(3) {
                0 => format!("RETURNS SETOF {0} LANGUAGE sql AS 'SELECT * FROM {0}'", view.name),
                1 => format!(
                    "RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count({}) FROM {}; END",
                    column.name, view.name
                ),
                _ => format!(
                    "RETURNS {} LANGUAGE sql BEGIN ATOMIC SELECT {} FROM {}; END",
                    column.type_name, column.name, view.name
                ),
            };
            Piece::new(what, &name, vec![format!("CREATE FUNCTION {name}() {sql}")])
        }
        What::Aggregate => {
            let name = name(rng, world, "total");
            let (argument, sql) = match rng.below(3) {
                0 => ("integer", "(sfunc = int4pl, stype = integer, initcond = '0')"),
                1 => ("integer", "(sfunc = int4larger, stype = integer)"),
                _ => ("text", "(sfunc = textcat, stype = text, initcond = '')"),
            };
            let mut piece = Piece::new(what, &name, vec![format!("CREATE AGGREGATE {name}({argument}) {sql}")]);
            piece.class = Some(if argument == "text" { Class::Text } else { Class::Int });
            piece
        }
        What::Operator => {
            let schema = old.map_or_else(
                || world.any(rng, &[What::Schema]).map_or("public", |schema| &schema.name).to_owned(),
                |old| schema_of(&old.name).to_owned(),
            );
            let symbol = rng.pick(&["===", "<->>", "@@@>"]);
            let (function, class) = rng.one(&[("int4eq", Class::Int), ("texteq", Class::Text)])?.clone();
            let argument = if class == Class::Int { "integer" } else { "text" };
            let sql = format!(
                "CREATE OPERATOR {schema}.{symbol} (LEFTARG = {argument}, RIGHTARG = {argument}, FUNCTION = {function}{})",
                rng.maybe(50, &format!(", COMMUTATOR = OPERATOR({schema}.{symbol})"))
            );
            let mut piece = Piece::new(what, &format!("{schema}.{symbol}"), vec![sql]);
            piece.class = Some(class);
            piece
        }
        What::Cast => {
            let from = world.any(rng, &[What::Composite, What::Enum])?.name.clone();
            let function = name(rng, world, "cast_it");
            let target = rng.pick(&["integer", "point"]);
            let context = rng.pick(&["", " AS ASSIGNMENT", " AS IMPLICIT"]);
            Piece::new(
                what,
                &function,
                vec![
                    format!(
                        "CREATE FUNCTION {function}({from}) RETURNS {target} LANGUAGE sql IMMUTABLE AS 'SELECT NULL::{target}'"
                    ),
                    format!("CREATE CAST ({from} AS {target}) WITH FUNCTION {function}({from}){context}"),
                ],
            )
        }
        What::Foreign => {
            let name = name(rng, world, "far");
            let option = rng.maybe(50, " OPTIONS (host 'a', port '1')");
            let own = last(&name).to_owned();
            let (a, b) = (relations::type_of(rng, world).0, relations::type_of(rng, world).0);
            let mut piece = Piece::new(
                what,
                &name,
                vec![
                    format!("CREATE FOREIGN DATA WRAPPER {own}"),
                    format!("CREATE SERVER {own} FOREIGN DATA WRAPPER {own}{option}"),
                    format!("CREATE USER MAPPING FOR app SERVER {own}"),
                    format!("CREATE FOREIGN TABLE {name} (a {a} OPTIONS (x '1'), b {b}) SERVER {own}"),
                ],
            );
            for column in ["a", "b"] {
                piece.columns.push(Column {
                    name: column.to_owned(),
                    type_name: if column == "a" { a.clone() } else { b.clone() },
                    class: Class::Other,
                    rest: String::new(),
                    settings: Vec::new(),
                });
            }
            piece
        }
        What::TextSearch => {
            let name = name(rng, world, "search");
            let words = rng.pick(&["english", "german"]);
            Piece::new(
                what,
                &name,
                vec![
                    format!("CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = snowball, LANGUAGE = {words})"),
                    format!("CREATE TEXT SEARCH CONFIGURATION {name} (COPY = simple)"),
                    format!(
                        "ALTER TEXT SEARCH CONFIGURATION {name} ALTER MAPPING FOR word, asciiword WITH {name}, simple"
                    ),
                ],
            )
        }
        What::Table => {
            let name = name(rng, world, "t");
            relations::table(rng, world, &name)
        }
        What::Partition => relations::partition(rng, world, old)?,
        What::View | What::MaterializedView | What::ViewOnFunction => {
            let name = name(rng, world, "v");
            relations::view(rng, world, &name, what)?
        }
        _ => return attach::make(rng, world, what, old),
    })
}

fn plain_schema(rng: &mut Rng, world: &mut World) -> String {
    if world.of(&[What::Schema]).is_empty() {
        return "public".to_owned();
    }
    let number = world.of(&[What::Schema]).len();
    let base = rng.pick(&["s", "app_", "Odd S", "user"]);
    if base == "Odd S" { format!("\"Odd S{number}\"") } else { format!("{base}{number}") }
}

/// A routine's attributes that say nothing of what it gives.
fn attributes(rng: &mut Rng) -> String {
    [" STRICT", " COST 7", " PARALLEL SAFE", " SECURITY DEFINER", " SET search_path TO public, pg_temp", " LEAKPROOF"]
        .map(|attribute| rng.maybe(12, attribute))
        .concat()
}

fn function(rng: &mut Rng, world: &World, name: &str) -> Option<Piece> {
    let attributes = attributes(rng);
    let number = rng.below(90);
    let mut class = None;
    let sql = match rng.below(12) {
        0 | 1 => {
            class = Some(Class::Int);
            let default = rng.maybe(30, ", b integer DEFAULT 1");
            format!(
                "CREATE FUNCTION {name}(a integer{default}) RETURNS integer LANGUAGE sql IMMUTABLE{attributes} AS 'SELECT a + {number}'"
            )
        }
        2 => {
            class = Some(Class::Text);
            let argument = rng.pick(&["", "a ", "other "]);
            format!(
                "CREATE FUNCTION {name}({argument}text) RETURNS text LANGUAGE sql IMMUTABLE{attributes} AS 'SELECT $1 || {number}'"
            )
        }
        3 => {
            class = Some(Class::Bool);
            format!(
                "CREATE FUNCTION {name}(a integer) RETURNS boolean LANGUAGE sql IMMUTABLE{attributes} RETURN a > {number}"
            )
        }
        4 | 5 => format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql{attributes} AS $$BEGIN\n\t-- {number}; 'x'\n\tRETURN NEW;\nEND$$"
        ),
        6 => {
            let (type_name, _) = relations::type_of(rng, world);
            format!(
                "CREATE FUNCTION {name}(x {type_name}, VARIADIC rest {type_name}[]) RETURNS {type_name} LANGUAGE sql STABLE{attributes} AS 'SELECT x'"
            )
        }
        7 => {
            let (a, b) = (relations::type_of(rng, world).0, relations::type_of(rng, world).0);
            format!(
                "CREATE FUNCTION {name}(OUT a {a}, INOUT b {b}) LANGUAGE plpgsql{attributes} AS $b$BEGIN a := NULL; END$b$"
            )
        }
        8 => format!(
            "CREATE PROCEDURE {name}(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS $$BEGIN b := {number}; END$$"
        ),
        9 => {
            let (type_name, _) = relations::type_of(rng, world);
            format!(
                "CREATE FUNCTION {name}() RETURNS TABLE (a integer, \"B b\" {type_name}) LANGUAGE sql ROWS 5{attributes} AS 'SELECT 1, NULL::{type_name}'"
            )
        }
        10 => {
            let other = world.of(&[What::Function]);
            let other: Vec<&&Piece> = other.iter().filter(|piece| piece.class == Some(Class::Int)).collect();
            class = Some(Class::Int);
            let inner = rng.one(&other).map_or_else(|| "a".to_owned(), |piece| format!("{}(a)", piece.name));
            format!(
                "CREATE FUNCTION {name}(a integer) RETURNS integer LANGUAGE sql IMMUTABLE{attributes} RETURN {inner} * {number}"
            )
        }
        _ => {
            let sequence = world.any(rng, &[What::Sequence])?;
            format!(
                "CREATE FUNCTION {name}(a bigint DEFAULT nextval('{}')) RETURNS bigint LANGUAGE sql{attributes} AS 'SELECT a'",
                sequence.name.replace('\'', "''")
            )
        }
    };
    let mut piece = Piece::new(What::Function, name, vec![sql]);
    piece.class = class;
    Some(piece)
}

fn table_function(rng: &mut Rng, world: &World, name: &str) -> Option<Piece> {
    let table = world.any(rng, &[What::Table])?;
    let column = rng.one(table.columns())?;
    let (on, own, type_name) = (&table.name, &column.name, &column.type_name);
    let attributes = attributes(rng);
    let sql = match rng.below(6) {
        0 => format!(
            "CREATE FUNCTION {name}() RETURNS SETOF {on} LANGUAGE sql{attributes} AS 'SELECT * FROM {}'",
            on.replace('\'', "''")
        ),
        1 => format!(
            "CREATE FUNCTION {name}({on}) RETURNS {type_name} LANGUAGE sql STABLE{attributes} AS 'SELECT NULL::{type_name}'"
        ),
        2 => format!(
            "CREATE FUNCTION {name}(a {type_name}) RETURNS SETOF {type_name} LANGUAGE sql STABLE{attributes} BEGIN ATOMIC SELECT {own} FROM {on}; END"
        ),
        3 => format!(
            "CREATE FUNCTION {name}() RETURNS TABLE (x {type_name}, n bigint) LANGUAGE sql STABLE BEGIN ATOMIC SELECT {own}, count(*) FROM {on} GROUP BY 1; END"
        ),
        4 => format!(
            "CREATE FUNCTION {name}(r {on}) RETURNS {on} LANGUAGE plpgsql{attributes} AS $$BEGIN RETURN r; END$$"
        ),
        _ => {
            let other = world.any(rng, &[What::TableFunction])?;
            format!(
                "CREATE FUNCTION {name}(a {type_name}) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM {}() AS q; END",
                other.name
            )
        }
    };
    let mut piece = Piece::new(What::TableFunction, name, vec![sql]).on(on);
    piece.columns = table.columns().to_vec();
    Some(piece)
}
