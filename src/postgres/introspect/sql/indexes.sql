-- Indexes of tables, partitions and materialised views, those of keys included,
-- one row each, as the catalog has them: only a predicate is printed by the
-- server. A partition's index that is part of its parent's names that one.
SELECT x.indexrelid,
       h.inhparent,
       x.indrelid,
       i.relname::text,
       am.amname::text,
       x.indisunique,
       x.indisvalid,
       x.indisreplident,
       x.indisclustered,
       k.contype::text,
       -- Since server 15.
       x.indisunique AND COALESCE((to_jsonb(x) ->> 'indnullsnotdistinct')::bool, false),
       x.indnkeyatts::int4,
       x.indkey::int2[],
       x.indoption::int2[],
       x.indclass::oid[],
       x.indcollation::oid[],
       pg_catalog.pg_get_expr(x.indpred, x.indrelid),
       i.reloptions,
       ts.spcname::text,
       d.description,
       kd.description
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_am AS am ON am.oid = i.relam
  LEFT JOIN pg_catalog.pg_tablespace AS ts ON ts.oid = i.reltablespace
  LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = x.indexrelid
  LEFT JOIN pg_catalog.pg_constraint AS k
         ON k.conindid = x.indexrelid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_catalog.pg_description AS kd
         ON kd.classoid = k.tableoid AND kd.objoid = k.oid AND kd.objsubid = 0
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = i.tableoid AND d.objoid = i.oid AND d.objsubid = 0
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND c.relkind IN ('r', 'p', 'm')
