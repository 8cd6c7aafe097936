-- What the server is, and what gives away who hosts it. One row.
SELECT current_setting('server_version_num')::int4,
       split_part(current_setting('server_version'), ' ', 1),
       EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'supabase_admin'),
       EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'neon_superuser')
           OR EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'neon')
           OR EXISTS (SELECT
                        FROM pg_catalog.pg_namespace AS n
                        JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
                       WHERE n.nspname = 'neon'
                         AND r.rolname = 'cloud_admin')
