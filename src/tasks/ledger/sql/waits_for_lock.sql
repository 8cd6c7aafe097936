-- A row where a session of this role waits for a lock in the statement $1, of
-- which the server shows as much as track_activity_query_size allows.
SELECT 1::int4
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.datname = pg_catalog.current_database()
   AND a.usename = SESSION_USER
   AND a.state = 'active'
   AND a.wait_event_type = 'Lock'
   AND a.query <> ''
   AND pg_catalog.starts_with($1, a.query)
 LIMIT 1
