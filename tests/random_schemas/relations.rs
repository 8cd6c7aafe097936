//! Tables, partitions and views, and the expressions over their columns.

use crate::rng::Rng;
use crate::world::*;

/// Types of the server's own, and what can be said of their values.
const TYPES: [(&str, Class); 30] = [
    ("integer", Class::Int),
    ("integer", Class::Int),
    ("bigint", Class::Int),
    ("smallint", Class::Int),
    ("text", Class::Text),
    ("text", Class::Text),
    ("varchar(20)", Class::Text),
    ("char(3)", Class::Text),
    ("numeric(10,2)", Class::Int),
    ("boolean", Class::Bool),
    ("timestamptz", Class::Time),
    ("timestamp(3)", Class::Time),
    ("date", Class::Time),
    ("jsonb", Class::Json),
    ("integer[]", Class::Other),
    ("text[]", Class::Other),
    ("varchar(5)[][]", Class::Other),
    ("int4range", Class::Range),
    ("tstzrange", Class::Range),
    ("int4multirange", Class::Other),
    ("uuid", Class::Other),
    ("bytea", Class::Other),
    ("inet", Class::Other),
    ("interval day to second(3)", Class::Other),
    ("time(2) with time zone", Class::Other),
    ("bit(3)", Class::Other),
    ("tsvector", Class::Other),
    ("point", Class::Other),
    ("\"char\"", Class::Other),
    ("name", Class::Other),
];

/// A type: the server's own, one of this world, or an array of such.
pub fn type_of(rng: &mut Rng, world: &World) -> (String, Class) {
    if rng.percent(35)
        && let Some(own) = world.any(rng, &[What::Enum, What::Domain, What::Composite, What::Range, What::Enum])
    {
        return match rng.percent(20) {
            true => (format!("{}[]", own.name), Class::Other),
            false => (own.name.clone(), own.class.clone().unwrap_or(Class::Other)),
        };
    }
    if rng.percent(3)
        && let Some(table) = world.any(rng, &[What::Table])
    {
        return (table.name.clone(), Class::Other);
    }
    let (name, class) = &TYPES[rng.below(TYPES.len())];
    ((*name).to_owned(), class.clone())
}

/// ` DEFAULT …` for a type, or nothing.
pub fn default(rng: &mut Rng, world: &World, class: &Class, type_name: &str) -> String {
    let value = match class {
        Class::Int => match rng.below(4) {
            0 => match world.any(rng, &[What::Sequence]) {
                Some(sequence) => format!("nextval('{}')", sequence.name.replace('\'', "''")),
                None => return String::new(),
            },
            1 => match function(rng, world, &Class::Int) {
                Some(function) => format!("{function}(1)"),
                None => return String::new(),
            },
            _ => rng.below(50).to_string(),
        },
        Class::Text => match function(rng, world, &Class::Text) {
            Some(function) if rng.percent(40) => format!("{function}('x')"),
            _ => rng.pick(&["'x'", "'it''s'", "CURRENT_USER", "''"]).to_owned(),
        },
        Class::Bool => rng.pick(&["true", "false"]).to_owned(),
        Class::Time => rng.pick(&["now()", "'2020-01-01'", "CURRENT_DATE"]).to_owned(),
        Class::Json => "'{\"a\": [1]}'".to_owned(),
        Class::Enum(label) => format!("'{label}'"),
        Class::Range => "'empty'".to_owned(),
        Class::Other => format!("NULL::{type_name}"),
    };
    format!(" DEFAULT {value}")
}

/// The name of a function that takes a class of value and gives it back.
fn function(rng: &mut Rng, world: &World, class: &Class) -> Option<String> {
    let of = world.of(&[What::Function]);
    let of: Vec<&&Piece> = of.iter().filter(|piece| piece.class.as_ref() == Some(class)).collect();
    rng.one(&of).map(|piece| piece.name.clone())
}

/// A condition on a value.
pub fn condition(rng: &mut Rng, world: &World, value: &str, class: &Class, type_name: &str) -> String {
    match class {
        Class::Int => match rng.below(3) {
            0 => match function(rng, world, &Class::Bool) {
                Some(function) => format!("{function}({value}::integer)"),
                None => format!("{value} > 0"),
            },
            1 => match function(rng, world, &Class::Int) {
                Some(function) => format!("{function}({value}::integer) <> 3"),
                None => format!("{value} BETWEEN 1 AND 9"),
            },
            _ => format!("{value} > {}", rng.below(20)),
        },
        Class::Text => match rng.below(3) {
            0 => format!("length({value}) > {}", rng.below(9)),
            1 => match function(rng, world, &Class::Text) {
                Some(function) => format!("{function}({value}) <> 'x'"),
                None => format!("{value} ~ '^a'"),
            },
            _ => format!("{value} <> 'it''s'"),
        },
        Class::Bool => value.to_owned(),
        Class::Time => format!("{value} > '2001-01-01'"),
        Class::Json => format!("{value} ? 'a'"),
        Class::Enum(label) => match rng.below(3) {
            0 => format!("{value} <> '{label}'"),
            1 => format!("{value} = ANY (ARRAY['{label}'::{type_name}])"),
            _ => format!("{value} IN ('{label}')"),
        },
        Class::Range => format!("NOT isempty({value})"),
        Class::Other => format!("{value} IS NOT NULL"),
    }
}

/// A condition on a row of a relation.
pub fn row_condition(rng: &mut Rng, world: &World, columns: &[Column], before: &str) -> Option<String> {
    let column = rng.one(columns)?;
    let value = format!("{before}{}", column.name);
    let one = condition(rng, world, &value, &column.class, &column.type_name);
    if rng.percent(25) {
        let other = rng.one(columns)?;
        let value = format!("{before}{}", other.name);
        return Some(format!("{one} OR {}", condition(rng, world, &value, &other.class, &other.type_name)));
    }
    Some(one)
}

/// An expression over a row, and its type where that is plain.
pub fn expression(rng: &mut Rng, world: &World, columns: &[Column], before: &str) -> Option<(String, Class, String)> {
    let column = rng.one(columns)?;
    let value = format!("{before}{}", column.name);
    Some(match (&column.class, rng.below(3)) {
        (Class::Int, 0) => match function(rng, world, &Class::Int) {
            Some(function) => (format!("{function}({value}::integer)"), Class::Int, "integer".to_owned()),
            None => (format!("{value} + 1"), Class::Int, "integer".to_owned()),
        },
        (Class::Text, 0) => (format!("lower({value})"), Class::Text, "text".to_owned()),
        (Class::Text, 1) => match function(rng, world, &Class::Text) {
            Some(function) => (format!("{function}({value})"), Class::Text, "text".to_owned()),
            None => (format!("upper({value})"), Class::Text, "text".to_owned()),
        },
        (Class::Enum(label), 0) => (
            format!("COALESCE({value}, '{label}'::{})", column.type_name),
            column.class.clone(),
            column.type_name.clone(),
        ),
        (class, 2) => (
            format!("({})", condition(rng, world, &value, class, &column.type_name)),
            Class::Bool,
            "boolean".to_owned(),
        ),
        (Class::Json, _) => (format!("({value} ->> 'k')"), Class::Text, "text".to_owned()),
        _ => (value, column.class.clone(), column.type_name.clone()),
    })
}

pub fn column(rng: &mut Rng, world: &World, name: &str, others: &[Column]) -> Column {
    let (type_name, class) = type_of(rng, world);
    let mut rest = String::new();
    if class == Class::Text && type_name == "text" {
        match world.any(rng, &[What::Collation]) {
            Some(own) if rng.percent(15) => rest.push_str(&format!(" COLLATE {}", own.name)),
            _ => rest.push_str(&rng.maybe(10, " COLLATE \"C\"")),
        }
    }
    match rng.below(10) {
        0 if matches!(type_name.as_str(), "integer" | "bigint" | "smallint") => {
            let always = rng.pick(&["ALWAYS", "BY DEFAULT"]);
            let options = rng.maybe(40, " (START WITH 7 INCREMENT BY 3)");
            rest.push_str(&format!(" GENERATED {always} AS IDENTITY{options}"));
        }
        1 if !others.is_empty() => {
            if let Some((text, class, type_name)) = expression(rng, world, others, "") {
                return Column {
                    name: name.to_owned(),
                    type_name: type_name.clone(),
                    class,
                    rest: format!(" GENERATED ALWAYS AS ({text}) STORED"),
                    settings: Vec::new(),
                };
            }
        }
        2..=4 => rest.push_str(&default(rng, world, &class, &type_name)),
        _ => {}
    }
    rest.push_str(&rng.maybe(30, " NOT NULL"));
    let all = [
        "SET STATISTICS 77",
        "SET (n_distinct = 5)",
        "SET STORAGE EXTERNAL",
        "SET COMPRESSION pglz",
        "COMMENT 'it''s \"one\"'",
        "COMMENT 'two\nlines'",
    ];
    let settings = all.iter().filter(|_| rng.percent(6)).map(|setting| (*setting).to_owned()).collect();
    Column { name: name.to_owned(), type_name, class, rest, settings }
}

pub fn table(rng: &mut Rng, world: &mut World, name: &str) -> Piece {
    let mut table = Table::default();
    let mut partitioned = None;
    let id = rng.pick(&["integer", "integer", "bigint"]);
    let rest =
        rng.pick(&["", " NOT NULL", " GENERATED ALWAYS AS IDENTITY", " GENERATED BY DEFAULT AS IDENTITY (CYCLE)"]);
    if rng.percent(90) {
        table.columns.push(Column {
            name: "id".to_owned(),
            type_name: if rng.percent(12) { "serial".to_owned() } else { id.to_owned() },
            class: Class::Int,
            rest: rest.to_owned(),
            settings: Vec::new(),
        });
        if table.columns[0].type_name == "serial" {
            table.columns[0].rest.clear();
        }
    }
    for _ in 0..=rng.below(6) {
        let own = world.plain_name(rng, "c");
        let next = column(rng, world, &own, &table.columns.clone());
        table.columns.push(next);
    }
    match rng.below(10) {
        0 | 1 => {
            if let Some(parent) = world.any(rng, &[What::Table]) {
                table.tail = format!(" INHERITS ({})", parent.name);
                // Most columns come from the parent alone.
                if rng.percent(70) {
                    table.columns.retain(|column| column.name != "id");
                }
            }
        }
        2..=4 => {
            let method = rng.pick(&["RANGE", "LIST", "HASH", "LIST"]);
            if let Some(key) = table.columns.iter().find(|column| column.class == Class::Int).map(|c| c.name.clone()) {
                for column in &mut table.columns {
                    if column.rest.contains("IDENTITY") {
                        column.rest.clear();
                    }
                }
                table.tail = format!(" PARTITION BY {method} ({key})");
                partitioned = Some((key, method.to_owned()));
            }
        }
        5 => table.words = " UNLOGGED".to_owned(),
        6 => table.tail = " WITH (fillfactor = 70, autovacuum_enabled = false)".to_owned(),
        _ => {}
    }
    let mut piece = Piece::new(What::Table, name, Vec::new());
    piece.sql = ["ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY", "REPLICA IDENTITY FULL"]
        .iter()
        .filter(|_| rng.percent(8))
        .map(|words| format!("ALTER TABLE {name} {words}"))
        .collect();
    piece.table = Some(table);
    piece.partitioned = partitioned;
    piece
}

pub fn partition(rng: &mut Rng, world: &mut World, old: Option<&Piece>) -> Option<Piece> {
    let above: Vec<Piece> = world
        .of(&[What::Table, What::Partition])
        .into_iter()
        .filter(|piece| piece.partitioned.is_some())
        .cloned()
        .collect();
    let parent = match old.and_then(|old| old.on.clone()) {
        Some(on) => world.get(&on)?.clone(),
        None => rng.one(&above)?.clone(),
    };
    let (_, method) = parent.partitioned.clone()?;
    let columns = parent.columns().to_vec();
    let name = match old {
        Some(old) => old.name.clone(),
        None => world.name(rng, "part"),
    };
    let at = world
        .pieces
        .iter()
        .filter(|piece| piece.on.as_deref() == Some(&parent.name) && piece.what == What::Partition)
        .count();
    let at = if old.is_some() { at + 10 } else { at };
    let bound = match method.as_str() {
        _ if rng.percent(15) && method != "HASH" => "DEFAULT".to_owned(),
        "RANGE" => format!("FOR VALUES FROM ({}) TO ({})", at * 10, at * 10 + 10),
        "LIST" => format!("FOR VALUES IN ({}, {})", at * 10, at * 10 + 1),
        _ => format!("FOR VALUES WITH (MODULUS 7, REMAINDER {})", at % 7),
    };
    let mut partitioned = None;
    let mut tail = String::new();
    if rng.percent(20)
        && let Some(key) = columns.iter().find(|column| column.class == Class::Int)
    {
        tail = format!(" PARTITION BY LIST ({})", key.name);
        partitioned = Some((key.name.clone(), "LIST".to_owned()));
    }
    let mut sql = vec![format!("CREATE TABLE {name} PARTITION OF {} {bound}{tail}", parent.name)];
    if let Some(column) = rng.one(&columns) {
        let own = &column.name;
        match rng.below(6) {
            0 => {
                let default = default(rng, world, &column.class, &column.type_name);
                sql.push(format!("ALTER TABLE {name} ALTER COLUMN {own} SET{default}"));
            }
            1 => sql.push(format!("ALTER TABLE {name} ALTER COLUMN {own} SET NOT NULL")),
            2 => sql.push(format!("COMMENT ON COLUMN {name}.{own} IS 'of the part'")),
            3 => sql.push(format!("ALTER TABLE {name} ALTER COLUMN {own} DROP DEFAULT")),
            _ => {}
        }
    }
    let mut piece = Piece::new(What::Partition, &name, sql).on(&parent.name);
    piece.partitioned = partitioned;
    piece.columns = columns;
    Some(piece)
}

pub fn view(rng: &mut Rng, world: &mut World, name: &str, what: What) -> Option<Piece> {
    let sources: &[What] = match what {
        What::ViewOnFunction => &[What::TableFunction],
        What::MaterializedView => &[What::Table, What::View, What::Table, What::Partition],
        _ => &[What::Table, What::View, What::Table, What::MaterializedView, What::Partition, What::Foreign],
    };
    // A view is over what was there before it, so that all can be made in order.
    let before: Vec<Piece> = world
        .of(sources)
        .into_iter()
        .take_while(|piece| piece.name != name)
        .filter(|piece| piece.name != name)
        .cloned()
        .collect();
    let source = rng.one(&before)?.clone();
    let from = match what {
        What::ViewOnFunction => format!("{}() AS x", source.name),
        _ => format!("{} AS x", source.name),
    };
    let mut columns: Vec<Column> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    let mut add = |text: String, class: Class, type_name: String| {
        let own = format!("v{}", list.len() + 1);
        list.push(format!("{text} AS {own}"));
        columns.push(Column { name: own, type_name, class, rest: String::new(), settings: Vec::new() });
    };
    let mut tail = String::new();
    let other = rng.one(&before)?.clone();
    match rng.below(7) {
        0 => {
            let aggregate = world.any(rng, &[What::Aggregate]).cloned();
            let of = aggregate.and_then(|aggregate| {
                let class = aggregate.class.clone()?;
                let column = source.columns().iter().find(|column| column.class == class)?;
                let cast = if class == Class::Int { "integer" } else { "text" };
                Some((format!("{}(x.{}::{cast})", aggregate.name, column.name), class, cast.to_owned()))
            });
            let (text, class, type_name) =
                of.unwrap_or_else(|| ("count(*)".to_owned(), Class::Int, "bigint".to_owned()));
            add(text, class, type_name);
        }
        1 if source.columns().iter().any(|column| column.name == "id") => {
            for column in rng.some(source.columns(), 3) {
                add(format!("x.{}", column.name), column.class.clone(), column.type_name.clone());
            }
            add("count(*)".to_owned(), Class::Int, "bigint".to_owned());
            tail = " GROUP BY x.id".to_owned();
        }
        2 if source.what == What::Table => {
            add("x".to_owned(), Class::Other, source.name.clone());
            add("x.*::text".to_owned(), Class::Text, "text".to_owned());
        }
        3 if what != What::ViewOnFunction => {
            tail = format!(" LEFT JOIN {} AS y ON true", other.name);
            for (before, columns) in [("x", source.columns()), ("y", other.columns())] {
                for column in rng.some(columns, 2) {
                    add(format!("{before}.{}", column.name), column.class.clone(), column.type_name.clone());
                }
            }
        }
        _ => {
            for _ in 0..=rng.below(4) {
                let (text, class, type_name) = expression(rng, world, source.columns(), "x.")?;
                add(text, class, type_name);
            }
            if rng.percent(40) {
                tail = format!(" WHERE {}", row_condition(rng, world, source.columns(), "x.")?);
            }
        }
    }
    let operator = world.any(rng, &[What::Operator]).cloned();
    if let Some(operator) = operator.filter(|_| rng.percent(20))
        && let Some(column) = source.columns().iter().find(|column| Some(&column.class) == operator.class.as_ref())
        && tail.is_empty()
    {
        let symbol = format!("OPERATOR({}.{})", schema_of(&operator.name), last(&operator.name));
        tail = format!(" WHERE x.{0} {symbol} x.{0}", column.name);
    }
    let word = if what == What::MaterializedView { "MATERIALIZED VIEW" } else { "VIEW" };
    let options = match what {
        What::MaterializedView => rng.maybe(20, " WITH (fillfactor = 60)"),
        _ => rng.pick(&["", "", "", " WITH (security_barrier)", " WITH (check_option = local)"]).to_owned(),
    };
    let data = if what == What::MaterializedView { rng.maybe(30, " WITH NO DATA") } else { String::new() };
    let mut sql = vec![format!("CREATE {word} {name}{options} AS SELECT {} FROM {from}{tail}{data}", list.join(", "))];
    if what != What::MaterializedView && rng.percent(10) {
        sql.push(format!("ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT NULL", columns.first()?.name));
    }
    if rng.percent(10) {
        sql.push(format!("COMMENT ON COLUMN {name}.{} IS 'shown'", columns.first()?.name));
    }
    let mut piece = Piece::new(what, name, sql).on(&source.name);
    piece.columns = columns;
    Some(piece)
}
