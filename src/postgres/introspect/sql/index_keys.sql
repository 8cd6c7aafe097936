-- The keys of indexes of which there is more to say than a column and an
-- operator class, one row each: expressions, and keys with options or a
-- statistics target.
-- An expression is printed without the pretty flag: the manual promises that
-- this form is read the same way by later servers, and pg_dump uses it too.
-- Which collation an expression has by itself is in no catalog; whether the
-- index has another is asked of the server's own text. The part of an index that
-- a partition has shares the whole's expressions, so that they are printed once.
SELECT a.attrelid,
       a.attnum,
       a.atttypid,
       key.expression,
       a.attname::text,
       position(key.expression || ' COLLATE ' IN pg_catalog.pg_get_indexdef(x.indexrelid)) > 0,
       a.attoptions,
       NULLIF(a.attstattarget::int4, -1)
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indexrelid
  LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = x.indexrelid
 CROSS JOIN LATERAL
       (SELECT CASE WHEN x.indkey[a.attnum - 1] = 0 AND h.inhrelid IS NULL
                    THEN pg_catalog.pg_get_indexdef(a.attrelid, a.attnum, false) END AS expression) AS key
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND c.relkind IN ('r', 'p', 'm')
   AND ((x.indkey[a.attnum - 1] = 0 AND h.inhrelid IS NULL) OR a.attoptions IS NOT NULL OR NULLIF(a.attstattarget::int4, -1) IS NOT NULL)
