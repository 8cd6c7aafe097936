-- The row of a file with -- no-transaction, before its first statement.
INSERT INTO schemacast.migrations AS m (file, sha256, applied_by, state, statement)
VALUES ($1, $2, $3, 'started', 0)
ON CONFLICT (file) DO UPDATE
   SET sha256 = excluded.sha256,
       applied_at = pg_catalog.now(),
       applied_by = excluded.applied_by,
       duration_ms = NULL,
       state = excluded.state,
       statement = excluded.statement
