-- The relations whose rows this role cannot read, but those of the schemas $1,
-- the server's own, the ledger's, and what extensions brought.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND NOT c.relispartition
   AND n.nspname !~ '^pg_'
   AND n.nspname NOT IN ('information_schema', 'schemacast')
   AND n.nspname <> ALL ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
   AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))
 ORDER BY 1
