-- The queries of views and materialised views, one row each.
SELECT c.oid,
       pg_catalog.pg_get_viewdef(c.oid)
  FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = ANY ($1)
   AND c.relkind IN ('v', 'm')
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
