-- Functions, procedures, aggregates and window functions, one row each.
SELECT p.pronamespace,
       p.oid,
       p.proname::text,
       p.prokind::text,
       d.description,
       p.proargnames,
       p.proargmodes::text[],
       ARRAY(SELECT pg_catalog.format_type(a.type, NULL)
               FROM unnest(COALESCE(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a (type, place)
              ORDER BY a.place),
       -- One for each argument, null where it has none or is no input.
       CASE WHEN p.pronargdefaults > 0 THEN
           ARRAY(SELECT pg_catalog.pg_get_function_arg_default(p.oid, place::int4)
                   FROM generate_series(1, COALESCE(cardinality(p.proallargtypes), p.pronargs)) AS place
                  ORDER BY place)
       END,
       pg_catalog.pg_get_function_result(p.oid),
       l.lanname::text,
       p.provolatile::text,
       p.proisstrict,
       p.prosecdef,
       p.proleakproof,
       p.proparallel::text,
       p.procost,
       p.prorows,
       p.proretset,
       NULLIF(p.prosupport::oid, 0)::regproc::text,
       p.proconfig,
       p.probin,
       p.prosrc,
       pg_catalog.pg_get_function_sqlbody(p.oid),
       CASE WHEN cardinality(p.protrftypes) > 0 THEN
           ARRAY(SELECT pg_catalog.format_type(t.type, NULL)
                   FROM unnest(p.protrftypes) WITH ORDINALITY AS t (type, place)
                  ORDER BY t.place)
       END
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = p.tableoid AND d.objoid = p.oid AND d.objsubid = 0
 WHERE p.pronamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = p.tableoid AND m.objid = p.oid AND m.deptype = 'e')
   -- The constructors of a range type come with it.
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = p.tableoid AND m.objid = p.oid AND m.deptype = 'i')
