-- The ledger's schema and the columns of its tables, as far as they are there.
-- The catalog is open to every role, with or without USAGE on the schema.
SELECT c.relname::text,
       a.attname::text
  FROM pg_catalog.pg_namespace AS n
  LEFT JOIN pg_catalog.pg_class AS c
         ON c.relnamespace = n.oid AND c.relname IN ('migrations', 'lease')
  LEFT JOIN pg_catalog.pg_attribute AS a
         ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = 'schemacast'
