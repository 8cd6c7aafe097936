-- case: an index
CREATE TABLE t (a text, b integer, c text);
-- expected
CREATE INDEX i ON t (a DESC, (lower(c)) COLLATE "C" text_pattern_ops, b NULLS FIRST) INCLUDE (c) WITH (fillfactor = 70) WHERE b > 0;
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 50;
COMMENT ON INDEX i IS 'i';
-- changes: - index public.t.i

-- case: each attribute of an index
CREATE TABLE t (a text, b integer, c text);
-- actual
CREATE INDEX method ON t (b);
CREATE INDEX keys ON t (a);
CREATE INDEX direction ON t (a);
CREATE INDEX class ON t (a);
CREATE INDEX uniqueness ON t (a);
CREATE INDEX included ON t (a);
CREATE INDEX partial ON t (a);
CREATE INDEX options ON t (a) WITH (fillfactor = 70);
CREATE INDEX target ON t (lower(a));
-- expected
CREATE INDEX method ON t USING hash (b);
CREATE INDEX keys ON t (a, b);
CREATE INDEX direction ON t (a DESC NULLS LAST);
CREATE INDEX class ON t (a COLLATE "C" text_pattern_ops);
CREATE UNIQUE INDEX uniqueness ON t (a);
CREATE INDEX included ON t (a) INCLUDE (b);
CREATE INDEX partial ON t (a) WHERE a IS NOT NULL;
CREATE INDEX options ON t (a) WITH (deduplicate_items = off);
CREATE INDEX target ON t (lower(a));
ALTER INDEX target ALTER COLUMN 1 SET STATISTICS 7;
COMMENT ON INDEX target IS 't';
-- changes: ~ index public.t.method method; ~ index public.t.keys keys; ~ index public.t.direction keys; ~ index public.t.class keys; ~ index public.t.uniqueness unique; ~ index public.t.included include; ~ index public.t.partial predicate; ~ index public.t.options options; ~ index public.t.target keys; ~ index public.t.target comment

-- case: an index that a foreign key leans on
CREATE TABLE t (a integer, b integer);
CREATE TABLE u (a integer);
-- actual
CREATE UNIQUE INDEX i ON t (a);
ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a);
-- expected
CREATE UNIQUE INDEX i ON t (a) INCLUDE (b);
ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a);
-- changes: ~ index public.t.i include

-- case: an index over a function that is made again
CREATE TABLE t (a integer);
-- actual
CREATE FUNCTION f(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (f(a));
-- expected
CREATE FUNCTION f(b integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (f(a));
-- changes: ~ function public.f(integer) arguments

-- case: an index of a materialised view
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
-- expected
CREATE UNIQUE INDEX i ON m (a);
-- changes: - index public.m.i

-- case: a name moves from an index to a table
CREATE TABLE t (a integer);
-- actual
CREATE INDEX thing ON t (a);
-- expected
CREATE TABLE thing (a integer);
-- changes: + index public.t.thing; - table public.thing
