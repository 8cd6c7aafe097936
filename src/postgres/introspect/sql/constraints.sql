-- Constraints of tables, one row each, as the catalog has them: only a check's
-- expression and an exclusion are printed by the server.
-- Left out are constraint triggers (they are triggers), server 18's NOT NULL
-- constraints (they are read by themselves), the keys that a partition has of
-- its parent, the copies of a foreign key that stand for the partitions of the
-- table it refers to, and a partition's checks of its parent, unless somebody
-- has said something about one.
SELECT k.conrelid,
       k.contype::text,
       k.conname::text,
       k.condeferrable,
       k.condeferred,
       k.convalidated,
       k.connoinherit,
       k.conkey,
       k.conindid,
       rn.nspname::text,
       r.relname::text,
       k.confrelid,
       k.confkey,
       -- The columns referred to, by name where their table is not read itself.
       CASE WHEN k.contype = 'f' AND (r.relispartition OR NOT r.relnamespace = ANY ($1)) THEN
           ARRAY(SELECT a.attname::text
                   FROM unnest(k.confkey) WITH ORDINALITY AS f (attnum, place)
                   JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = f.attnum
                  ORDER BY f.place)
       END,
       k.confupdtype::text,
       k.confdeltype::text,
       k.confmatchtype::text,
       -- Since server 15.
       CASE WHEN k.contype = 'f' AND k.confdeltype IN ('n', 'd') THEN
           ARRAY(SELECT jsonb_array_elements_text(NULLIF(to_jsonb(k) -> 'confdelsetcols', 'null')))::int2[]
       END,
       CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid)
            WHEN k.contype = 'x' THEN pg_catalog.pg_get_constraintdef(k.oid) END,
       -- A key WITHOUT OVERLAPS, or a foreign key with PERIOD, which refers to
       -- one. Since server 18.
       k.contype IN ('p', 'u', 'f') AND COALESCE(x.indisexclusion, false),
       -- Since server 18; a constraint that is not enforced is not valid either.
       NOT k.convalidated AND COALESCE((to_jsonb(k) ->> 'conenforced')::bool, true) = false,
       k.contype = 'c' AND NOT k.conislocal,
       d.description
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid AND k.contype = 'f'
  LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
  LEFT JOIN pg_catalog.pg_index AS x ON x.indexrelid = k.conindid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = k.tableoid AND d.objoid = k.oid AND d.objsubid = 0
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND k.contype IN ('p', 'u', 'f', 'c', 'x')
   AND k.conparentid = 0
   AND (k.conislocal OR k.contype <> 'c' OR NOT c.relispartition OR d.description IS NOT NULL)
