-- case: a primary key
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
-- expected
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (b, a) INCLUDE (b) WITH (fillfactor = 60) DEFERRABLE;
COMMENT ON CONSTRAINT t_pkey ON t IS 'key';
COMMENT ON INDEX t_pkey IS 'its index';
-- changes: - primary_key public.t.t_pkey

-- case: the columns of a primary key that is referred to
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE TABLE u (a integer, b integer);
-- actual
ALTER TABLE t ADD PRIMARY KEY (a, b);
ALTER TABLE u ADD FOREIGN KEY (a, b) REFERENCES t (a, b);
-- expected
ALTER TABLE t ADD PRIMARY KEY (b, a);
ALTER TABLE u ADD FOREIGN KEY (a, b) REFERENCES t (a, b);
-- changes: ~ primary_key public.t.t_pkey columns

-- case: a unique constraint and its attributes
CREATE TABLE t (a integer, b integer, c integer);
-- actual
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b);
ALTER TABLE t ADD CONSTRAINT l UNIQUE (a);
-- expected
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b) INCLUDE (c) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE t ADD CONSTRAINT l UNIQUE (a) WITH (fillfactor = 50);
COMMENT ON CONSTRAINT l ON t IS 'l';
COMMENT ON INDEX l IS 'li';
-- changes: ~ unique public.t.k include; ~ unique public.t.k deferrable; ~ unique public.t.k initially_deferred; ~ unique public.t.l options; ~ unique public.t.l comment; ~ unique public.t.l index_comment

-- case: NULLS NOT DISTINCT
-- server: 15
CREATE TABLE t (a integer);
-- actual
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);
-- expected
ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a);
-- changes: ~ unique public.t.k nulls_not_distinct

-- case: a foreign key
CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE t (a integer, b integer);
-- expected
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID;
COMMENT ON CONSTRAINT f ON t IS 'f';
-- changes: - foreign_key public.t.f

-- case: each attribute of a foreign key
CREATE TABLE p (a integer PRIMARY KEY, b integer UNIQUE);
CREATE TABLE t (a integer, b integer, c integer, d integer, e integer);
-- actual
ALTER TABLE t ADD CONSTRAINT columns FOREIGN KEY (a) REFERENCES p;
ALTER TABLE t ADD CONSTRAINT target FOREIGN KEY (a) REFERENCES p (a);
ALTER TABLE t ADD CONSTRAINT action FOREIGN KEY (b) REFERENCES p;
ALTER TABLE t ADD CONSTRAINT later FOREIGN KEY (c) REFERENCES p;
ALTER TABLE t ADD CONSTRAINT valid FOREIGN KEY (d) REFERENCES p NOT VALID;
-- expected
ALTER TABLE t ADD CONSTRAINT columns FOREIGN KEY (e) REFERENCES p;
ALTER TABLE t ADD CONSTRAINT target FOREIGN KEY (a) REFERENCES p (b);
ALTER TABLE t ADD CONSTRAINT action FOREIGN KEY (b) REFERENCES p ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE t ADD CONSTRAINT later FOREIGN KEY (c) REFERENCES p DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE t ADD CONSTRAINT valid FOREIGN KEY (d) REFERENCES p;
-- changes: ~ foreign_key public.t.columns columns; ~ foreign_key public.t.target references.columns; ~ foreign_key public.t.action on_delete; ~ foreign_key public.t.action on_update; ~ foreign_key public.t.later deferrable; ~ foreign_key public.t.later initially_deferred; ~ foreign_key public.t.valid not_valid

-- case: ON DELETE SET NULL of some columns
-- server: 15
CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE t (a integer, b integer);
-- actual
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL;
-- expected
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b);
-- changes: ~ foreign_key public.t.f on_delete_columns

-- case: two tables that refer to each other go together
-- actual
CREATE TABLE a (id integer PRIMARY KEY, b integer);
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
-- changes: + table public.a; + table public.b

-- case: a table that refers to itself
-- expected
CREATE TABLE a (id integer PRIMARY KEY, up integer REFERENCES a);
-- changes: - table public.a

-- case: a check and its attributes
CREATE TABLE t (a integer);
-- actual
ALTER TABLE t ADD CONSTRAINT goes CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT changes CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT inherits CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT valid CHECK (a > 0) NOT VALID;
-- expected
ALTER TABLE t ADD CONSTRAINT changes CHECK (a > 1);
ALTER TABLE t ADD CONSTRAINT inherits CHECK (a > 0) NO INHERIT;
ALTER TABLE t ADD CONSTRAINT valid CHECK (a > 0);
COMMENT ON CONSTRAINT valid ON t IS 'v';
-- changes: + check public.t.goes; ~ check public.t.changes expression; ~ check public.t.inherits no_inherit; ~ check public.t.valid not_valid; ~ check public.t.valid comment

-- case: an exclusion constraint
CREATE TABLE t (a int4range, b int4range);
-- actual
ALTER TABLE t ADD CONSTRAINT changes EXCLUDE USING gist (a WITH &&);
-- expected
ALTER TABLE t ADD CONSTRAINT changes EXCLUDE USING gist (b WITH &&) WHERE (b IS NOT NULL) DEFERRABLE;
ALTER TABLE t ADD CONSTRAINT comes EXCLUDE USING gist (a WITH =, b WITH &&) WITH (fillfactor = 70);
COMMENT ON CONSTRAINT comes ON t IS 'c';
COMMENT ON INDEX comes IS 'i';
-- changes: ~ exclusion public.t.changes definition; - exclusion public.t.comes

-- case: a constraint on a column that goes
-- actual
CREATE TABLE t (a integer, b integer UNIQUE, CONSTRAINT c CHECK (b > 0));
CREATE INDEX i ON t (b);
-- expected
CREATE TABLE t (a integer);
-- changes: + column public.t.b; + unique public.t.t_b_key; + check public.t.c; + index public.t.i

-- case: a check that calls a function that is made later in the alphabet
CREATE TABLE t (a integer);
-- expected
CREATE FUNCTION zzz(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
ALTER TABLE t ADD CONSTRAINT c CHECK (zzz(a));
-- changes: - function public.zzz(integer); - check public.t.c
