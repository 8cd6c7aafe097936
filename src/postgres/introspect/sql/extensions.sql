-- Installed extensions, one row each, but for what initdb itself installed
-- (plpgsql): its numbers are below 16384, the first that a user's object gets.
-- The comment is given only where it is not the control file's, and the types
-- are those that a column can have: no array types, no row types of tables.
SELECT e.extname::text,
       e.extversion,
       n.nspname::text,
       CASE WHEN d.description IS DISTINCT FROM available.comment THEN d.description END,
       ARRAY(SELECT t.typname::text
               FROM pg_catalog.pg_depend AS m
               JOIN pg_catalog.pg_type AS t ON t.tableoid = m.classid AND t.oid = m.objid
               LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
              WHERE m.refclassid = e.tableoid
                AND m.refobjid = e.oid
                AND m.deptype = 'e'
                AND t.typtype IN ('b', 'c', 'd', 'e', 'm', 'r')
                AND t.typcategory <> 'A'
                AND (c.relkind IS NULL OR c.relkind = 'c')
              ORDER BY t.typname)
  FROM pg_catalog.pg_extension AS e
  JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_available_extensions() AS available ON available.name = e.extname
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = e.tableoid AND d.objoid = e.oid AND d.objsubid = 0
 WHERE e.oid >= 16384
