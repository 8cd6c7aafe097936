-- The row of a file that is applied, in the transaction that applies it.
INSERT INTO schemacast.migrations AS m (file, sha256, applied_by, duration_ms, state, statement)
VALUES ($1, $2, $3, $4, 'applied', NULL)
ON CONFLICT (file) DO UPDATE
   SET sha256 = excluded.sha256,
       applied_at = pg_catalog.now(),
       applied_by = excluded.applied_by,
       duration_ms = excluded.duration_ms,
       state = excluded.state,
       statement = NULL
