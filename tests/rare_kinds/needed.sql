-- What the rare kinds are made of: functions over SQL and over the server's own
-- C functions, so that nothing has to be compiled.
CREATE SCHEMA crm;
CREATE SCHEMA "Odd ""schema";
CREATE TYPE crm.pair AS (a integer, b integer);
CREATE TYPE crm.mood AS ENUM ('sad', 'glad');
-- It comes with a cast of its own.
CREATE TYPE crm.band AS RANGE (subtype = integer);
CREATE TABLE crm.orders (id integer PRIMARY KEY, "user" text, note text);
CREATE TABLE crm.items (id integer PRIMARY KEY, kind text NOT NULL);

CREATE FUNCTION crm.pair_less(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION crm.pair_most(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a <= ($2).a';
CREATE FUNCTION crm.pair_equal(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a = ($2).a';
CREATE FUNCTION crm.pair_other(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a <> ($2).a';
CREATE FUNCTION crm.pair_least(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a >= ($2).a';
CREATE FUNCTION crm.pair_more(crm.pair, crm.pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a > ($2).a';
CREATE FUNCTION crm.pair_order(crm.pair, crm.pair) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a - ($2).a';
CREATE FUNCTION crm.pair_less(crm.pair, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a < $2';
CREATE FUNCTION crm.pair_order(crm.pair, integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a - $2';
CREATE FUNCTION crm.pair_minus(crm.pair) RETURNS crm.pair IMMUTABLE LANGUAGE sql AS 'SELECT ROW(-($1).a, ($1).b)::crm.pair';
CREATE FUNCTION crm.pair_text(crm.pair) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a::text';
CREATE FUNCTION crm.pair_hash(crm.pair) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a';
CREATE FUNCTION crm.pair_number(crm.pair) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a';

CREATE FUNCTION crm.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION crm.inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION crm.validator(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE FUNCTION crm.on_command() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION crm.mood_out(internal) RETURNS internal IMMUTABLE STRICT LANGUAGE internal AS 'enum_out';
CREATE FUNCTION crm.mood_in(internal) RETURNS crm.mood IMMUTABLE STRICT LANGUAGE internal AS 'enum_in';
CREATE FUNCTION crm.index_handler(internal) RETURNS index_am_handler LANGUAGE internal AS 'bthandler';
CREATE FUNCTION crm.table_handler(internal) RETURNS table_am_handler LANGUAGE internal AS 'heap_tableam_handler';
