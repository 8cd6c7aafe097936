-- What this server and this role are. One row.
SELECT pg_catalog.current_setting('server_version_num')::int4,
       pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1),
       pg_catalog.pg_is_in_recovery(),
       pg_catalog.current_setting('default_transaction_read_only') = 'on',
       (SELECT s.setting::int8 FROM pg_catalog.pg_settings AS s WHERE s.name = 'statement_timeout'),
       (SELECT s.setting::int8 FROM pg_catalog.pg_settings AS s WHERE s.name = 'lock_timeout'),
       EXTRACT(epoch FROM pg_catalog.clock_timestamp())::float8,
       -- How long this backend has served; none where that is not shown.
       (SELECT EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)::float8
          FROM pg_catalog.pg_stat_activity AS a
         WHERE a.pid = pg_catalog.pg_backend_pid()),
       r.rolname::text,
       r.rolsuper,
       r.rolbypassrls,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
       pg_catalog.current_database()::text
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = CURRENT_USER
