-- What the server is, what gives away who hosts it, and how many connections it
-- is worth: the process that answers, how many relations there are beside the
-- server's own, and how many connections may be opened yet. One row.
SELECT current_setting('server_version_num')::int4,
       split_part(current_setting('server_version'), ' ', 1),
       EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'supabase_admin'),
       EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'neon_superuser')
           OR EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'neon')
           OR EXISTS (SELECT
                        FROM pg_catalog.pg_namespace AS n
                        JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
                       WHERE n.nspname = 'neon'
                         AND r.rolname = 'cloud_admin'),
       pg_catalog.pg_backend_pid(),
       (SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384),
       -- The view of who is connected may be taken away from a role, and a
       -- number of its own connections is nowhere else: its limit is taken as
       -- if this connection were all.
       (SELECT LEAST(current_setting('max_connections')::int8
                         - current_setting('superuser_reserved_connections')::int8
                         - COALESCE(current_setting('reserved_connections', true)::int8, 0)
                         - sum(pg_catalog.pg_stat_get_db_numbackends(d.oid)),
                     min(NULLIF(d.datconnlimit, -1) - pg_catalog.pg_stat_get_db_numbackends(d.oid))
                         FILTER (WHERE d.datname = current_database()),
                     (SELECT NULLIF(r.rolconnlimit, -1) - 1
                        FROM pg_catalog.pg_roles AS r
                       WHERE r.rolname = session_user))::int8
          FROM pg_catalog.pg_database AS d)
