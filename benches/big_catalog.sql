-- Makes a catalog of N tables in which as much is printed by the server as in
-- a large real one: what `introspect --jobs` is timed on.
--
--     psql -f benches/big_catalog.sql                     1,400 tables
--     psql -v tables=10000 -f benches/big_catalog.sql
--
-- For 1,400 tables: 6,000 indexes (1,400 of them with an expression and
-- 1,400 partial), 6,000 constraints (keys, foreign keys, checks) and 9,800 defaults.
-- Run it in a database of its own: it drops nothing, and fails where the schema
-- is there.
\if :{?tables}
\else
    \set tables 1400
\endif
SELECT set_config('bench.tables', :'tables', false);
CREATE SCHEMA big;
CREATE TYPE big.state AS ENUM ('new', 'open', 'paid', 'closed');
DO $do$
DECLARE
    tables CONSTANT int := current_setting('bench.tables')::int;
BEGIN
    FOR i IN 1 .. tables LOOP
        EXECUTE format($ddl$
            CREATE TABLE big.table_%1$s (
                id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                parent_id   bigint REFERENCES big.table_%2$s ON DELETE CASCADE,
                code        character varying(40) NOT NULL UNIQUE,
                name        text DEFAULT lower('Unnamed ' || %1$s) NOT NULL,
                state       big.state DEFAULT 'new' NOT NULL,
                amount      numeric(12, 2) DEFAULT 0 NOT NULL,
                ratio       double precision,
                tags        text[] DEFAULT ARRAY['a', 'b']::text[] NOT NULL,
                payload     jsonb DEFAULT jsonb_build_object('table', %1$s),
                token       uuid DEFAULT gen_random_uuid(),
                created_at  timestamp with time zone DEFAULT now() NOT NULL,
                updated_at  timestamp with time zone,
                CHECK (amount >= 0 AND (ratio IS NULL OR ratio BETWEEN 0 AND 1) AND code ~ '^[A-Z]')
            );
            CREATE INDEX ON big.table_%1$s (lower(name), created_at DESC);
            CREATE INDEX ON big.table_%1$s (parent_id) WHERE state <> 'closed' AND updated_at IS NOT NULL;
        $ddl$, i, greatest(i - 1, 1));
        -- Two more for two tables of seven.
        IF i % 7 IN (0, 3) THEN
            EXECUTE format($ddl$
                CREATE INDEX ON big.table_%1$s (state, amount);
                ALTER TABLE big.table_%1$s ADD CHECK (created_at <= updated_at);
            $ddl$, i);
        END IF;
        -- A transaction for every hundred tables, so that the lock table
        -- of a server with default settings is large enough.
        IF i % 100 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
END
$do$;
