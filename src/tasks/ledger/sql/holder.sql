-- Who holds the advisory lock of two halves, $1 and $2, in this database, and
-- since when. A role that may not see the other's activity sees no time.
SELECT pg_catalog.format('%s (%s, process %s)', a.usename, a.application_name, a.pid),
       pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'advisory'
   AND l.granted
   AND l.objsubid = 1
   AND l.classid = $1
   AND l.objid = $2
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
