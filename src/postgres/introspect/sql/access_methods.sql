-- Access methods, one row each, but for the server's own and those of
-- extensions.
SELECT a.amname::text,
       a.amtype::text,
       a.amhandler::text,
       d.description
  FROM pg_catalog.pg_am AS a
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = a.tableoid AND d.objoid = a.oid AND d.objsubid = 0
 WHERE a.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = a.tableoid AND m.objid = a.oid AND m.deptype = 'e')
