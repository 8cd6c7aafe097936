-- Foreign-data wrappers, one row each, but for those of extensions.
SELECT w.oid,
       w.fdwname::text,
       NULLIF(w.fdwhandler, 0)::regproc::text,
       NULLIF(w.fdwvalidator, 0)::regproc::text,
       w.fdwoptions,
       d.description
  FROM pg_catalog.pg_foreign_data_wrapper AS w
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = w.tableoid AND d.objoid = w.oid AND d.objsubid = 0
 WHERE w.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = w.tableoid AND m.objid = w.oid AND m.deptype = 'e')
