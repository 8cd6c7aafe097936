-- The checks of domains, one row each.
SELECT k.contypid,
       k.conname::text,
       pg_catalog.pg_get_expr(k.conbin, 0),
       k.convalidated,
       d.description
  FROM pg_catalog.pg_constraint AS k
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = k.tableoid AND d.objoid = k.oid AND d.objsubid = 0
 WHERE k.connamespace = ANY ($1)
   AND k.contypid <> 0
   AND k.contype = 'c'
