-- Enums, domains, composite types and ranges, one row each. What only one kind
-- has is null for the others. Attributes of composites are with the columns.
SELECT t.typnamespace,
       t.typname::text,
       t.typtype::text,
       d.description,
       -- Enums.
       CASE WHEN t.typtype = 'e' THEN
           ARRAY(SELECT l.enumlabel::text
                   FROM pg_catalog.pg_enum AS l
                  WHERE l.enumtypid = t.oid
                  ORDER BY l.enumsortorder)
       END,
       -- Domains.
       t.oid,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       t.typndims::int4,
       t.typnotnull,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.pg_get_expr(t.typdefaultbin, 0) END,
       -- Domains and ranges: a collation other than the base type's.
       CASE WHEN co_n.nspname = 'pg_catalog' THEN quote_ident(co.collname)
            ELSE quote_ident(co_n.nspname) || '.' || quote_ident(co.collname) END,
       -- Composites.
       t.typrelid,
       -- Ranges.
       pg_catalog.format_type(g.rngsubtype, NULL),
       multi.typname::text,
       CASE WHEN o.opcdefault AND o.opcintype = g.rngsubtype THEN NULL
            WHEN o_n.nspname = 'pg_catalog' THEN quote_ident(o.opcname)
            ELSE quote_ident(o_n.nspname) || '.' || quote_ident(o.opcname) END,
       NULLIF(g.rngcanonical::oid, 0)::regproc::text,
       NULLIF(g.rngsubdiff::oid, 0)::regproc::text
  FROM pg_catalog.pg_type AS t
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
  LEFT JOIN pg_catalog.pg_range AS g ON g.rngtypid = t.oid
  LEFT JOIN pg_catalog.pg_type AS multi ON multi.oid = g.rngmultitypid
  LEFT JOIN pg_catalog.pg_type AS base ON base.oid = COALESCE(g.rngsubtype, NULLIF(t.typbasetype, 0))
  LEFT JOIN pg_catalog.pg_collation AS co
         ON co.oid = COALESCE(g.rngcollation, t.typcollation) AND co.oid <> base.typcollation
  LEFT JOIN pg_catalog.pg_namespace AS co_n ON co_n.oid = co.collnamespace
  LEFT JOIN pg_catalog.pg_opclass AS o ON o.oid = g.rngsubopc
  LEFT JOIN pg_catalog.pg_namespace AS o_n ON o_n.oid = o.opcnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = t.tableoid AND d.objoid = t.oid AND d.objsubid = 0
 WHERE t.typnamespace = ANY ($1)
   AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = t.tableoid AND m.objid = t.oid AND m.deptype = 'e')
