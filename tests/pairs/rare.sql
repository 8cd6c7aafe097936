-- case: operators and what indexes make of them
-- expected
CREATE SCHEMA s;
CREATE FUNCTION s.less(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION s.equal(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE OPERATOR s.<<< (FUNCTION = s.less, LEFTARG = integer, RIGHTARG = integer, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR s.=== (FUNCTION = s.equal, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(s.===), HASHES, MERGES);
CREATE OPERATOR FAMILY s.family USING btree;
CREATE OPERATOR CLASS s.class FOR TYPE integer USING btree FAMILY s.family AS OPERATOR 1 s.<<<, OPERATOR 3 s.===, FUNCTION 1 btint4cmp(integer, integer);
COMMENT ON OPERATOR s.<<< (integer, integer) IS 'o';
COMMENT ON OPERATOR CLASS s.class USING btree IS 'c';
COMMENT ON OPERATOR FAMILY s.family USING btree IS 'f';
CREATE TABLE s.t (a integer);
CREATE INDEX i ON s.t (a s.class);
-- changes: - schema s; - function s.less(integer, integer); - function s.equal(integer, integer); - operator s.<<<(integer, integer); - operator s.===(integer, integer); - operator_family s.family USING btree; - operator_class s.class USING btree; - table s.t

-- case: the estimators of an operator
CREATE FUNCTION less(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE OPERATOR <<< (FUNCTION = less, LEFTARG = integer, RIGHTARG = integer);
-- expected
ALTER OPERATOR <<< (integer, integer) SET (RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR <<< (integer, integer) IS 'o';
-- changes: ~ operator public.<<<(integer, integer) restrict; ~ operator public.<<<(integer, integer) join; ~ operator public.<<<(integer, integer) comment

-- case: an operator under a view
-- actual
CREATE FUNCTION less(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE OPERATOR <<< (FUNCTION = less, LEFTARG = integer, RIGHTARG = integer);
CREATE VIEW v AS SELECT 1 <<< 2 AS x;
-- expected
CREATE FUNCTION less(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION more(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE OPERATOR <<< (FUNCTION = more, LEFTARG = integer, RIGHTARG = integer);
CREATE VIEW v AS SELECT 1 <<< 2 AS x;
-- changes: ~ operator public.<<<(integer, integer) function; - function public.more(integer, integer)

-- case: a cast
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION to_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
-- expected
CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood) AS ASSIGNMENT;
CREATE CAST (mood AS text) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (mood AS integer) IS 'c';
-- changes: - cast (public.mood AS integer); - cast (public.mood AS text)

-- case: the context of a cast
CREATE TYPE mood AS ENUM ('a');
CREATE FUNCTION to_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
-- actual
CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood);
-- expected
CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood) AS IMPLICIT;
-- changes: ~ cast (public.mood AS integer) context

-- case: collations and conversions
-- expected
CREATE COLLATION german (LOCALE = 'C');
CREATE COLLATION numeric (PROVIDER = icu, LOCALE = 'en-u-kn-true', DETERMINISTIC = false);
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON COLLATION german IS 'g';
COMMENT ON CONVERSION conv IS 'c';
CREATE TABLE t (a text COLLATE numeric);
CREATE INDEX i ON t (a COLLATE german);
-- changes: - collation public.german; - collation public."numeric"; - conversion public.conv; - table public.t

-- case: a collation that a column has
-- actual
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'en');
CREATE TABLE t (a text COLLATE c);
-- expected
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de');
CREATE TABLE t (a text COLLATE c);
-- changes: ~ collation public.c locale

-- case: text search
-- expected
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d, simple;
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'c';
COMMENT ON TEXT SEARCH DICTIONARY d IS 'd';
COMMENT ON TEXT SEARCH PARSER p IS 'p';
COMMENT ON TEXT SEARCH TEMPLATE t IS 't';
CREATE TABLE docs (body text);
CREATE INDEX i ON docs USING gin (to_tsvector('public.c'::regconfig, body));
-- changes: - text_search_dictionary public.d; - text_search_parser public.p; - text_search_template public.t; - text_search_configuration public.c; - table public.docs

-- case: the mappings of a configuration
CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog."default");
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple);
-- actual
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH simple;
-- expected
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, email WITH d, simple;
ALTER TEXT SEARCH DICTIONARY d (STOPWORDS = english);
-- changes: ~ text_search_configuration public.c mappings; ~ text_search_dictionary public.d options

-- case: foreign servers
-- expected
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER srv TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h');
CREATE USER MAPPING FOR app SERVER srv OPTIONS (user 'u');
CREATE USER MAPPING FOR PUBLIC SERVER srv;
GRANT USAGE ON FOREIGN SERVER srv TO app;
GRANT USAGE ON FOREIGN DATA WRAPPER w TO app;
COMMENT ON SERVER srv IS 's';
COMMENT ON FOREIGN DATA WRAPPER w IS 'w';
CREATE FOREIGN TABLE f (a integer) SERVER srv;
-- changes: - foreign_data_wrapper w; - server srv; - foreign_table public.f

-- case: the attributes of a foreign server
CREATE FOREIGN DATA WRAPPER w;
-- actual
CREATE SERVER srv VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', goes '1');
CREATE USER MAPPING FOR app SERVER srv OPTIONS (user 'u');
-- expected
CREATE SERVER srv VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'i', comes '1');
CREATE USER MAPPING FOR app SERVER srv OPTIONS (user 'v');
-- changes: ~ server srv version; ~ server srv options; ~ user_mapping FOR app SERVER srv options

-- case: languages, transforms, access methods, event triggers
-- expected
CREATE LANGUAGE lang HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE lang IS 'l';
CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD am IS 'a';
CREATE TABLE t (a integer) USING am;
CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION guard();
ALTER EVENT TRIGGER e DISABLE;
COMMENT ON EVENT TRIGGER e IS 'e';
-- changes: - language lang; - access_method am; - table public.t; - function public.guard(); - event_trigger e

-- case: the attributes of an event trigger
CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
-- actual
CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION guard();
CREATE EVENT TRIGGER state ON sql_drop EXECUTE FUNCTION guard();
-- expected
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION guard();
CREATE EVENT TRIGGER state ON sql_drop EXECUTE FUNCTION guard();
ALTER EVENT TRIGGER state ENABLE ALWAYS;
-- changes: ~ event_trigger e event; ~ event_trigger e tags; ~ event_trigger state enabled

-- case: publications
CREATE TABLE t (a integer PRIMARY KEY, b text);
CREATE TABLE u (a integer PRIMARY KEY);
-- actual
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
-- expected
CREATE PUBLICATION p FOR TABLE u WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION q FOR ALL TABLES;
COMMENT ON PUBLICATION q IS 'q';
-- changes: ~ publication p operations; ~ publication p via_partition_root; + publication_table p.public.t; - publication_table p.public.u; - publication q

-- case: columns and rows of a publication
-- server: 15
CREATE SCHEMA s;
CREATE TABLE t (a integer PRIMARY KEY, b text);
-- actual
CREATE PUBLICATION p FOR TABLE t;
-- expected
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 0);
CREATE PUBLICATION q FOR TABLES IN SCHEMA s;
-- changes: ~ publication_table p.public.t columns; ~ publication_table p.public.t filter; - publication q

-- case: a published column changes its type
-- server: 15
-- actual
CREATE TABLE t (a integer PRIMARY KEY, b integer);
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 0);
-- expected
CREATE TABLE t (a bigint PRIMARY KEY, b integer);
CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 0);
-- changes: ~ column public.t.a type

-- case: a subscription
-- actual
CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);
-- changes: + subscription sub
-- one way
