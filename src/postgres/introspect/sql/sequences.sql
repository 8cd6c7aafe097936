-- Sequences, one row each, with the column that owns them: deptype i is an
-- identity column, a is OWNED BY.
SELECT c.relnamespace,
       c.oid,
       c.relname::text,
       c.relpersistence::text,
       -- An identity's that is not its table's. Up to server 14 no sequence is
       -- unlogged.
       CASE WHEN c.relpersistence <> t.relpersistence
             AND current_setting('server_version_num')::int4 >= 150000
            THEN c.relpersistence::text END,
       pg_catalog.format_type(s.seqtypid, NULL),
       s.seqstart,
       s.seqincrement,
       s.seqmin,
       s.seqmax,
       s.seqcache,
       s.seqcycle,
       o.deptype::text,
       o.refobjid,
       o.refobjsubid,
       quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname),
       d.description
  FROM pg_catalog.pg_sequence AS s
  JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
  LEFT JOIN pg_catalog.pg_depend AS o
         ON o.classid = c.tableoid AND o.objid = c.oid AND o.objsubid = 0
        AND o.refclassid = c.tableoid AND o.refobjsubid > 0
        AND o.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = o.refobjid
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = 0
 WHERE c.relnamespace = ANY ($1)
   AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
