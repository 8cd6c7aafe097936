-- case: the same, made in another order and with dropped columns
-- actual
CREATE TABLE t (a integer, gone text, b text);
ALTER TABLE t DROP gone;
CREATE TABLE u (a integer);
CREATE INDEX i ON t (a) WITH (fillfactor = 70, deduplicate_items = off);
CREATE POLICY p ON t TO app, reader USING (true);
-- expected
CREATE TABLE u (a integer);
CREATE TABLE t (a integer, b text);
CREATE POLICY p ON t TO reader, app USING (true);
CREATE INDEX i ON t (a) WITH (deduplicate_items = off, fillfactor = 70);
-- changes: 

-- case: the same text written otherwise
-- actual
CREATE TABLE t (a integer DEFAULT (1 + 2), b varchar(10) DEFAULT 'x', CHECK ((a) > (0)));
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$ SELECT 'a' $x$;
CREATE VIEW v AS SELECT t.a, t.b FROM t;
-- expected
CREATE TABLE t (a int4 DEFAULT 1 + 2, b character varying(10) DEFAULT 'x'::varchar, CHECK (a > 0));
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS ' SELECT ''a'' ';
CREATE VIEW v AS SELECT a, b FROM public.t;
-- changes: 

-- case: privileges that are spelled out are the usual ones
CREATE TABLE t (a integer);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- actual
GRANT ALL ON t TO postgres;
GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
GRANT SELECT, INSERT ON t TO app;
GRANT SELECT ON t TO reader;
-- expected
GRANT SELECT ON t TO reader;
GRANT INSERT, SELECT ON t TO app;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
-- changes: 
