-- Text search templates, one row each.
SELECT t.tmplnamespace,
       t.tmplname::text,
       NULLIF(t.tmplinit::oid, 0)::regproc::text,
       t.tmpllexize::text,
       d.description
  FROM pg_catalog.pg_ts_template AS t
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = t.tableoid AND d.objoid = t.oid AND d.objsubid = 0
 WHERE t.tmplnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = t.tableoid AND m.objid = t.oid AND m.deptype = 'e')
