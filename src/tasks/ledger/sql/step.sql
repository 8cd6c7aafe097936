-- Says that statement $4 of the file $3 begins, where the lease is still held
-- by the token $1, which renews it for $2 milliseconds. No row: it is not.
WITH renewed AS (
    UPDATE schemacast.lease AS l
       SET until = pg_catalog.clock_timestamp() + $2 * interval '1 millisecond'
     WHERE l.token = $1
    RETURNING l.token
)
UPDATE schemacast.migrations AS m
   SET state = 'started',
       statement = $4
 WHERE m.file = $3
   AND EXISTS (SELECT FROM renewed)
RETURNING 1::int4
