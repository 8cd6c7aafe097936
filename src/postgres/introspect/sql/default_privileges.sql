-- Default privileges, one row for each role, schema and sort of object. Those
-- for all schemas stand in place of the built-in default; those for one schema
-- are added to it, and so compared with nothing.
SELECT r.rolname::text,
       n.nspname::text,
       d.defaclobjtype::text,
       d.defaclacl::text[],
       CASE WHEN d.defaclnamespace = 0
            THEN acldefault(CASE WHEN d.defaclobjtype = 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END::text[]
  FROM pg_catalog.pg_default_acl AS d
  JOIN pg_catalog.pg_roles AS r ON r.oid = d.defaclrole
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
 WHERE d.defaclnamespace = 0
    OR d.defaclnamespace = ANY ($1)
