-- What the ledger knows of these files.
SELECT m.file,
       m.sha256,
       pg_catalog.to_char(m.applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       m.applied_by,
       m.state,
       m.statement
  FROM schemacast.migrations AS m
 WHERE m.file = ANY ($1)
