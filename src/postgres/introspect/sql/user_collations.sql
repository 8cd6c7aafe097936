-- Collations, one row each. The locale of icu and builtin is in a column that
-- has another name in each of the servers 15 and 17; server 14 keeps it where
-- libc has its own.
SELECT co.collnamespace,
       co.collname::text,
       co.collprovider::text,
       COALESCE(to_jsonb(co) ->> 'colllocale', to_jsonb(co) ->> 'colliculocale'),
       co.collcollate::text,
       co.collctype::text,
       co.collisdeterministic,
       -- Since server 16.
       to_jsonb(co) ->> 'collicurules',
       d.description
  FROM pg_catalog.pg_collation AS co
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = co.tableoid AND d.objoid = co.oid AND d.objsubid = 0
 WHERE co.collnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = co.tableoid AND m.objid = co.oid AND m.deptype = 'e')
