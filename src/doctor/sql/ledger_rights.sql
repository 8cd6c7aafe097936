-- What this role lacks to keep the ledger. No row: nothing.
SELECT 'CREATE on the database'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'schemacast')
   AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
 UNION ALL
SELECT 'USAGE on the schema schemacast'
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = 'schemacast'
   AND NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
 UNION ALL
SELECT pg_catalog.format('%s on schemacast.%I', wanted.privilege, c.relname)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS wanted (privilege)
 WHERE n.nspname = 'schemacast'
   AND c.relname IN ('migrations', 'lease')
   AND c.relkind = 'r'
   AND NOT pg_catalog.has_table_privilege(c.oid, wanted.privilege)
