-- The schemas in which this role cannot make anything, but those of $1, the
-- server's own, and what extensions brought. Where the ledger's is there, what
-- matters is whether its table can be written.
SELECT n.nspname::text
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname !~ '^pg_'
   AND n.nspname NOT IN ('information_schema', 'schemacast')
   AND n.nspname <> ALL ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = n.tableoid AND m.objid = n.oid AND m.deptype = 'e')
   AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
 ORDER BY 1
