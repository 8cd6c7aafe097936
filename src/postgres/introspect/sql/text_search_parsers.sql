-- Text search parsers, one row each.
SELECT p.prsnamespace,
       p.prsname::text,
       p.prsstart::text,
       p.prstoken::text,
       p.prsend::text,
       NULLIF(p.prsheadline::oid, 0)::regproc::text,
       p.prslextype::text,
       d.description
  FROM pg_catalog.pg_ts_parser AS p
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = p.tableoid AND d.objoid = p.oid AND d.objsubid = 0
 WHERE p.prsnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = p.tableoid AND m.objid = p.oid AND m.deptype = 'e')
