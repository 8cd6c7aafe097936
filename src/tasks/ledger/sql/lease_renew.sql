-- Renews the lease of the token $1 for $2 milliseconds.
UPDATE schemacast.lease AS l
   SET until = pg_catalog.clock_timestamp() + $2 * interval '1 millisecond'
 WHERE l.token = $1
