-- What CREATE AGGREGATE takes between its parentheses, one row for each
-- aggregate: its parameters, as pg_dump writes them, null where left out.
SELECT a.aggfnoid::oid,
       CASE WHEN a.aggkind <> 'n' THEN a.aggnumdirectargs END,
       a.aggtransfn::text,
       pg_catalog.format_type(a.aggtranstype, NULL),
       NULLIF(a.aggtransspace, 0)::text,
       NULLIF(a.aggfinalfn::oid, 0)::regproc::text,
       a.aggfinalextra,
       NULLIF(a.aggfinalmodify::text, CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END),
       NULLIF(a.aggcombinefn::oid, 0)::regproc::text,
       NULLIF(a.aggserialfn::oid, 0)::regproc::text,
       NULLIF(a.aggdeserialfn::oid, 0)::regproc::text,
       quote_literal(a.agginitval),
       NULLIF(a.aggmtransfn::oid, 0)::regproc::text,
       NULLIF(a.aggminvtransfn::oid, 0)::regproc::text,
       CASE WHEN a.aggmtransfn::oid <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END,
       NULLIF(a.aggmtransspace, 0)::text,
       NULLIF(a.aggmfinalfn::oid, 0)::regproc::text,
       a.aggmfinalextra,
       CASE WHEN a.aggmfinalfn::oid <> 0
            THEN NULLIF(a.aggmfinalmodify::text, CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END) END,
       quote_literal(a.aggminitval),
       'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')',
       NULLIF(p.proparallel::text, 'u'),
       a.aggkind = 'h'
  FROM pg_catalog.pg_aggregate AS a
  JOIN pg_catalog.pg_proc AS p ON p.oid = a.aggfnoid
  LEFT JOIN pg_catalog.pg_operator AS o ON o.oid = a.aggsortop
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = o.oprnamespace
 WHERE p.pronamespace = ANY ($1)
