-- Operators, one row each, but for those that are only named as another's
-- commutator or negator and were never made: they have no function.
SELECT o.oprnamespace,
       o.oprname::text,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END,
       pg_catalog.format_type(o.oprright, NULL),
       o.oprcode::text,
       quote_ident(com_n.nspname) || '.' || com.oprname,
       quote_ident(neg_n.nspname) || '.' || neg.oprname,
       NULLIF(o.oprrest::oid, 0)::regproc::text,
       NULLIF(o.oprjoin::oid, 0)::regproc::text,
       o.oprcanhash,
       o.oprcanmerge,
       d.description
  FROM pg_catalog.pg_operator AS o
  LEFT JOIN pg_catalog.pg_operator AS com ON com.oid = o.oprcom
  LEFT JOIN pg_catalog.pg_namespace AS com_n ON com_n.oid = com.oprnamespace
  LEFT JOIN pg_catalog.pg_operator AS neg ON neg.oid = o.oprnegate
  LEFT JOIN pg_catalog.pg_namespace AS neg_n ON neg_n.oid = neg.oprnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = o.tableoid AND d.objoid = o.oid AND d.objsubid = 0
 WHERE o.oprnamespace = ANY ($1)
   AND o.oprcode::oid <> 0
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = o.tableoid AND m.objid = o.oid AND m.deptype = 'e')
