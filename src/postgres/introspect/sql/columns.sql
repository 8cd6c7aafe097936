-- Columns of tables and views and attributes of composite types, one row each,
-- in order. A partition has its parent's: of its own, those are left out that
-- have the same number and nothing that the parent's has not.
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
       a.attfdwoptions,
       NOT a.attislocal,
       d.description
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef AS def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS co_n ON co_n.oid = co.collnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = a.attnum
  LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_catalog.pg_attribute AS pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
   AND a.attnum > 0
   AND NOT a.attisdropped
   AND (NOT c.relispartition
        OR a.atthasdef
        OR pa.atthasdef
        OR a.attidentity <> ''
        OR a.attacl IS NOT NULL
        OR a.attfdwoptions IS NOT NULL
        OR d.description IS NOT NULL
        OR (a.attnum, a.attnotnull, a.attstorage, a.attcompression, a.attstattarget, a.attoptions)
           IS DISTINCT FROM
           (pa.attnum, pa.attnotnull, pa.attstorage, pa.attcompression, pa.attstattarget, pa.attoptions))
 ORDER BY a.attrelid, a.attnum
