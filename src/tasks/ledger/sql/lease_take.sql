-- Takes the lease, which nobody holds, for $2 milliseconds.
INSERT INTO schemacast.lease AS l (token, holder, since, until)
VALUES (pg_catalog.gen_random_uuid()::text,
        $1,
        pg_catalog.clock_timestamp(),
        pg_catalog.clock_timestamp() + $2 * interval '1 millisecond')
ON CONFLICT (only_one) DO UPDATE
   SET token = excluded.token,
       holder = excluded.holder,
       since = excluded.since,
       until = excluded.until
RETURNING token
