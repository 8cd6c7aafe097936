-- Privileges: one row for each object that has a list of them (an object
-- without one has its default, and costs nothing here), with the list that it
-- is compared with: the one that initdb left, else that of a new object.
--
-- Every database has the schema public from the start, and PUBLIC may use it
-- (until server 14: create in it, too). One that was dropped and made again is
-- compared with that, as pg_dump does; hence its row without a list.
WITH initial AS (
    SELECT i.classoid, i.objoid, i.objsubid, i.initprivs AS list
      FROM pg_catalog.pg_init_privs AS i
     WHERE i.privtype = 'i'
), object (class, oid, sub, owner, list, usual) AS (
    SELECT n.tableoid, n.oid, 0, n.nspowner,
           COALESCE(n.nspacl, acldefault('n', n.nspowner)),
           acldefault('n', n.nspowner)
               || CASE WHEN n.nspname = 'public' THEN ARRAY[makeaclitem(0, n.nspowner, 'USAGE', false)] END
               || CASE WHEN n.nspname = 'public' AND current_setting('server_version_num')::int4 < 150000
                       THEN ARRAY[makeaclitem(0, n.nspowner, 'CREATE', false)] END
      FROM pg_catalog.pg_namespace AS n
     WHERE n.oid = ANY ($1)
       AND (n.nspacl IS NOT NULL OR n.nspname = 'public')
     UNION ALL
    SELECT c.tableoid, c.oid, 0, c.relowner, c.relacl,
           acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
      FROM pg_catalog.pg_class AS c
     WHERE c.relacl IS NOT NULL
       AND (c.relnamespace = ANY ($1) OR c.relispartition)
     UNION ALL
    SELECT c.tableoid, c.oid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
     WHERE a.attacl IS NOT NULL
       AND a.attnum > 0
       AND NOT a.attisdropped
       AND (c.relnamespace = ANY ($1) OR c.relispartition)
     UNION ALL
    SELECT p.tableoid, p.oid, 0, p.proowner, p.proacl, acldefault('f', p.proowner)
      FROM pg_catalog.pg_proc AS p
     WHERE p.proacl IS NOT NULL
       AND p.pronamespace = ANY ($1)
     UNION ALL
    SELECT t.tableoid, t.oid, 0, t.typowner, t.typacl, acldefault('T', t.typowner)
      FROM pg_catalog.pg_type AS t
     WHERE t.typacl IS NOT NULL
       AND t.typnamespace = ANY ($1)
     UNION ALL
    SELECT l.tableoid, l.oid, 0, l.lanowner, l.lanacl, acldefault('l', l.lanowner)
      FROM pg_catalog.pg_language AS l
     WHERE l.lanacl IS NOT NULL
     UNION ALL
    SELECT w.tableoid, w.oid, 0, w.fdwowner, w.fdwacl, acldefault('F', w.fdwowner)
      FROM pg_catalog.pg_foreign_data_wrapper AS w
     WHERE w.fdwacl IS NOT NULL
     UNION ALL
    SELECT s.tableoid, s.oid, 0, s.srvowner, s.srvacl, acldefault('S', s.srvowner)
      FROM pg_catalog.pg_foreign_server AS s
     WHERE s.srvacl IS NOT NULL
)
SELECT o.class,
       o.oid,
       o.sub::int4,
       r.rolname::text,
       o.list::text[],
       COALESCE(i.list, o.usual)::text[]
  FROM object AS o
  LEFT JOIN initial AS i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub
  LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = o.owner
