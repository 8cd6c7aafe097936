-- Tables, foreign ones too, partitions, views and materialised views, one row
-- each. Partitions are read whatever their schema: they belong to their parent,
-- wherever it is.
SELECT c.oid,
       c.relnamespace,
       n.nspname::text,
       c.relname::text,
       c.relkind::text,
       c.relpersistence::text,
       d.description,
       -- A partitioned table has one only where somebody has said so.
       CASE WHEN am.amname <> 'heap' OR c.relkind = 'p' THEN am.amname::text END,
       ts.spcname::text,
       c.reloptions,
       toast.reloptions,
       c.relrowsecurity,
       c.relforcerowsecurity,
       c.relreplident::text,
       c.relispopulated,
       CASE WHEN c.reloftype <> 0 THEN quote_ident(tn.nspname) || '.' || quote_ident(t.typname) END,
       c.relispartition,
       parents.first,
       parents.names,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
       p.partstrat::text,
       -- A key's expression has the number 0, and so no name.
       ARRAY(SELECT a.attname::text
               FROM unnest(p.partattrs::int2[]) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
              ORDER BY k.place),
       CASE WHEN p.partrelid IS NOT NULL THEN pg_catalog.pg_get_partkeydef(c.oid) END,
       fs.srvname::text,
       ft.ftoptions
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am AS am ON am.oid = c.relam
  LEFT JOIN pg_catalog.pg_tablespace AS ts ON ts.oid = c.reltablespace
  LEFT JOIN pg_catalog.pg_class AS toast ON toast.oid = c.reltoastrelid
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reloftype
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = c.oid
  LEFT JOIN pg_catalog.pg_foreign_table AS ft ON ft.ftrelid = c.oid
  LEFT JOIN pg_catalog.pg_foreign_server AS fs ON fs.oid = ft.ftserver
  LEFT JOIN (SELECT i.inhrelid,
                    min(i.inhparent) AS first,
                    array_agg(quote_ident(pn.nspname) || '.' || quote_ident(pc.relname) ORDER BY i.inhseqno) AS names
               FROM pg_catalog.pg_inherits AS i
               JOIN pg_catalog.pg_class AS pc ON pc.oid = i.inhparent
               JOIN pg_catalog.pg_namespace AS pn ON pn.oid = pc.relnamespace
              GROUP BY i.inhrelid) AS parents ON parents.inhrelid = c.oid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = 0
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
   AND (c.relnamespace = ANY ($1) OR c.relispartition)
   AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
