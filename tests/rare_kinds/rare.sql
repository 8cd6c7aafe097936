CREATE COLLATION crm.plain (locale = 'C');
CREATE COLLATION crm.mixed (lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION crm."Phone book" (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
CREATE DEFAULT CONVERSION crm.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION crm.back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;

-- The first names two that are not there yet.
CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.>), NEGATOR = OPERATOR(crm.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR crm.> (FUNCTION = crm.pair_more, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.<), NEGATOR = OPERATOR(crm.<=));
CREATE OPERATOR crm.<= (FUNCTION = crm.pair_most, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.>=), NEGATOR = OPERATOR(crm.>));
CREATE OPERATOR crm.>= (FUNCTION = crm.pair_least, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.<=), NEGATOR = OPERATOR(crm.<));
CREATE OPERATOR crm.= (FUNCTION = crm.pair_equal, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.=), NEGATOR = OPERATOR(crm.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR crm.<> (FUNCTION = crm.pair_other, LEFTARG = crm.pair, RIGHTARG = crm.pair,
    COMMUTATOR = OPERATOR(crm.<>), NEGATOR = OPERATOR(crm.=));
CREATE OPERATOR crm.< (FUNCTION = crm.pair_less, LEFTARG = crm.pair, RIGHTARG = integer);
CREATE OPERATOR crm.- (FUNCTION = crm.pair_minus, RIGHTARG = crm.pair);

-- A class with a family of its own name, and one of another; the operator
-- between two types is in the end the family's.
CREATE OPERATOR CLASS crm.pair_ops DEFAULT FOR TYPE crm.pair USING btree AS
    OPERATOR 1 crm.<, OPERATOR 2 crm.<=, OPERATOR 3 crm.=, OPERATOR 4 crm.>=, OPERATOR 5 crm.>,
    OPERATOR 1 crm.< (crm.pair, integer),
    FUNCTION 1 crm.pair_order(crm.pair, crm.pair),
    FUNCTION 1 (crm.pair, integer) crm.pair_order(crm.pair, integer);
CREATE OPERATOR FAMILY "Odd ""schema"."hashed pairs" USING hash;
CREATE OPERATOR CLASS crm.pair_hashed FOR TYPE crm.pair USING hash FAMILY "Odd ""schema"."hashed pairs" AS
    OPERATOR 1 crm.=, FUNCTION 1 crm.pair_hash(crm.pair);
CREATE OPERATOR FAMILY crm.lonely USING gist;
CREATE OPERATOR CLASS crm.stored FOR TYPE crm.pair USING gist FAMILY crm.lonely AS STORAGE box;
CREATE OPERATOR FAMILY crm.loose USING btree;
ALTER OPERATOR FAMILY crm.loose USING btree ADD OPERATOR 1 crm.< (crm.pair, integer),
    FUNCTION 1 (crm.pair, integer) crm.pair_order(crm.pair, integer);

CREATE CAST (crm.pair AS text) WITH FUNCTION crm.pair_text(crm.pair) AS ASSIGNMENT;
CREATE CAST (crm.pair AS integer) WITH FUNCTION crm.pair_number(crm.pair) AS IMPLICIT;
CREATE CAST (crm.mood AS bytea) WITH INOUT;
CREATE CAST (integer AS date) WITHOUT FUNCTION;

CREATE TEXT SEARCH PARSER crm.words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    HEADLINE = prsd_headline, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH PARSER crm."bare words" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE crm.lower (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE crm.still (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY crm.stop (TEMPLATE = crm.lower, stopwords = 'english', accept = false);
CREATE TEXT SEARCH DICTIONARY crm.quiet (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION crm.english (PARSER = crm.words);
ALTER TEXT SEARCH CONFIGURATION crm.english ADD MAPPING FOR asciiword, word WITH crm.stop, pg_catalog.simple;
ALTER TEXT SEARCH CONFIGURATION crm.english ADD MAPPING FOR int WITH crm.quiet;
CREATE TEXT SEARCH CONFIGURATION crm.copied (COPY = pg_catalog.simple);

CREATE TRUSTED LANGUAGE plown HANDLER crm.handler INLINE crm.inline VALIDATOR crm.validator;
CREATE LANGUAGE "PL bare" HANDLER crm.handler;
CREATE TRANSFORM FOR crm.mood LANGUAGE plown
    (FROM SQL WITH FUNCTION crm.mood_out(internal), TO SQL WITH FUNCTION crm.mood_in(internal));
CREATE TRANSFORM FOR crm.pair LANGUAGE "PL bare" (FROM SQL WITH FUNCTION crm.mood_out(internal));
CREATE FUNCTION crm.transformed(crm.mood) RETURNS crm.mood LANGUAGE plown TRANSFORM FOR TYPE crm.mood AS 'BEGIN END';
CREATE ACCESS METHOD own_index TYPE INDEX HANDLER crm.index_handler;
CREATE ACCESS METHOD own_table TYPE TABLE HANDLER crm.table_handler;
CREATE EVENT TRIGGER watched ON sql_drop WHEN TAG IN ('DROP SCHEMA', 'DROP TABLE') EXECUTE FUNCTION crm.on_command();
CREATE EVENT TRIGGER "quiet one" ON ddl_command_end EXECUTE FUNCTION crm.on_command();
ALTER EVENT TRIGGER "quiet one" DISABLE;
CREATE EVENT TRIGGER loud ON ddl_command_start EXECUTE FUNCTION crm.on_command();
ALTER EVENT TRIGGER loud ENABLE ALWAYS;

CREATE FOREIGN DATA WRAPPER files OPTIONS (debug 'it''s a \ "test"', "Odd name" 'a=b');
CREATE FOREIGN DATA WRAPPER checked VALIDATOR pg_catalog.postgresql_fdw_validator;
CREATE SERVER warehouse TYPE 'big' VERSION '9.6' FOREIGN DATA WRAPPER files OPTIONS (host 'h', path '/a b');
CREATE SERVER "far away" FOREIGN DATA WRAPPER checked;
CREATE USER MAPPING FOR PUBLIC SERVER warehouse OPTIONS ("user" 'someone');
CREATE USER MAPPING FOR rare_app SERVER warehouse;

CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION "some" FOR TABLE crm.items WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION nothing WITH (publish = '');
