-- Objects that need each other in every way that the catalog notes.
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('glad', 'sad');
CREATE TYPE s.pair AS (first integer, second s.mood);
CREATE FUNCTION s.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION s.add(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE DOMAIN s.small AS integer DEFAULT s.twice(1) CONSTRAINT fits CHECK (s.twice(VALUE) < 100);
CREATE FUNCTION s.distance(s.small, s.small) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE TYPE s.span AS RANGE (subtype = s.small, subtype_diff = s.distance, multirange_type_name = s.spans);
CREATE SEQUENCE s.numbers;

CREATE TABLE s.a (
    id     integer PRIMARY KEY,
    serial serial,
    note   text,
    n      integer DEFAULT s.twice(2),
    made   integer GENERATED ALWAYS AS (s.twice(n)) STORED,
    mood   s.mood,
    moods  s.mood[],
    CONSTRAINT even CHECK (s.twice(n) % 2 = 0),
    CONSTRAINT apart EXCLUDE USING btree (s.twice(n) WITH =)
);
CREATE INDEX by_twice ON s.a (s.twice(id));
CREATE STATISTICS s.both ON s.twice(id), n FROM s.a;
CREATE TRIGGER touch BEFORE UPDATE ON s.a FOR EACH ROW WHEN (OLD.n <> NEW.n) EXECUTE FUNCTION s.touch();
CREATE TABLE s.b (a_id integer REFERENCES s.a, n integer DEFAULT nextval('s.numbers'));
CREATE POLICY mine ON s.a USING (s.twice(id) IN (SELECT a_id FROM s.b));
CREATE RULE log AS ON DELETE TO s.a DO ALSO INSERT INTO s.b (a_id) VALUES (OLD.id);
CREATE TABLE s.child () INHERITS (s.a);
CREATE TABLE s.of_pair OF s.pair;
CREATE TABLE s.parts (id integer) PARTITION BY RANGE (s.twice(id));
CREATE TABLE s.parts_1 PARTITION OF s.parts FOR VALUES FROM (0) TO (100);

CREATE VIEW s.by_key AS SELECT id, note FROM s.a GROUP BY id;
CREATE VIEW s.on_view AS SELECT s.twice(id) AS id FROM s.by_key;
ALTER VIEW s.on_view ALTER COLUMN id SET DEFAULT s.twice(3);
CREATE VIEW s.counts AS SELECT count(*) FROM s.a;
CREATE VIEW s.of_partition AS SELECT id FROM s.parts_1;
CREATE VIEW s.of_elements AS SELECT moods || '{glad}'::s.mood[] AS moods FROM s.a;
CREATE VIEW s.of_sequence AS SELECT nextval('s.numbers') AS n, id FROM s.a;

CREATE FUNCTION s.all_a() RETURNS SETOF s.a LANGUAGE sql AS 'SELECT * FROM s.a';
CREATE FUNCTION s.some_views(s.by_key[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION s.takes(s.mood, s.pair, s.spans) RETURNS s.mood[] LANGUAGE sql AS 'SELECT NULL::s.mood[]';
CREATE FUNCTION s.standard(integer) RETURNS integer LANGUAGE sql
    BEGIN ATOMIC SELECT s.twice(id) FROM s.a WHERE mood = 'glad'::s.mood AND id = $1; END;
CREATE PROCEDURE s.tidy(integer) LANGUAGE sql BEGIN ATOMIC DELETE FROM s.a WHERE id = $1; END;
CREATE AGGREGATE s.total(integer) (SFUNC = s.add, STYPE = integer);
