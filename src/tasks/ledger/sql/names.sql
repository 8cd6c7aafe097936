-- The files that the ledger knows whose names begin with $1.
SELECT m.file
  FROM schemacast.migrations AS m
 WHERE pg_catalog.starts_with(m.file, $1)
 ORDER BY m.file COLLATE "C"
