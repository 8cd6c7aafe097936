-- The table of pg_cron's jobs, where the extension is there: whether the role
-- may read it, and whether row security shows it only its own jobs. One row or
-- none.
SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
       pg_catalog.row_security_active(c.oid)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_depend AS m ON m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e'
  JOIN pg_catalog.pg_extension AS e ON e.tableoid = m.refclassid AND e.oid = m.refobjid
 WHERE n.nspname = 'cron'
   AND c.relname = 'job'
   AND c.relkind = 'r'
   AND e.extname = 'pg_cron'
