-- Foreign servers, one row each, but for those of extensions.
SELECT s.oid,
       s.srvname::text,
       w.fdwname::text,
       s.srvtype,
       s.srvversion,
       s.srvoptions,
       d.description
  FROM pg_catalog.pg_foreign_server AS s
  JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = s.tableoid AND d.objoid = s.oid AND d.objsubid = 0
 WHERE s.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = s.tableoid AND m.objid = s.oid AND m.deptype = 'e')
