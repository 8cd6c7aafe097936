-- And the kinds that few databases have.
CREATE FUNCTION s.less(s.mood, s.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::text < $2::text';
CREATE FUNCTION s.compare(s.mood, s.mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION s.compare(s.mood, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION s.to_mood(s.pair) RETURNS s.mood LANGUAGE sql IMMUTABLE AS 'SELECT $1.second';
CREATE OPERATOR s.<<< (LEFTARG = s.mood, RIGHTARG = s.mood, FUNCTION = s.less);
CREATE OPERATOR s.!!! (RIGHTARG = integer, FUNCTION = s.twice);
CREATE OPERATOR FAMILY s.moods USING btree;
CREATE OPERATOR CLASS s.by_mood FOR TYPE s.mood USING btree FAMILY s.moods AS
    OPERATOR 1 s.<<<, FUNCTION 1 s.compare(s.mood, s.mood);
ALTER OPERATOR FAMILY s.moods USING btree ADD FUNCTION 1 (s.mood, integer) s.compare(s.mood, integer);
CREATE CAST (s.pair AS s.mood) WITH FUNCTION s.to_mood(s.pair);
ALTER TABLE s.b ADD mood s.mood;
CREATE INDEX by_own_class ON s.b (mood s.by_mood);
CREATE CONVERSION s.own FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE COLLATION s.german (provider = libc, locale = 'C');
CREATE DOMAIN s.sorted AS text COLLATE s.german;
CREATE TEXT SEARCH DICTIONARY s.words (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION s.plain (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION s.plain ADD MAPPING FOR word WITH s.words;
CREATE FUNCTION s.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER guard ON sql_drop EXECUTE FUNCTION s.guard();
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER far FOREIGN DATA WRAPPER far;
CREATE FOREIGN TABLE s.far (id integer) SERVER far;
CREATE LANGUAGE own HANDLER pg_catalog.plpgsql_call_handler;
CREATE FUNCTION s.scripted(integer) RETURNS integer LANGUAGE own AS 'BEGIN RETURN $1; END';
CREATE PUBLICATION news FOR TABLE ONLY s.a;
