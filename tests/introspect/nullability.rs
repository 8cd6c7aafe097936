//! NOT NULL of views' columns: what is claimed is written down for each view,
//! and no column that is claimed ever gives NULL.

use super::*;

#[path = "../../src/postgres/introspect/nullability/functions.rs"]
#[allow(dead_code)]
mod functions;

const TABLES: &str = "
    CREATE TABLE company (id integer PRIMARY KEY, name varchar(40) NOT NULL, note text, parent integer REFERENCES company);
    CREATE TABLE person (id integer PRIMARY KEY, company_id integer, name text NOT NULL, mail text, born date,
                         tags text[] NOT NULL DEFAULT '{}');
    CREATE TABLE nobody (id integer NOT NULL, name text NOT NULL);
    INSERT INTO company VALUES (1, 'one', NULL, NULL), (2, 'two', 'n', 1), (3, 'three', 'm', 2), (5, 'five', NULL, 2);
    INSERT INTO person VALUES (1, 1, 'p', 'p@x', '2001-01-01'), (2, 1, 'q', NULL, 'infinity'), (3, NULL, 'r', NULL, NULL),
                              (4, 9, 's', 's@x', NULL);

    CREATE TYPE pair AS (a integer, b text);
    CREATE DOMAIN filled AS integer NOT NULL;
    CREATE TABLE domains (k integer NOT NULL, d filled);
    INSERT INTO domains (k, d) VALUES (1, (SELECT d FROM domains WHERE false));

    CREATE TABLE kept (id integer NOT NULL, c integer NOT NULL);
    CREATE TABLE heir (e text) INHERITS (kept);
    CREATE TABLE heir_of_heir () INHERITS (heir);
    INSERT INTO heir_of_heir VALUES (1, 2, NULL);
    CREATE TABLE parts (id integer NOT NULL, c integer NOT NULL) PARTITION BY LIST (id);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
    INSERT INTO parts VALUES (1, 1);
    CREATE SCHEMA outside;
    CREATE TABLE outside.t (id integer NOT NULL, x text);
    CREATE VIEW outside.v AS SELECT id, x FROM outside.t;
    INSERT INTO outside.t VALUES (1, NULL);

    -- What only looks as if it could give no NULL.
    CREATE FUNCTION never(integer) RETURNS integer LANGUAGE sql STRICT AS 'SELECT NULL::integer';
    CREATE FUNCTION never_two(integer, integer) RETURNS boolean LANGUAGE sql STRICT AS 'SELECT NULL::boolean';
    CREATE OPERATOR === (FUNCTION = never_two, LEFTARG = integer, RIGHTARG = integer);
    CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE sql STRICT AS 'SELECT NULL::text';
    CREATE TYPE one AS ENUM ('x');
    CREATE TYPE other AS ENUM ('x');
    CREATE FUNCTION one_other(one) RETURNS other LANGUAGE sql STRICT AS 'SELECT NULL::other';
    CREATE CAST (one AS other) WITH FUNCTION one_other(one) AS IMPLICIT;
    CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS IMPLICIT;
";

/// Each view with its columns: `x!` is claimed, `x` is not and does give NULL,
/// `x~` is not although it gives none here: nobody proves it. `x?` is not, and
/// whether it gives one depends on the server's version.
const VIEWS: &[(&str, &str, &str)] = &[
    // Tables and joins.
    ("plain", "SELECT id, name, note, parent, ctid::text AS place FROM company", "id! name! note parent place~"),
    ("nothing", "SELECT id, name FROM nobody", "id! name!"),
    ("inner_join", "SELECT c.id, p.id AS p, p.mail FROM company c JOIN person p ON p.company_id = c.id", "id! p! mail"),
    ("comma_join", "SELECT c.id, p.id AS p FROM company c, person p", "id! p!"),
    ("left_join", "SELECT c.id, p.id AS p, p.name FROM company c LEFT JOIN person p ON p.company_id = c.id", "id! p name"),
    ("right_join", "SELECT c.id, p.id AS p FROM company c RIGHT JOIN person p ON p.company_id = c.id", "id p!"),
    ("full_join", "SELECT c.id, p.id AS p FROM company c FULL JOIN person p ON p.company_id = c.id", "id p"),
    ("nested_joins",
     "SELECT a.id, b.id AS b, p.id AS p, q.id AS q FROM company a LEFT JOIN (company b JOIN person p ON p.company_id = b.id)
        ON b.id = a.parent JOIN company q ON q.id = a.id", "id! b p q!"),
    ("left_then_right",
     "SELECT a.id, b.id AS b, p.id AS p FROM company a LEFT JOIN company b ON b.id = a.parent RIGHT JOIN person p ON p.id = a.id",
     "id b p!"),
    ("aliased_join", "SELECT j.i, j.p FROM (company c LEFT JOIN person p ON p.company_id = c.id) AS j (i, n, o, r, p)", "i! p"),
    ("using_left", "SELECT id, p.name FROM company LEFT JOIN person p USING (id)", "id! name"),
    ("using_right", "SELECT id, c.name, p.name AS p FROM company c RIGHT JOIN person p USING (id)", "id! name p!"),
    ("using_full", "SELECT id, c.id AS c, p.id AS p FROM company c FULL JOIN person p USING (id)", "id! c p"),
    ("using_full_of_null",
     "SELECT k FROM (SELECT parent AS k FROM company) a FULL JOIN (SELECT id AS k FROM company) b USING (k)", "k"),
    ("using_full_thrice", "SELECT id FROM company FULL JOIN person USING (id) FULL JOIN nobody USING (id)", "id!"),
    ("using_other_types",
     "SELECT id FROM company FULL JOIN (SELECT id::bigint AS id FROM person) p USING (id)", "id!"),
    ("using_nulled",
     "SELECT x.id AS x, id FROM (SELECT 7 AS k) o LEFT JOIN (company FULL JOIN person USING (id)) ON id = o.k
        LEFT JOIN company x USING (id)", "x id"),
    ("natural", "SELECT id, name FROM (SELECT id, name FROM company) c NATURAL FULL JOIN (SELECT id, mail AS name FROM person) p",
     "id! name"),
    ("whole_row", "SELECT p FROM company c LEFT JOIN person p ON p.company_id = c.id", "p"),
    // Inheritance, partitions, domains, other schemas.
    ("inherited", "SELECT id, c FROM kept", "id! c!"),
    ("own_rows", "SELECT id, c FROM ONLY kept", "id! c!"),
    ("heirs", "SELECT id, e FROM heir", "id! e"),
    ("partitions", "SELECT id, c FROM parts", "id! c!"),
    ("domain", "SELECT k, d, d::integer AS i FROM domains", "k! d i"),
    ("from_outside", "SELECT t.id, t.x, v.id AS v, v.x AS vx FROM outside.t, outside.v", "id! x v! vx"),
    ("system_catalog", "SELECT oid, relname FROM pg_class WHERE relname = 'pg_class'", "oid~ relname~"),
    // Several shapes at once.
    ("union_of_left_join", "SELECT c.id, p.id AS p FROM company c LEFT JOIN person p ON p.company_id = c.id UNION ALL SELECT id, id FROM nobody",
     "id! p"),
    ("sets_below_using", "WITH g AS (SELECT id, name, count(*) AS n FROM company GROUP BY GROUPING SETS ((id, name), ()))
        SELECT id, g.name, g.n, p.name AS p FROM g LEFT JOIN person p USING (id)", "id name n! p"),
    ("lateral_of_full", "SELECT l.a, l.b, l.n FROM company c FULL JOIN person p ON p.company_id = c.id
        CROSS JOIN LATERAL (SELECT c.id AS a, p.id AS b, 1 AS n) l", "a b n!"),
    ("aggregate_of_right", "SELECT p.id, count(c.id) AS n, max(c.id) AS m, count(*) FILTER (WHERE c.id IS NULL) AS f
        FROM company c RIGHT JOIN person p ON p.company_id = c.id GROUP BY p.id", "id! n! m f!"),
    ("left_of_union", "SELECT c.id, u.k FROM company c LEFT JOIN (SELECT id AS k FROM person UNION SELECT id FROM nobody) u ON u.k = c.id + 1",
     "id! k"),
    ("using_of_views", "SELECT id, r.p AS a, l.p AS b FROM left_join l FULL JOIN (SELECT id, p FROM inner_join) r USING (id)", "id! a b"),
    // Views on views.
    ("on_view", "SELECT id, p FROM left_join", "id! p"),
    ("on_view_nulled", "SELECT c.id, v.p FROM company c LEFT JOIN inner_join v ON v.id = c.id", "id! p"),
    ("totals", "SELECT count(*) AS n, max(id) AS total FROM nobody", "n! total"),
    ("on_materialized", "SELECT n, total FROM totals", "n! total"),
    // Subqueries, CTEs, VALUES, functions.
    ("subquery", "SELECT s.i, s.n FROM (SELECT id AS i, note AS n FROM company ORDER BY name LIMIT 5) s", "i! n"),
    ("lateral", "SELECT c.id, l.x, l.n FROM company c CROSS JOIN LATERAL (SELECT c.id AS x, c.note AS n) l", "id! x! n"),
    ("lateral_nulled",
     "SELECT l.x, l.y FROM company c LEFT JOIN person p ON p.company_id = c.id CROSS JOIN LATERAL (SELECT p.id AS x, c.id AS y) l",
     "x y!"),
    ("left_lateral", "SELECT l.n FROM company c LEFT JOIN LATERAL (SELECT 1 AS n WHERE c.id = 1) l ON true", "n"),
    ("lateral_count",
     "SELECT l.n FROM company c CROSS JOIN LATERAL (SELECT count(*) AS n FROM person p WHERE p.company_id = c.id) l", "n!"),
    ("cte", "WITH w AS (SELECT id, note FROM company), x AS (SELECT * FROM w) SELECT x.id, x.note, w.id AS w FROM x LEFT JOIN w ON false",
     "id! note w"),
    ("cte_within", "WITH w AS (SELECT id FROM company) SELECT s.id FROM (SELECT w.id FROM w WHERE EXISTS (SELECT FROM w)) s", "id!"),
    ("shadowed_cte", "WITH w AS (SELECT NULL::integer AS a) SELECT s.a FROM (WITH w AS (SELECT 1 AS a) SELECT a FROM w) s, w", "a!"),
    ("shadowing_cte", "WITH w AS (SELECT 1 AS a) SELECT w.a AS b, s.a FROM (WITH w AS (SELECT NULL::integer AS a) SELECT a FROM w) s, w",
     "b! a"),
    ("recursive", "WITH RECURSIVE w AS (SELECT id, parent, 1 AS depth FROM company UNION ALL
        SELECT c.id, c.parent, w.depth + 1 FROM company c JOIN w ON w.id = c.parent WHERE w.depth < 5) SELECT * FROM w",
     "id! parent depth!"),
    ("recursive_nulled", "WITH RECURSIVE w AS (SELECT 1 AS a, 1 AS b, 1 AS n UNION ALL
        SELECT c.parent, w.a, w.n + 1 FROM w LEFT JOIN company c ON c.id = w.n WHERE w.n < 4) SELECT * FROM w", "a b n!"),
    ("recursive_search", "WITH RECURSIVE w AS (SELECT id FROM company WHERE parent IS NULL UNION ALL
        SELECT c.id FROM company c JOIN w ON w.id = c.parent) SEARCH DEPTH FIRST BY id SET seq CYCLE id SET again USING path
        SELECT id, seq::text, again, path::text FROM w", "id! seq~ again~ path~"),
    ("rows", "SELECT * FROM (VALUES (1, 'a', NULL), (2, NULL, NULL)) AS v (a, b, c)", "a! b c"),
    ("values_alone", "VALUES (1, NULL::text), (2, 'x')", "column1! column2"),
    ("ordinality", "SELECT u.x, u.n FROM unnest(ARRAY[1, NULL]) WITH ORDINALITY AS u (x, n)", "x n!"),
    ("rows_from", "SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a'])) WITH ORDINALITY AS r (a, b, n)", "a~ b n!"),
    ("ordinality_nulled", "SELECT u.n FROM company c LEFT JOIN unnest(ARRAY[1]) WITH ORDINALITY AS u (x, n) ON u.x = c.id", "n"),
    ("series", "SELECT generate_series(1, 2) AS a, unnest(ARRAY[1]) AS b, 1 AS c", "a~ b c!"),
    // Set operations.
    ("union_all", "SELECT id, name, 1 AS k FROM company UNION ALL SELECT id, mail, 2 FROM person", "id! name k!"),
    ("unions", "SELECT id FROM company UNION SELECT id FROM person UNION SELECT parent FROM company", "id"),
    ("union_of_unions", "(SELECT id FROM company UNION SELECT 5) UNION ALL (SELECT 6 UNION SELECT id FROM person)", "id!"),
    ("intersection", "SELECT parent AS a FROM company INTERSECT SELECT id FROM company", "a!"),
    ("exception", "SELECT id AS a, id AS b FROM company EXCEPT SELECT parent, NULL FROM company", "a! b!"),
    ("exception_left", "SELECT parent AS a FROM company EXCEPT SELECT id FROM company", "a"),
    ("union_of_types", "SELECT id AS a FROM company UNION ALL SELECT 1.5", "a!"),
    ("union_by_users_cast", "SELECT 'x'::one AS a UNION ALL SELECT 'x'::other", "a"),
    // Aggregates and grouping.
    ("aggregates", "SELECT count(*) AS a, count(name) AS b, max(id) AS c, count(*) FILTER (WHERE false) AS d, sum(id) AS e FROM nobody",
     "a! b! c d! e"),
    ("groups", "SELECT parent, name, count(note) AS n, min(note) AS m FROM company GROUP BY parent, name", "parent name! n! m"),
    ("group_by_key", "SELECT c.id, c.name, c.note, count(p.id) AS n FROM company c LEFT JOIN person p ON p.company_id = c.id GROUP BY c.id",
     "id! name! note n!"),
    ("group_by_expression", "SELECT lower(name) AS l, note IS NULL AS w FROM company GROUP BY lower(name), note IS NULL", "l! w!"),
    ("rollup", "SELECT id, name, count(*) AS n, GROUPING(id) AS g, COALESCE(name, 'all') AS c FROM company GROUP BY ROLLUP (id, name)",
     "id name n! g! c!"),
    ("cube", "SELECT id FROM company GROUP BY CUBE (id)", "id"),
    ("sets", "SELECT id, name FROM company GROUP BY GROUPING SETS ((id, name), (id))", "id~ name"),
    ("rollup_of_expressions",
     "SELECT COALESCE(note, 'x') AS a, COALESCE(note, 'x') AS b, (note IS NULL)::text AS c, 'y'::text AS d, count(*) AS n
        FROM company GROUP BY ROLLUP (COALESCE(note, 'x'), note IS NULL, 'y'::text)", "a b c d? n!"),
    ("rollup_of_constant", "SELECT 'y'::text AS d, current_date AS t, count(*) AS n FROM company GROUP BY ROLLUP ('y'::text, current_date)",
     "d? t? n!"),
    ("rollup_seen_from_within", "SELECT (SELECT count(*) FROM person p WHERE p.id = c.id) AS n, (SELECT c.id) AS i FROM company c
        GROUP BY ROLLUP (c.id)", "n! i"),
    ("rollup_below", "SELECT s.id, s.n FROM (SELECT id, count(*) AS n FROM company GROUP BY ROLLUP (id)) s", "id n!"),
    ("grand_total", "SELECT count(*) AS n, 'x' AS x FROM nobody GROUP BY ()", "n! x!"),
    ("having", "SELECT 1 AS x HAVING true", "x!"),
    ("windows", "SELECT row_number() OVER () AS a, rank() OVER w AS b, dense_rank() OVER w AS c, percent_rank() OVER w AS d,
        cume_dist() OVER w AS e, ntile(2) OVER w AS f, ntile(parent) OVER (PARTITION BY id) AS g, count(note) OVER w AS h,
        lag(id) OVER w AS i, sum(parent) OVER w AS j, first_value(id) OVER w AS k FROM company WINDOW w AS (ORDER BY id)",
     "a! b! c! d! e! f! g h! i j k~"),
    ("distinct_on", "SELECT DISTINCT ON (note) note, id FROM company ORDER BY note, id", "note id!"),
    // Expressions.
    ("constants", "SELECT 1 AS a, NULL::text AS b, 'x' AS c, ARRAY[NULL]::text[] AS d, true AS e, NULL AS f", "a! b c! d! e! f"),
    ("coalesced", "SELECT COALESCE(note, name) AS a, COALESCE(note, parent::text) AS b, COALESCE(parent, 0) AS c FROM company", "a! b c!"),
    ("greatest", "SELECT GREATEST(parent, id) AS a, LEAST(parent, NULL) AS b, NULLIF(id, 1) AS c FROM company", "a! b c"),
    ("truths", "SELECT note IS NULL AS a, (parent = 1) IS TRUE AS b, parent IS DISTINCT FROM 1 AS c, NOT (note IS NULL) AS d,
        note IS NULL AND parent IS NULL AS e, parent = 1 OR note IS NULL AS f, id > 0 AS g, parent > 0 AS h, note IS NULL AND parent > 0 AS i
        FROM company", "a! b! c! d! e! f~ g! h i"),
    ("cases", "SELECT CASE WHEN note IS NULL THEN 1 ELSE 2 END AS a, CASE WHEN note IS NULL THEN 1 END AS b,
        CASE id WHEN 1 THEN name ELSE 'x' END AS c, CASE WHEN id = 1 THEN note ELSE 'x' END AS d, CASE WHEN parent > 1 THEN 1 ELSE id END AS e
        FROM company", "a! b c! d e!"),
    ("casts", "SELECT id::text AS a, name::text AS b, id::bigint AS c, note::varchar(3) AS d, ARRAY[1, 2]::text[] AS e, name COLLATE \"C\" AS f,
        id::numeric(8, 2) AS g, parent::text AS h FROM company", "a! b! c! d e! f! g! h"),
    ("users_cast", "SELECT ROW(1, 'x')::pair::text AS a, ROW(1, NULL)::pair AS b", "a b!"),
    ("arithmetic", "SELECT id + 1 AS a, id * 2.5 AS b, parent + 1 AS c, -id AS d, name || 'x' AS e, upper(name) AS f, id % 2 AS g FROM company",
     "a! b! c d! e! f! g!"),
    ("users_functions", "SELECT never(id) AS a, id === 1 AS b, abs(id) AS c FROM company", "a b c~"),
    ("lookups", "SELECT (ARRAY[1])[5] AS a, (ROW(1, NULL)::pair).b AS b, tags[1] AS t, '{}'::jsonb -> 'x' AS c,
        extract(day FROM born) AS d, substring(name FROM 'z') AS e FROM person", "a b t c d e"),
    ("clocks", "SELECT now() AS a, current_date AS b, current_user AS c, current_schema AS d, gen_random_uuid() AS e, localtime AS f",
     "a! b! c! d~ e! f!"),
    ("sublinks", "SELECT EXISTS (SELECT FROM nobody) AS a, ARRAY(SELECT id FROM nobody) AS b, (SELECT id FROM nobody) AS c,
        (SELECT count(*) FROM nobody) AS d, (SELECT max(id) FROM nobody) AS e, parent IN (SELECT id FROM company) AS f,
        (SELECT count(*) FROM nobody GROUP BY id) AS g, (SELECT count(*) FROM nobody HAVING false) AS h,
        (SELECT count(*) FROM nobody LIMIT 0) AS i, (SELECT count(*) FROM nobody OFFSET 1) AS j,
        (SELECT count(c.id)) AS k FROM company c GROUP BY c.parent", "a! b! c d! e f g h i j k~"),
    // WHERE.
    ("where_not_null", "SELECT note, parent FROM company WHERE note IS NOT NULL AND id > 0", "note! parent~"),
    ("where_either", "SELECT note FROM company WHERE note IS NOT NULL OR id > 0", "note"),
    ("where_compared", "SELECT parent, note FROM company WHERE parent > 0 AND id < 9", "parent! note"),
    ("where_joined", "SELECT p.id, p.mail FROM company c LEFT JOIN person p ON p.company_id = c.id WHERE p.id IS NOT NULL", "id! mail"),
    ("on_is_no_where", "SELECT p.mail, c.note FROM company c LEFT JOIN person p ON p.mail IS NOT NULL AND c.note IS NOT NULL", "mail note"),
    ("where_users", "SELECT parent FROM company WHERE (parent === 1) IS NULL", "parent"),
    ("where_row", "SELECT q FROM (SELECT ROW(1, 'x')::pair AS q UNION ALL SELECT NULL) s WHERE NOT (q IS NOT NULL)", "q"),
    ("where_rolled_up", "SELECT note FROM company WHERE note IS NOT NULL GROUP BY ROLLUP (note)", "note"),
    // Names that look like the tree's own.
    ("names", "SELECT note AS \":expr\", id AS \"{\", name AS \"<>\", note AS \"a\tb\\\", 1 AS \":resjunk\ttrue\", note AS \"[\", note AS \"é)\" FROM company",
     ":expr {! <>! a\tb\\ :resjunk\ttrue! [ é)"),
];

#[test]
fn what_is_claimed_is_proved_and_true() {
    let mut sql = TABLES.to_owned();
    for (name, query, _) in VIEWS {
        let kind = if *name == "totals" { "MATERIALIZED VIEW" } else { "VIEW" };
        sql.push_str(&format!("CREATE {kind} \"{name}\" AS {query};\n"));
    }
    let settings = database(&SERVER, "nullability", &sql);
    // What is left out is looked into all the same.
    let manifest = read(&settings, &Options { exclude: texts(["outside"]), ..Options::default() });
    let public = schema(&manifest, "public");
    let mut session = Session::connect(&settings).unwrap();
    let mut wrong = Vec::new();
    for (name, _, expected) in VIEWS {
        let mut views = public.views.iter().chain(&public.materialized_views);
        let view = views.find(|view| view.name == *name).unwrap();
        let mut found = Vec::new();
        for (column, expected) in view.columns.iter().zip(expected.split(' ')) {
            let quoted = column.name.replace('"', "\"\"");
            let sql = format!("SELECT COALESCE(sum(num_nulls(\"{quoted}\")), 0)::int8 FROM \"{name}\"");
            let row = session.run(async |client| client.query_typed_one(&sql, &[]).await).unwrap();
            let nulls: i64 = row.get(0);
            let mark = match (column.not_null, nulls) {
                (true, 0) => "!",
                (true, _) => " IS CLAIMED WRONGLY",
                (false, _) if expected.ends_with('?') => "?",
                (false, 0) => "~",
                (false, _) => "",
            };
            found.push(format!("{}{mark}", column.name));
        }
        if found.join(" ") != *expected {
            wrong.push(format!("{name}:\n  expected {expected}\n  found    {}", found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A table's NOT NULL that does not hold of all that a query of it reads.
#[test]
fn not_null_that_does_not_hold() {
    let settings = database(
        &SERVER,
        "does_not_hold",
        "CREATE EXTENSION file_fdw;
         CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE distant (c integer NOT NULL) SERVER files OPTIONS (filename 'nowhere');
         CREATE VIEW v_distant AS SELECT c FROM distant;
         CREATE TABLE parts (c integer NOT NULL, d integer NOT NULL) PARTITION BY LIST (c);
         CREATE FOREIGN TABLE parts_1 PARTITION OF parts FOR VALUES IN (1) SERVER files OPTIONS (filename 'nowhere');
         CREATE VIEW v_parts AS SELECT c, d FROM parts;
         CREATE TABLE parent (c integer NOT NULL, d integer NOT NULL);
         CREATE TABLE child () INHERITS (parent);
         CREATE TABLE grandchild () INHERITS (child);
         CREATE VIEW v_parent AS SELECT c, d FROM parent;",
    );
    let mut session = Session::connect(&settings).unwrap();
    // Up to server 17 a child may drop it; 18 has NO INHERIT and NOT VALID.
    let older = "ALTER TABLE grandchild ALTER c DROP NOT NULL; INSERT INTO grandchild VALUES (NULL, 1);
                 CREATE TABLE later (c integer NOT NULL); CREATE VIEW v_later AS SELECT NULL::integer AS c;";
    let newer = "ALTER TABLE parent ALTER c DROP NOT NULL, ADD CONSTRAINT mine NOT NULL c NO INHERIT;
                 INSERT INTO grandchild VALUES (NULL, 1);
                 CREATE TABLE later (c integer); INSERT INTO later VALUES (NULL);
                 ALTER TABLE later ADD CONSTRAINT soon NOT NULL c NOT VALID;
                 CREATE VIEW v_later AS SELECT c FROM later;";
    let row = session.run(async |client| {
        client.query_typed_one("SELECT current_setting('server_version_num')::int4 >= 180000", &[]).await
    });
    execute(&settings, if row.unwrap().get(0) { newer } else { older });
    let sql = "SELECT sum(num_nulls(c))::int8 FROM v_parent";
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap();
    assert_eq!(row.get::<_, i64>(0), 1, "the parent gives the child's null");
    let manifest = read(&settings, &Options::default());
    let views = &schema(&manifest, "public").views;
    let claimed = views.iter().flat_map(|view| {
        let columns = view.columns.iter().filter(|column| column.not_null);
        columns.map(|column| format!("{}.{}", view.name, column.name))
    });
    assert_eq!(claimed.collect::<Vec<_>>(), ["v_parent.d"]);
}

/// The numbers are those of built-in functions, strict and in C, and none of
/// them gives NULL for an extreme of its arguments' types.
#[test]
fn total_functions_are_total() {
    let settings = database(&SERVER, "total", "CREATE TYPE mood AS ENUM ('sad', 'glad')");
    let numbers: Vec<String> = functions::TOTAL.iter().flat_map(|group| group.iter()).map(u32::to_string).collect();
    for group in functions::TOTAL {
        assert!(group.is_sorted(), "{group:?}");
    }
    let sql = include_str!("total_functions.sql").replace("NUMBERS", &numbers.join(", "));
    let mut session = Session::connect(&settings).unwrap();
    session.run(async |client| client.batch_execute(&sql).await).unwrap();
    let sql = "SELECT (SELECT count(*) FROM calls WHERE fine)::int8,
                      (SELECT count(DISTINCT function) FROM calls WHERE fine)::int8,
                      COALESCE((SELECT string_agg(call, ', ') FROM calls WHERE NOT fine), ''),
                      (SELECT string_agg(oid::regprocedure::text, ', ' ORDER BY oid) FROM pg_proc
                        WHERE oid IN (2147, 2803, 3100, 3101, 3102, 3103, 3104, 3105))";
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap();
    assert_eq!(row.get::<_, &str>(2), "");
    assert_eq!(row.get::<_, i64>(1), i64::try_from(numbers.len()).unwrap(), "each was called");
    assert!(row.get::<_, i64>(0) > 5000, "{}", row.get::<_, i64>(0));
    let others =
        "count(\"any\"), count(), row_number(), rank(), dense_rank(), percent_rank(), cume_dist(), ntile(integer)";
    assert_eq!(row.get::<_, &str>(3), others);
    assert_eq!((functions::COUNTS, functions::NTILE), ([2147, 2803], 3105));
    assert_eq!(functions::RANKS, [3100, 3101, 3102, 3103, 3104]);
}

/// Views that a recursion without an end, or one for each level, would not
/// survive on a thread of a test. What is too deep is not claimed.
#[test]
fn deep_views() {
    let sum = "id".to_owned() + &" + 1".repeat(1500);
    let nested = |levels: usize| "SELECT id FROM (".repeat(levels) + "SELECT id FROM t" + &") s".repeat(levels);
    let full = (1..30).map(|_| " FULL JOIN t USING (id)").enumerate();
    let full: String = full.map(|(place, join)| join.replace(" t ", &format!(" t AS t{place} "))).collect();
    let nulls = (0..40)
        .fold("SELECT x FROM t".to_owned(), |query, _| format!("SELECT COALESCE(x, x, x) AS x FROM ({query}) s"));
    let mut sql = format!(
        "SET max_stack_depth = '6MB';
         CREATE TABLE t (id integer NOT NULL, x text);
         CREATE VIEW deep_sum AS SELECT {sum} AS id FROM t;
         CREATE VIEW nested AS {};
         CREATE VIEW too_nested AS {};
         CREATE VIEW arms AS {};
         CREATE VIEW fulls AS SELECT id FROM t{full};
         CREATE VIEW nulls AS {nulls};
         CREATE VIEW chain_0 AS SELECT id FROM t;",
        nested(30),
        nested(120),
        ["SELECT id FROM t"; 300].join(" UNION ALL "),
    );
    for place in 1..300 {
        sql.push_str(&format!("CREATE VIEW chain_{place} AS SELECT id FROM chain_{};", place - 1));
    }
    let settings = database(&SERVER, "deep", &sql);
    let manifest = read(&settings, &Options::default());
    let claimed = |name: &str| {
        let views = &schema(&manifest, "public").views;
        views.iter().find(|view| view.name == name).unwrap().columns[0].not_null
    };
    let names = ["nested", "arms", "fulls", "chain_299", "deep_sum", "too_nested", "nulls"];
    assert_eq!(names.map(claimed), [true, true, true, true, false, false, false]);
}
