-- Procedural languages, one row each, but for the server's own and those of
-- extensions.
SELECT l.oid,
       l.lanname::text,
       l.lanpltrusted,
       NULLIF(l.lanplcallfoid, 0)::regproc::text,
       NULLIF(l.laninline, 0)::regproc::text,
       NULLIF(l.lanvalidator, 0)::regproc::text,
       d.description
  FROM pg_catalog.pg_language AS l
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = l.tableoid AND d.objoid = l.oid AND d.objsubid = 0
 WHERE l.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = l.tableoid AND m.objid = l.oid AND m.deptype = 'e')
