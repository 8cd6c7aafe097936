-- case: a schema with a comment
-- expected
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'what is sold';
-- changes: - schema shop

-- case: the comment of a schema
CREATE SCHEMA shop;
-- expected
COMMENT ON SCHEMA shop IS 'it''s \ here';
-- changes: ~ schema shop comment

-- case: an extension
-- expected
CREATE EXTENSION citext;
COMMENT ON EXTENSION citext IS 'own words';
-- changes: - extension citext

-- case: the schema of an extension
CREATE SCHEMA ext;
-- actual
CREATE EXTENSION citext;
-- expected
CREATE EXTENSION citext SCHEMA ext;
-- changes: ~ extension citext schema

-- case: a table with all sorts of columns
-- expected
CREATE SCHEMA "odd Schema";
CREATE TABLE "odd Schema"."odd ""Table""" (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
    serial serial,
    name varchar(20) COLLATE "C" DEFAULT 'x''y' NOT NULL,
    total numeric(10, 2) GENERATED ALWAYS AS (id * 2) STORED,
    tags text[],
    grid integer[][],
    "select" text CHECK ("select" <> '')
);
COMMENT ON TABLE "odd Schema"."odd ""Table""" IS 'c';
COMMENT ON COLUMN "odd Schema"."odd ""Table"""."select" IS 'd';
-- changes: - schema "odd Schema"; - table "odd Schema"."odd ""Table"""; - sequence "odd Schema"."odd ""Table""_serial_seq"

-- case: a table of another persistence
CREATE SCHEMA s;
-- actual
CREATE TABLE s.t (a integer);
-- expected
CREATE UNLOGGED TABLE s.t (a integer);
-- changes: ~ table s.t persistence

-- case: storage options and the like
CREATE SCHEMA s;
CREATE TABLE s.t (a text, b text, c text);
-- actual
ALTER TABLE s.t SET (fillfactor = 70, autovacuum_enabled = false);
-- expected
ALTER TABLE s.t SET (fillfactor = 80, toast.autovacuum_enabled = false);
-- changes: ~ table s.t options

-- case: row security
CREATE SCHEMA s;
CREATE TABLE s.t (a text);
-- expected
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE s.t FORCE ROW LEVEL SECURITY;
-- changes: ~ table s.t row_security; ~ table s.t force_row_security

-- case: replica identity
CREATE SCHEMA s;
CREATE TABLE s.t (a integer NOT NULL UNIQUE, b integer);
CREATE TABLE s.u (a integer);
-- actual
ALTER TABLE s.t REPLICA IDENTITY FULL;
-- expected
ALTER TABLE s.t REPLICA IDENTITY USING INDEX t_a_key;
ALTER TABLE s.u REPLICA IDENTITY NOTHING;
-- changes: ~ table s.t replica_identity; ~ table s.t replica_identity_index; ~ table s.u replica_identity

-- case: a replica identity outlives its index
CREATE SCHEMA s;
CREATE TABLE s.t (a integer NOT NULL, b integer NOT NULL);
-- actual
CREATE UNIQUE INDEX i ON s.t (a);
ALTER TABLE s.t REPLICA IDENTITY USING INDEX i;
-- expected
CREATE UNIQUE INDEX i ON s.t (a, b);
ALTER TABLE s.t REPLICA IDENTITY USING INDEX i;
-- changes: ~ index s.t.i keys

-- case: the comment of a table
CREATE TABLE t (a integer);
-- actual
COMMENT ON TABLE t IS 'old';
-- expected
COMMENT ON TABLE t IS 'new';
-- changes: ~ table public.t comment

-- case: a column at the end
CREATE TABLE t (a integer);
-- expected
ALTER TABLE t ADD b text COLLATE "C" DEFAULT 'x' NOT NULL;
COMMENT ON COLUMN t.b IS 'b';
ALTER TABLE t ALTER b SET STATISTICS 5, ALTER b SET STORAGE EXTERNAL, ALTER b SET (n_distinct = 3);
-- changes: - column public.t.b

-- case: a wider type
CREATE TABLE t (a integer DEFAULT 1, b varchar(10));
-- expected
ALTER TABLE t ALTER a TYPE bigint, ALTER b TYPE varchar(20);
-- changes: ~ column public.t.a type; ~ column public.t.b type

-- case: a type that casts only through an explicit cast
CREATE TABLE t (a text DEFAULT '1');
-- actual
-- expected
ALTER TABLE t ALTER a DROP DEFAULT, ALTER a TYPE integer USING a::integer, ALTER a SET DEFAULT 1;
-- changes: ~ column public.t.a type; ~ column public.t.a default

-- case: an array
CREATE TABLE t (a integer, b text[]);
-- actual
ALTER TABLE t ADD c integer[];
-- expected
ALTER TABLE t ADD c bigint[];
-- changes: ~ column public.t.c type

-- case: collation, default and NOT NULL of a column
CREATE TABLE t (a text, b integer, c integer);
-- actual
ALTER TABLE t ALTER b SET DEFAULT 1;
-- expected
ALTER TABLE t ALTER a TYPE text COLLATE "C", ALTER b SET DEFAULT 2, ALTER c SET DEFAULT 3, ALTER c SET NOT NULL;
-- changes: ~ column public.t.a collation; ~ column public.t.b default; ~ column public.t.c default; ~ column public.t.c not_null

-- case: settings and comment of a column
CREATE TABLE t (a text);
-- actual
ALTER TABLE t ALTER a SET COMPRESSION pglz;
-- expected
ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER a SET STATISTICS 9, ALTER a SET (n_distinct = 2);
COMMENT ON COLUMN t.a IS 'é';
-- changes: ~ column public.t.a storage; ~ column public.t.a statistics; ~ column public.t.a options; ~ column public.t.a comment; ~ column public.t.a compression
-- one way

-- case: an identity comes
CREATE TABLE t (a integer NOT NULL);
-- expected
ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2 CACHE 3 CYCLE);
-- changes: ~ column public.t.a identity.generation; ~ column public.t.a identity.options.start; ~ column public.t.a identity.options.increment; ~ column public.t.a identity.options.cache; ~ column public.t.a identity.options.cycle

-- case: an identity changes
CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY);
-- expected
ALTER TABLE t ALTER a SET GENERATED BY DEFAULT SET MAXVALUE 100 SET INCREMENT BY 3;
ALTER SEQUENCE t_a_seq RENAME TO numbers;
-- changes: ~ column public.t.a identity.generation; ~ column public.t.a identity.options.maximum; ~ column public.t.a identity.options.increment; ~ column public.t.a identity.sequence

-- case: an identity's type
CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY);
-- expected
ALTER TABLE t ALTER a TYPE bigint;
-- changes: ~ column public.t.a type

-- case: a generated column becomes a plain one
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);
-- expected
ALTER TABLE t ALTER b DROP EXPRESSION;
-- changes: ~ column public.t.b generated.expression
-- one way

-- case: the expression of a generated column
CREATE TABLE t (a integer);
-- actual
ALTER TABLE t ADD b integer GENERATED ALWAYS AS (a * 2) STORED;
-- expected
ALTER TABLE t ADD b integer GENERATED ALWAYS AS (a * 3) STORED;
-- changes: ~ column public.t.b generated.expression

-- case: the order of columns cannot be changed
-- actual
CREATE TABLE t (a integer, b integer);
-- expected
CREATE TABLE t (b integer, a integer);
-- changes: ~ table public.t column_order
-- impossible: table public.t column_order

-- case: a serial column
CREATE TABLE t (a integer);
-- expected
ALTER TABLE t ADD b serial;
-- changes: - column public.t.b; - sequence public.t_b_seq

-- case: a sequence and its options
-- expected
CREATE SEQUENCE q AS smallint INCREMENT BY -2 MINVALUE -90 MAXVALUE -1 START WITH -5 CACHE 4 CYCLE;
COMMENT ON SEQUENCE q IS 'down';
-- changes: - sequence public.q

-- case: the options of a sequence
CREATE TABLE t (a integer);
-- actual
CREATE SEQUENCE q;
-- expected
CREATE SEQUENCE q AS integer INCREMENT BY 5 MINVALUE 10 MAXVALUE 1000 START WITH 20 CACHE 7 CYCLE OWNED BY t.a;
-- changes: ~ sequence public.q options.type; ~ sequence public.q options.increment; ~ sequence public.q options.minimum; ~ sequence public.q options.maximum; ~ sequence public.q options.start; ~ sequence public.q options.cache; ~ sequence public.q options.cycle; ~ sequence public.q owned_by

-- case: an owned sequence goes with its table
-- actual
CREATE TABLE t (a serial, b integer);
-- changes: + table public.t; + sequence public.t_a_seq

-- case: a sequence that is given away before its owner goes
CREATE SEQUENCE q;
CREATE TABLE u (a integer);
-- actual
CREATE TABLE t (a integer DEFAULT nextval('q'));
ALTER SEQUENCE q OWNED BY t.a;
-- expected
ALTER TABLE u ALTER a SET DEFAULT nextval('q');
-- changes: + table public.t; ~ sequence public.q owned_by; ~ column public.u.a default

-- case: tables that inherit
CREATE SCHEMA s;
-- expected
CREATE TABLE s.base (id integer NOT NULL, note text DEFAULT 'n', CONSTRAINT positive CHECK (id > 0));
CREATE TABLE s.child (extra integer) INHERITS (s.base);
CREATE TABLE s.bare (extra integer) INHERITS (s.base);
ALTER TABLE s.bare ALTER note DROP DEFAULT;
ALTER TABLE s.child ALTER extra SET NOT NULL;
-- changes: - table s.base; - table s.child; - table s.bare

-- case: a column of a table that others inherit from
CREATE TABLE base (id integer);
CREATE TABLE child (extra integer) INHERITS (base);
-- expected
ALTER TABLE base ALTER id TYPE bigint;
-- changes: ~ column public.base.id type; ~ column public.child.id type

-- case: a table stops to inherit
CREATE TABLE base (id integer);
CREATE TABLE child (id integer, extra integer);
-- expected
ALTER TABLE child INHERIT base;
-- changes: ~ table public.child inherits

-- case: a typed table
CREATE TYPE person AS (name text, born date);
-- expected
CREATE TABLE people OF person (name WITH OPTIONS DEFAULT 'x' NOT NULL, PRIMARY KEY (name));
-- changes: - table public.people

-- case: an attribute of a type that a table is made of
CREATE TYPE person AS (name text);
CREATE TABLE people OF person;
-- expected
ALTER TYPE person ADD ATTRIBUTE born date CASCADE;
-- changes: - attribute public.person.born; - column public.people.born

-- case: no columns at all
-- expected
CREATE TABLE nothing ();
-- changes: - table public.nothing

-- case: a partitioned table
CREATE SCHEMA s;
-- expected
CREATE TABLE s.events (id integer NOT NULL, at date NOT NULL, note text DEFAULT 'n', CONSTRAINT later CHECK (at > '2000-01-01')) PARTITION BY RANGE (at);
CREATE TABLE s.events_2024 PARTITION OF s.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);
CREATE TABLE s.events_2024_1 PARTITION OF s.events_2024 FOR VALUES IN (1, 2) WITH (fillfactor = 70);
CREATE TABLE s.events_rest PARTITION OF s.events DEFAULT;
ALTER TABLE s.events_rest ALTER note DROP DEFAULT, ADD CONSTRAINT own CHECK (id > 0);
CREATE INDEX ON s.events_rest (note);
ALTER TABLE s.events ADD PRIMARY KEY (id, at);
CREATE INDEX events_at ON s.events (at, lower(note));
ALTER INDEX s.events_rest_at_lower_idx RENAME TO rest_at;
COMMENT ON INDEX s.rest_at IS 'r';
COMMENT ON TABLE s.events_rest IS 'rest';
COMMENT ON COLUMN s.events_rest.id IS 'i';
-- changes: - table s.events

-- case: a partition
CREATE TABLE events (id integer, at date) PARTITION BY RANGE (at);
CREATE INDEX events_at ON events (at);
-- expected
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER INDEX events_2024_at_idx RENAME TO other;
-- changes: - partition public.events_2024

-- case: what a partition has of its own
CREATE TABLE events (id integer, at date) PARTITION BY RANGE (at);
CREATE INDEX events_at ON events (at);
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- expected
ALTER TABLE p ALTER id SET DEFAULT 1, ALTER id SET NOT NULL, ADD CONSTRAINT own UNIQUE (id), SET (fillfactor = 60);
CREATE INDEX own_index ON p (id, at);
ALTER INDEX p_at_idx RENAME TO part;
COMMENT ON TABLE p IS 'p';
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY y ON p USING (true);
-- changes: - column public.p.id; ~ partition public.p comment; ~ partition public.p options; ~ partition public.p attached_indexes; ~ partition public.p row_security; - unique public.p.own; - index public.p.own_index; - policy public.p.y

-- case: the bound of a partition
CREATE TABLE events (id integer, at date) PARTITION BY RANGE (at);
-- actual
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- expected
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2026-01-01');
-- changes: ~ partition public.p bound

-- case: columns of a partition in another order
-- expected
CREATE TABLE events (id integer NOT NULL, at date) PARTITION BY RANGE (at);
CREATE TABLE p (at date DEFAULT '2024-02-02', id integer NOT NULL);
ALTER TABLE events ATTACH PARTITION p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- changes: - table public.events

-- case: a foreign key and a trigger of a partitioned table
CREATE TABLE u (id integer PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE events (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- expected
ALTER TABLE events ADD FOREIGN KEY (id) REFERENCES u;
CREATE TRIGGER t AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE p DISABLE TRIGGER t;
-- changes: - foreign_key public.events.events_id_fkey; - trigger public.events.t; - trigger public.p.t

-- case: a foreign table
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER srv FOREIGN DATA WRAPPER w;
-- expected
CREATE FOREIGN TABLE f (a integer OPTIONS (x '1') NOT NULL, b text DEFAULT 'x', CHECK (a > 0)) SERVER srv OPTIONS (table_name 't');
COMMENT ON FOREIGN TABLE f IS 'f';
-- changes: - foreign_table public.f

-- case: the options of a foreign table
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER srv FOREIGN DATA WRAPPER w;
-- actual
CREATE FOREIGN TABLE f (a integer OPTIONS (x '1', y '2')) SERVER srv OPTIONS (table_name 't', goes '1');
-- expected
CREATE FOREIGN TABLE f (a bigint OPTIONS (x '2', z '3')) SERVER srv OPTIONS (table_name 'u', comes '1');
-- changes: ~ foreign_table public.f foreign.options; ~ column public.f.a type; ~ column public.f.a foreign_options

-- case: extended statistics and CLUSTER ON
CREATE TABLE t (a integer, b integer, c text);
CREATE INDEX i ON t (a);
-- actual
CREATE STATISTICS changes ON a, b FROM t;
CREATE STATISTICS target ON a, b FROM t;
-- expected
CREATE STATISTICS changes (ndistinct) ON a, b FROM t;
CREATE STATISTICS target ON a, b FROM t;
ALTER STATISTICS target SET STATISTICS 50;
CREATE STATISTICS comes ON lower(c), a FROM t;
COMMENT ON STATISTICS comes IS 'c';
ALTER TABLE t CLUSTER ON i;
-- changes: ~ statistics public.t.changes definition; ~ statistics public.t.target target; - statistics public.t.comes; ~ table public.t cluster_on
