-- case: a view
CREATE TABLE t (a integer, b text);
-- expected
CREATE VIEW v WITH (security_barrier = true) AS SELECT a, b AS "B b" FROM t WHERE a > 0 WITH CASCADED CHECK OPTION;
ALTER VIEW v ALTER "B b" SET DEFAULT 'x';
COMMENT ON VIEW v IS 'v';
COMMENT ON COLUMN v.a IS 'a';
-- changes: - view public.v

-- case: a view whose query changes but not its columns
CREATE TABLE t (a integer, b text);
-- actual
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- expected
CREATE VIEW v AS SELECT a FROM t WHERE b = 'x';
CREATE VIEW w AS SELECT a FROM v;
-- changes: ~ view public.v definition

-- case: a view that gets a column, under another
CREATE TABLE t (a integer, b text);
-- actual
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'kept';
-- expected
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON VIEW w IS 'kept';
-- changes: ~ view public.v definition

-- case: a view whose column has another type, under others
CREATE TABLE t (a integer, b text);
-- actual
CREATE VIEW v AS SELECT a AS x FROM t;
CREATE VIEW w AS SELECT x FROM v;
CREATE MATERIALIZED VIEW m AS SELECT 1 FROM w;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON COLUMN w.x IS 'kept';
-- expected
CREATE VIEW v AS SELECT b AS x FROM t;
CREATE VIEW w AS SELECT x FROM v;
CREATE MATERIALIZED VIEW m AS SELECT 1 FROM w;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON COLUMN w.x IS 'kept';
-- changes: ~ view public.v definition

-- case: the type of a column under views
CREATE TABLE t (a integer, b integer, c integer);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT count(*) AS n FROM v;
CREATE VIEW other AS SELECT c FROM t;
-- expected
DROP VIEW w, v;
ALTER TABLE t ALTER a TYPE bigint;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT count(*) AS n FROM v;
-- changes: ~ column public.t.a type

-- case: options, default and comments of a view
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
-- expected
ALTER VIEW v SET (security_barrier = true);
ALTER VIEW v ALTER a SET DEFAULT 4;
COMMENT ON COLUMN v.a IS 'a';
COMMENT ON VIEW v IS 'v';
-- changes: ~ view public.v options; ~ column public.v.a default; ~ column public.v.a comment; ~ view public.v comment

-- case: security_invoker
-- server: 15
CREATE TABLE t (a integer);
-- actual
CREATE VIEW v AS SELECT a FROM t;
-- expected
CREATE VIEW v WITH (security_invoker = true) AS SELECT a FROM t;
-- changes: ~ view public.v options

-- case: a materialised view
CREATE TABLE t (a integer);
-- expected
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT a, a + 1 AS b FROM t WITH NO DATA;
CREATE INDEX i ON m (a);
COMMENT ON MATERIALIZED VIEW m IS 'm';
COMMENT ON COLUMN m.b IS 'b';
ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 7;
-- changes: - materialized_view public.m

-- case: the query of a materialised view
CREATE TABLE t (a integer);
-- actual
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE INDEX i ON m (a);
COMMENT ON MATERIALIZED VIEW m IS 'm';
-- expected
CREATE MATERIALIZED VIEW m AS SELECT a + 1 AS a FROM t;
CREATE INDEX i ON m (a);
COMMENT ON MATERIALIZED VIEW m IS 'm';
-- changes: ~ materialized_view public.m definition

-- case: options of a materialised view, and whether it is populated
CREATE TABLE t (a integer);
-- actual
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
-- expected
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT a FROM t;
-- changes: ~ materialized_view public.m options; ~ materialized_view public.m not_populated

-- case: a view becomes a table
CREATE TABLE t (a integer);
-- actual
CREATE VIEW v AS SELECT a FROM t;
-- expected
CREATE TABLE v (a integer);
-- changes: + view public.v; - table public.v

-- case: a view over a function, which is over a table
-- expected
CREATE TABLE z (a integer);
CREATE FUNCTION y() RETURNS SETOF z LANGUAGE sql STABLE AS 'SELECT * FROM z';
CREATE VIEW b AS SELECT a FROM y();
CREATE VIEW a AS SELECT a FROM b;
-- changes: - table public.z; - function public.y(); - view public.b; - view public.a

-- case: a view that groups by a primary key
CREATE TABLE t (a integer NOT NULL, b integer);
-- actual
ALTER TABLE t ADD PRIMARY KEY (a);
CREATE VIEW v AS SELECT a, b FROM t GROUP BY a;
-- expected
ALTER TABLE t ADD PRIMARY KEY (a) INCLUDE (b);
CREATE VIEW v AS SELECT a, b FROM t GROUP BY a;
-- changes: ~ primary_key public.t.t_pkey include

-- case: a column that a view stops to use goes
-- actual
CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT a FROM t WHERE b > 0;
-- expected
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
-- changes: + column public.t.b; ~ view public.v definition
