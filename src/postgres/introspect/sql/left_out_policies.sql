-- Row security policies on tables of schemas that are left out, one row each,
-- but for tables that an extension brought.
SELECT c.relnamespace,
       c.relname::text,
       p.polname::text,
       p.polcmd::text,
       p.polpermissive,
       ARRAY(SELECT r.rolname::text
               FROM pg_catalog.pg_roles AS r
              WHERE r.oid = ANY (p.polroles)
              ORDER BY r.rolname),
       pg_catalog.pg_get_expr(p.polqual, p.polrelid),
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),
       d.description
  FROM pg_catalog.pg_policy AS p
  JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = p.tableoid AND d.objoid = p.oid AND d.objsubid = 0
 WHERE NOT c.relnamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
