-- Every schema but the server's own, one row each. Nobody can make a schema
-- whose name begins with pg_, so those are the server's by name; they include
-- the temporary ones of every session.
SELECT n.oid,
       n.nspname::text,
       r.rolname::text AS owner,
       e.extname::text AS extension,
       d.description
  FROM pg_catalog.pg_namespace AS n
  LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
  LEFT JOIN pg_catalog.pg_depend AS m
         ON m.classid = n.tableoid AND m.objid = n.oid AND m.deptype = 'e'
  LEFT JOIN pg_catalog.pg_extension AS e ON e.oid = m.refobjid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = n.tableoid AND d.objoid = n.oid AND d.objsubid = 0
 WHERE n.nspname !~ '^pg_'
   AND n.nspname <> 'information_schema'
