-- Whoever holds the lease, where it has not run out.
SELECT l.holder,
       pg_catalog.to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM schemacast.lease AS l
 WHERE l.until > pg_catalog.clock_timestamp()
