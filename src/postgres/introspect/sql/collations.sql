-- The collations that indexes use, one row each.
SELECT co.oid,
       CASE WHEN n.nspname = 'pg_catalog' THEN quote_ident(co.collname)
            ELSE quote_ident(n.nspname) || '.' || quote_ident(co.collname) END
  FROM pg_catalog.pg_collation AS co
  JOIN pg_catalog.pg_namespace AS n ON n.oid = co.collnamespace
 WHERE co.oid IN (SELECT unnest(x.indcollation::oid[])
                    FROM pg_catalog.pg_index AS x
                    JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
                   WHERE c.relnamespace = ANY ($1) OR c.relispartition)
