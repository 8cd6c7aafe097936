-- Makes N tables of 12 columns with a primary key, two indexes and a foreign
-- key each, and beside them what a real schema has: a row-security policy for
-- every other table, and a view and a function for every ten.
--
--     psql -f benches/tables.sql                     1,000 tables
--     psql -v tables=5000 -f benches/tables.sql
--
-- Each table refers to the one before it; the first refers to itself. Run it in
-- a database of its own: it drops nothing, and fails where the schema is there.
\if :{?tables}
\else
    \set tables 1000
\endif
SELECT set_config('bench.tables', :'tables', false);
CREATE SCHEMA bench;
DO $do$
BEGIN
    FOR i IN 1 .. current_setting('bench.tables')::int LOOP
        EXECUTE format($ddl$
            CREATE TABLE bench.table_%1$s (
                id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                parent_id   bigint REFERENCES bench.table_%2$s ON DELETE CASCADE,
                code        character varying(40) NOT NULL,
                name        text NOT NULL,
                amount      numeric(12, 2) DEFAULT 0 NOT NULL,
                ratio       double precision,
                active      boolean DEFAULT true NOT NULL,
                tags        text[] DEFAULT '{}'::text[] NOT NULL,
                payload     jsonb,
                token       uuid DEFAULT gen_random_uuid(),
                created_at  timestamp with time zone DEFAULT now() NOT NULL,
                updated_at  timestamp with time zone
            );
            CREATE INDEX table_%1$s_parent_id ON bench.table_%1$s (parent_id);
            CREATE INDEX table_%1$s_name ON bench.table_%1$s (name, created_at DESC);
        $ddl$, i, greatest(i - 1, 1));
        IF i % 2 = 0 THEN
            EXECUTE format($ddl$
                ALTER TABLE bench.table_%1$s ENABLE ROW LEVEL SECURITY;
                CREATE POLICY active_rows ON bench.table_%1$s FOR SELECT USING (active AND amount >= 0);
            $ddl$, i);
        END IF;
        IF i % 10 = 0 THEN
            EXECUTE format($ddl$
                CREATE VIEW bench.view_%1$s AS
                    SELECT child.id, child.name, parent.name AS parent_name, count(*) AS entries, sum(child.amount) AS total
                    FROM bench.table_%1$s AS child
                    LEFT JOIN bench.table_%2$s AS parent ON parent.id = child.parent_id
                    WHERE child.active
                    GROUP BY child.id, parent.id;
                CREATE FUNCTION bench.total_%1$s(since timestamp with time zone DEFAULT now()) RETURNS numeric
                    LANGUAGE sql STABLE
                    AS 'SELECT sum(amount) FROM bench.table_%1$s WHERE created_at >= since';
            $ddl$, i, i - 1);
        END IF;
        -- A transaction for every hundred tables, so that the lock table
        -- of a server with default settings is large enough.
        IF i % 100 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
END
$do$;
