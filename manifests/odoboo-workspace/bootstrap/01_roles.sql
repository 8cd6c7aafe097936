-- The roles that every Supabase project has before its first migration.
-- Roles belong to the whole server, so another database may have created them already;
-- a role that is there keeps the attributes that its administrator gave it.

DO $roles$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT *
        FROM (VALUES
            ('anon',                'NOLOGIN NOINHERIT'),
            ('authenticated',       'NOLOGIN NOINHERIT'),
            ('service_role',        'NOLOGIN NOINHERIT BYPASSRLS'),
            ('supabase_auth_admin', 'NOLOGIN NOINHERIT')
        ) AS role (name, attributes)
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.name) THEN
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
            END IF;
        EXCEPTION
            -- Two databases of one server may be filled at the same moment.
            WHEN duplicate_object OR unique_violation THEN
                NULL;
        END;
    END LOOP;
END
$roles$;

-- The API reaches public as one of these three roles.
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;

-- As on Supabase, a new table in public is open to the API roles, and row level security is what closes it.
-- The privileges are listed one by one, because ALL means one more (MAINTAIN) from Postgres 17 on,
-- and because row level security does not hold back TRUNCATE.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO anon, authenticated, service_role;
