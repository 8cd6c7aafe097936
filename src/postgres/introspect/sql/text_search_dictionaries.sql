-- Text search dictionaries, one row each.
SELECT i.dictnamespace,
       i.dictname::text,
       quote_ident(n.nspname) || '.' || quote_ident(t.tmplname),
       i.dictinitoption,
       d.description
  FROM pg_catalog.pg_ts_dict AS i
  JOIN pg_catalog.pg_ts_template AS t ON t.oid = i.dicttemplate
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.tmplnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = i.tableoid AND d.objoid = i.oid AND d.objsubid = 0
 WHERE i.dictnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = i.tableoid AND m.objid = i.oid AND m.deptype = 'e')
