-- Row security policies, one row each. PUBLIC is role 0, which pg_roles does
-- not list, so that a policy for PUBLIC has no roles.
SELECT p.polrelid,
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
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
