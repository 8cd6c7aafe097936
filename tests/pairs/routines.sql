-- case: functions of all sorts
-- expected
CREATE FUNCTION f(a integer, b text DEFAULT 'x', VARIADIC c integer[] DEFAULT '{}') RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF SECURITY DEFINER COST 7 SET search_path = pg_catalog, pg_temp SET work_mem = '8MB' AS $x$ SELECT 1 -- '$$' \ "
$x$;
CREATE FUNCTION g(OUT a integer, INOUT b text, OUT c date) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION h(a integer) RETURNS TABLE (x integer, "Y y" text) LANGUAGE sql ROWS 5 AS 'SELECT 1, ''a''';
CREATE FUNCTION i(integer) RETURNS integer LANGUAGE sql RETURN $1 + 1;
CREATE FUNCTION j() RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
CREATE PROCEDURE p(a integer, INOUT b integer DEFAULT 1) LANGUAGE plpgsql AS 'BEGIN END';
COMMENT ON FUNCTION f(integer, text, integer[]) IS 'f';
COMMENT ON PROCEDURE p(integer, integer) IS 'p';
-- changes: - function public.f(integer, text, integer[]); - function public.g(text); - function public.h(integer); - function public.i(integer); - function public.j(); - procedure public.p(integer, integer)

-- case: each attribute of a function
-- actual
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- expected
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 3 SET search_path = '' AS 'BEGIN RETURN 2; END';
COMMENT ON FUNCTION f(integer) IS 'c';
-- changes: ~ function public.f(integer) language; ~ function public.f(integer) volatility; ~ function public.f(integer) strict; ~ function public.f(integer) security_definer; ~ function public.f(integer) leakproof; ~ function public.f(integer) parallel; ~ function public.f(integer) cost; ~ function public.f(integer) settings; ~ function public.f(integer) body; ~ function public.f(integer) comment

-- case: what a function returns, under a view
-- actual
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT 1 AS one WHERE f(1) IS NOT NULL;
-- expected
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE VIEW v AS SELECT 1 AS one WHERE f(1) IS NOT NULL;
-- changes: ~ function public.f(integer) returns; ~ function public.f(integer) body

-- case: arguments get names and defaults
-- actual
CREATE FUNCTION f(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- expected
CREATE FUNCTION f(a integer, b integer DEFAULT 3) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- changes: ~ function public.f(integer, integer) arguments

-- case: overloads are told apart
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- expected
CREATE FUNCTION f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- changes: - function public.f(text)

-- case: a function becomes a procedure
-- actual
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- expected
CREATE PROCEDURE f(integer) LANGUAGE sql AS 'SELECT 1';
-- changes: + function public.f(integer); - procedure public.f(integer)

-- case: a standard body instead of a text
CREATE TABLE t (a integer);
-- actual
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
-- expected
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM t);
-- changes: ~ function public.f() body; ~ function public.f() sql_body

-- case: a table that a standard body reads
-- expected
CREATE TABLE z (a integer);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM z);
CREATE TABLE b (n bigint DEFAULT f());
-- changes: - table public.z; - function public.f(); - table public.b

-- case: aggregates
-- expected
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE, COMBINEFUNC = int4pl);
CREATE AGGREGATE many(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE total(integer) IS 't';
COMMENT ON AGGREGATE many(*) IS 'm';
COMMENT ON AGGREGATE middle(float8 ORDER BY anyelement) IS 'm';
-- changes: - aggregate public.total(integer); - aggregate public.many(); - aggregate public.middle(double precision, anyelement)

-- case: the definition of an aggregate, under a view
-- actual
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE VIEW v AS SELECT total(1) AS t;
-- expected
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1');
CREATE VIEW v AS SELECT total(1) AS t;
-- changes: ~ aggregate public.total(integer) definition

-- case: a window function
-- expected
CREATE FUNCTION number() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
-- changes: - window_function public.number()

-- case: a function that takes a table's row
-- expected
CREATE TABLE z (a integer);
CREATE FUNCTION f(z) RETURNS integer LANGUAGE sql AS 'SELECT $1.a';
-- changes: - table public.z; - function public.f(public.z)
