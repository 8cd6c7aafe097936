-- Text search configurations, one row each.
SELECT c.oid,
       c.cfgnamespace,
       c.cfgname::text,
       quote_ident(n.nspname) || '.' || quote_ident(p.prsname),
       d.description
  FROM pg_catalog.pg_ts_config AS c
  JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.prsnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = 0
 WHERE c.cfgnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
