-- Casts, one row each, but for the server's own, those of extensions, and the
-- one that comes with a range type. One
-- of which a type or its function is in a schema that is left out is the
-- user's only where another of the three is in one that is read.
WITH member AS (
    SELECT m.classid, m.objid
      FROM pg_catalog.pg_depend AS m
     WHERE m.deptype = 'e'
), part AS (
    SELECT c.oid AS cast_oid, t.typnamespace AS schema, e.objid IS NULL AND t.oid >= 16384 AS own
      FROM pg_catalog.pg_cast AS c
      JOIN pg_catalog.pg_type AS t ON t.oid IN (c.castsource, c.casttarget)
      LEFT JOIN member AS e ON e.classid = t.tableoid AND e.objid = t.oid
     WHERE c.oid >= 16384
     UNION ALL
    SELECT c.oid, p.pronamespace, e.objid IS NULL AND p.oid >= 16384
      FROM pg_catalog.pg_cast AS c
      JOIN pg_catalog.pg_proc AS p ON p.oid = c.castfunc
      LEFT JOIN member AS e ON e.classid = p.tableoid AND e.objid = p.oid
     WHERE c.oid >= 16384
), scope AS (
    SELECT part.cast_oid
      FROM part
     GROUP BY part.cast_oid
    HAVING NOT bool_or(part.own) OR bool_or(part.own AND part.schema = ANY ($1))
)
SELECT pg_catalog.format_type(c.castsource, NULL),
       pg_catalog.format_type(c.casttarget, NULL),
       NULLIF(c.castfunc, 0)::regprocedure::text,
       c.castmethod::text,
       c.castcontext::text,
       d.description
  FROM pg_catalog.pg_cast AS c
  JOIN scope ON scope.cast_oid = c.oid
  LEFT JOIN pg_catalog.pg_depend AS m
         ON m.classid = c.tableoid AND m.objid = c.oid AND m.deptype IN ('e', 'i')
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = 0
 WHERE m.objid IS NULL
