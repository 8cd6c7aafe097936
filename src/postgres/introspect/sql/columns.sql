-- Columns of tables and views and attributes of composite types, one row each,
-- in order. A partition has its parent's, so its own are not read.
SELECT a.attrelid,
       a.attnum,
       a.attname::text,
       pg_catalog.format_type(a.atttypid, a.atttypmod),
       a.attndims::int4,
       a.atttypid,
       a.attcollation,
       CASE WHEN co_n.nspname = 'pg_catalog' THEN quote_ident(co.collname)
            ELSE quote_ident(co_n.nspname) || '.' || quote_ident(co.collname) END,
       a.attnotnull,
       pg_catalog.pg_get_expr(def.adbin, def.adrelid),
       a.attgenerated::text,
       a.attidentity::text,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
       NULLIF(a.attcompression::text, ''),
       NULLIF(a.attstattarget::int4, -1),
       a.attoptions,
       d.description
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef AS def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS co_n ON co_n.oid = co.collnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = a.attnum
 WHERE c.relnamespace = ANY ($1)
   AND c.relkind IN ('r', 'p', 'v', 'm', 'c')
   AND NOT c.relispartition
   AND a.attnum > 0
   AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
