-- Operator families, one row each, those that came with a class included.
SELECT f.oid,
       f.opfnamespace,
       f.opfname::text,
       am.amname::text,
       d.description
  FROM pg_catalog.pg_opfamily AS f
  JOIN pg_catalog.pg_am AS am ON am.oid = f.opfmethod
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = f.tableoid AND d.objoid = f.oid AND d.objsubid = 0
 WHERE f.opfnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = f.tableoid AND m.objid = f.oid AND m.deptype = 'e')
