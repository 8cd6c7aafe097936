-- The constraints behind NOT NULL, one row each: of columns since server 18, of
-- domains since 17. Left out are those of which there is nothing to say: what
-- the server makes of the words NOT NULL, where no name had to be cut, and what
-- a partition has of its parent under the same name.
SELECT k.conrelid,
       k.contypid,
       k.conkey[1],
       k.conname::text,
       NOT k.convalidated,
       k.connoinherit,
       NOT k.conislocal,
       d.description
  FROM pg_catalog.pg_constraint AS k
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = k.contypid
  LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_catalog.pg_constraint AS p
         ON p.conrelid = h.inhparent AND p.conname = k.conname AND p.contype = 'n'
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = k.tableoid AND d.objoid = k.oid AND d.objsubid = 0
 WHERE k.contype = 'n'
   AND (COALESCE(c.relnamespace, t.typnamespace) = ANY ($1) OR c.relispartition)
   AND (d.description IS NOT NULL
        OR CASE WHEN c.relispartition THEN p.oid IS NULL OR k.convalidated <> p.convalidated
                WHEN NOT k.convalidated OR k.connoinherit OR NOT k.conislocal THEN true
                WHEN c.oid IS NULL THEN k.conname <> t.typname || '_not_null'
                ELSE k.conname <> c.relname || '_' || a.attname || '_not_null' END)
