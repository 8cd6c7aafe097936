-- What random schemas found (tests/random_schemas), each as little as shows it.

-- case: a column that partitions list as their own changes its type
-- actual
CREATE TABLE t (id integer, c varchar(20)) PARTITION BY LIST (id);
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
ALTER TABLE p ALTER COLUMN c SET NOT NULL;
-- expected
CREATE TABLE t (id integer, c text) PARTITION BY LIST (id);
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
ALTER TABLE p ALTER COLUMN c SET NOT NULL;
-- changes: ~ column public.t.c type; ~ column public.p.c type

-- case: a column that a partition lists as its own goes
CREATE TABLE t (id integer) PARTITION BY LIST (id);
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
-- expected
ALTER TABLE t ADD COLUMN c integer;
ALTER TABLE p ALTER COLUMN c SET DEFAULT 7;
-- changes: - column public.t.c; - column public.p.c

-- case: types without a cast
-- actual
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (a integer, b boolean, c date, d integer[]);
-- expected
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (a mood, b date, c int4range, d date[]);
-- changes: ~ column public.t.a type; ~ column public.t.b type; ~ column public.t.c type; ~ column public.t.d type

-- case: two partitions change places
CREATE TABLE t (id integer) PARTITION BY LIST (id);
-- actual
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
CREATE TABLE q PARTITION OF t FOR VALUES IN (2);
-- expected
CREATE TABLE p PARTITION OF t FOR VALUES IN (2);
CREATE TABLE q PARTITION OF t FOR VALUES IN (1);
-- changes: ~ partition public.p bound; ~ partition public.q bound

-- case: a partition takes over from another
CREATE TABLE t (id integer) PARTITION BY LIST (id);
-- actual
CREATE TABLE q PARTITION OF t FOR VALUES IN (1);
-- expected
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
-- changes: - partition public.p; + partition public.q

-- case: a partition of another parent
CREATE TABLE t (id integer, n integer) PARTITION BY LIST (id);
CREATE TABLE a PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE b PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (n);
-- actual
CREATE TABLE p PARTITION OF a FOR VALUES IN (1);
-- expected
CREATE TABLE p PARTITION OF b FOR VALUES IN (1);
-- changes: ~ partition public.p parent

-- case: a materialised view holds rows of a table whose column changes
-- actual
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW m AS SELECT t FROM t;
-- expected
CREATE TABLE t (a bigint);
CREATE MATERIALIZED VIEW m AS SELECT t FROM t;
-- changes: ~ column public.t.a type

-- case: a new type has its own storage and compression
-- actual
CREATE TABLE t (a integer[], b varchar(5));
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz, ALTER COLUMN b SET STORAGE EXTERNAL;
-- expected
CREATE TABLE t (a text, b text);
ALTER TABLE t ALTER COLUMN a SET COMPRESSION pglz, ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz, ALTER COLUMN b SET STORAGE EXTERNAL;
-- changes: ~ column public.t.a type; ~ column public.t.a storage; ~ column public.t.a compression; ~ column public.t.b type

-- case: a domain whose check calls a function, in an array and in a composite type
-- expected
CREATE FUNCTION is_good(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE DOMAIN d AS text CONSTRAINT good CHECK (is_good(VALUE));
CREATE TYPE pair AS (a d);
CREATE TABLE t (a d[], b pair);
-- changes: - function public.is_good(text); - domain public.d; - composite public.pair; - table public.t

-- case: a range is made again under a check and an index
-- actual
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TABLE t (c span, CONSTRAINT k CHECK (NOT isempty(c)));
CREATE INDEX i ON t USING gist (c);
-- expected
CREATE TYPE span AS RANGE (subtype = bigint);
CREATE TABLE t (c span, CONSTRAINT k CHECK (NOT isempty(c)));
CREATE INDEX i ON t USING gist (c);
-- changes: ~ range public.span subtype

-- case: a partition's own index beside its part of its parent's
-- expected
CREATE TABLE t (id integer) PARTITION BY LIST (id);
CREATE TABLE p PARTITION OF t FOR VALUES IN (1);
CREATE INDEX i ON t (id);
CREATE INDEX a ON p (id);
-- changes: - table public.t
