-- Operator classes, one row each, with what decides whether an index uses one
-- by default. Postgres' own are never qualified: pg_catalog is always searched.
SELECT o.oid,
       o.opcmethod,
       CASE WHEN n.nspname = 'pg_catalog' THEN quote_ident(o.opcname)
            ELSE quote_ident(n.nspname) || '.' || quote_ident(o.opcname) END,
       o.opcintype,
       o.opcdefault,
       t.typispreferred OR t.typtype = 'p',
       o.opckeytype <> 0
  FROM pg_catalog.pg_opclass AS o
  JOIN pg_catalog.pg_namespace AS n ON n.oid = o.opcnamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = o.opcintype
