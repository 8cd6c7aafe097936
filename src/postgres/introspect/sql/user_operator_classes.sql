-- Operator classes that are part of the schemas, one row each.
SELECT o.oid,
       o.opcnamespace,
       o.opcname::text,
       am.amname::text,
       pg_catalog.format_type(o.opcintype, NULL),
       o.opcdefault,
       CASE WHEN f.opfnamespace <> o.opcnamespace OR f.opfname <> o.opcname
            THEN quote_ident(n.nspname) || '.' || quote_ident(f.opfname) END,
       CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END,
       d.description
  FROM pg_catalog.pg_opclass AS o
  JOIN pg_catalog.pg_am AS am ON am.oid = o.opcmethod
  JOIN pg_catalog.pg_opfamily AS f ON f.oid = o.opcfamily
  JOIN pg_catalog.pg_namespace AS n ON n.oid = f.opfnamespace
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = o.tableoid AND d.objoid = o.oid AND d.objsubid = 0
 WHERE o.opcnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = o.tableoid AND m.objid = o.oid AND m.deptype = 'e')
