-- Extended statistics of tables, partitions and materialised views, one row
-- each, wherever they are themselves. What has no target of its own is -1 up to
-- server 16 and null since.
SELECT s.stxrelid,
       n.nspname::text,
       s.stxname::text,
       pg_catalog.pg_get_statisticsobjdef(s.oid),
       NULLIF(s.stxstattarget::int4, -1),
       d.description
  FROM pg_catalog.pg_statistic_ext AS s
  JOIN pg_catalog.pg_namespace AS n ON n.oid = s.stxnamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = s.stxrelid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = s.tableoid AND d.objoid = s.oid AND d.objsubid = 0
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = s.tableoid AND m.objid = s.oid AND m.deptype = 'e')
