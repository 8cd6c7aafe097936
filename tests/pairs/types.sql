-- case: an enum
-- expected
CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"', 'happy');
COMMENT ON TYPE mood IS 'm';
-- changes: - enum public.mood

-- case: labels are added where they belong
-- actual
CREATE TYPE mood AS ENUM ('b', 'd');
-- expected
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e', 'f');
-- changes: ~ enum public.mood labels
-- one way

-- case: a label goes from an enum that columns have
-- actual
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE t (m mood DEFAULT 'a' NOT NULL, l mood[]);
CREATE VIEW v AS SELECT m FROM t;
CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (m);
-- expected
CREATE TYPE mood AS ENUM ('c', 'a');
CREATE TABLE t (m mood DEFAULT 'a' NOT NULL, l mood[]);
CREATE VIEW v AS SELECT m FROM t;
CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (m);
-- changes: ~ enum public.mood labels

-- case: a domain
-- expected
CREATE DOMAIN email AS text COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT has_at CHECK (VALUE ~ '@');
COMMENT ON DOMAIN email IS 'd';
COMMENT ON CONSTRAINT has_at ON DOMAIN email IS 'c';
-- changes: - domain public.email

-- case: what changes of a domain in place
CREATE DOMAIN email AS text;
-- actual
ALTER DOMAIN email ADD CONSTRAINT goes CHECK (VALUE <> 'x');
ALTER DOMAIN email ADD CONSTRAINT changes CHECK (VALUE <> 'x');
ALTER DOMAIN email ADD CONSTRAINT valid CHECK (VALUE <> 'x') NOT VALID;
-- expected
ALTER DOMAIN email SET DEFAULT 'a@b';
ALTER DOMAIN email SET NOT NULL;
ALTER DOMAIN email ADD CONSTRAINT changes CHECK (VALUE <> 'y');
ALTER DOMAIN email ADD CONSTRAINT valid CHECK (VALUE <> 'x');
COMMENT ON DOMAIN email IS 'd';
-- changes: ~ domain public.email default; ~ domain public.email not_null; ~ domain public.email comment; + domain_check public.email.goes; ~ domain_check public.email.changes expression; ~ domain_check public.email.valid not_valid

-- case: the base of a domain that columns have
-- actual
CREATE DOMAIN code AS varchar(10) CONSTRAINT c CHECK (VALUE <> '');
CREATE TABLE t (c code);
-- expected
CREATE DOMAIN code AS varchar(20) CONSTRAINT c CHECK (VALUE <> '');
CREATE TABLE t (c code);
-- changes: ~ domain public.code type

-- case: a composite type
-- expected
CREATE TYPE address AS (street text COLLATE "C", "zip code" integer, tags text[]);
COMMENT ON TYPE address IS 'a';
COMMENT ON COLUMN address."zip code" IS 'z';
-- changes: - composite public.address

-- case: the attributes of a composite type
-- actual
CREATE TYPE address AS (street text, zip integer);
-- expected
CREATE TYPE address AS (street text, zip bigint, city text);
COMMENT ON COLUMN address.street IS 's';
-- changes: ~ attribute public.address.zip type; - attribute public.address.city; ~ attribute public.address.street comment

-- case: the order of attributes
-- actual
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION f(pair) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- expected
CREATE TYPE pair AS (b integer, a integer);
CREATE FUNCTION f(pair) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- changes: ~ composite public.pair attribute_order

-- case: an attribute's type where columns hold the type
-- actual
CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE t (p pair);
-- expected
CREATE TYPE pair AS (a bigint, b integer);
CREATE TABLE t (p pair);
-- changes: ~ attribute public.pair.a type

-- case: a range
-- expected
CREATE TYPE span AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops, multirange_type_name = spans);
CREATE TYPE floats AS RANGE (subtype = float8, subtype_diff = float8mi);
COMMENT ON TYPE span IS 's';
-- changes: - range public.span; - range public.floats

-- case: the attributes of a range
-- actual
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (s span);
-- expected
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE t (s span);
-- changes: ~ range public.span subtype_diff

-- case: types upon types
-- expected
CREATE TYPE z AS ENUM ('a');
CREATE DOMAIN y AS z DEFAULT 'a';
CREATE TYPE x AS (a y, b z[]);
CREATE TABLE w (a x, b y[]);
CREATE DOMAIN v AS w;
-- changes: - enum public.z; - domain public.y; - composite public.x; - table public.w; - domain public.v
