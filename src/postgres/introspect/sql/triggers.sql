-- Triggers, one row each, but for those that the server keeps for itself (of
-- foreign keys and of keys that are checked late). A partition's copy of its
-- parent's is there where its state or comment is another; up to server 14 the
-- server marks such copies as its own.
SELECT g.tgrelid,
       g.tgname::text,
       g.tgenabled::text,
       g.tgparentid <> 0,
       CASE WHEN g.tgparentid = 0 THEN pg_catalog.pg_get_triggerdef(g.oid) ELSE '' END,
       d.description
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  LEFT JOIN pg_catalog.pg_trigger AS p ON p.oid = g.tgparentid
  LEFT JOIN pg_catalog.pg_constraint AS k ON k.oid = g.tgconstraint
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = g.tableoid AND d.objoid = g.oid AND d.objsubid = 0
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND COALESCE(k.contype, 't') = 't'
   AND CASE WHEN g.tgparentid = 0 THEN NOT g.tgisinternal
            ELSE g.tgenabled <> p.tgenabled OR d.description IS NOT NULL END
