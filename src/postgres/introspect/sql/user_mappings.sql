-- User mappings, one row each, from the view that every role may read. It
-- shows the options under the condition that is repeated here, and none both
-- where there are none and where the role may not see them.
SELECT u.srvid,
       u.usename::text,
       u.umoptions,
       (u.umuser <> 0
            AND u.usename = current_user
            AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE')
                     OR pg_catalog.has_server_privilege(s.oid, 'USAGE')))
           OR (u.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE'))
           OR (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
  FROM pg_catalog.pg_user_mappings AS u
  JOIN pg_catalog.pg_foreign_server AS s ON s.oid = u.srvid
