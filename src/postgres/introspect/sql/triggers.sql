-- Triggers, one row each, but for those that the server keeps for itself (of
-- foreign keys) and those that a partition has of its parent.
SELECT g.tgrelid,
       g.tgname::text,
       g.tgenabled::text,
       pg_catalog.pg_get_triggerdef(g.oid),
       d.description
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = g.tableoid AND d.objoid = g.oid AND d.objsubid = 0
 WHERE c.relnamespace = ANY ($1)
   AND NOT c.relispartition
   AND NOT g.tgisinternal
   AND g.tgparentid = 0
