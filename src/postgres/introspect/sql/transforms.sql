-- Transforms, one row each, but for those of extensions.
SELECT pg_catalog.format_type(t.trftype, NULL),
       l.lanname::text,
       NULLIF(t.trffromsql::oid, 0)::regprocedure::text,
       NULLIF(t.trftosql::oid, 0)::regprocedure::text,
       d.description
  FROM pg_catalog.pg_transform AS t
  JOIN pg_catalog.pg_language AS l ON l.oid = t.trflang
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = t.tableoid AND d.objoid = t.oid AND d.objsubid = 0
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = t.tableoid AND m.objid = t.oid AND m.deptype = 'e')
