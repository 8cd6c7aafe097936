-- What the manifest does not hold of what pg_dump prints, one row for each
-- object: its kind and its name as the server describes it. Objects of the
-- schemas that are read, or of none, that no extension brought.
WITH member AS (
    SELECT m.classid, m.objid
      FROM pg_catalog.pg_depend AS m
     WHERE m.deptype = 'e'
), held AS (
    -- The catalogs whose objects the other queries read, or judge here.
    SELECT c.oid AS class
      FROM pg_catalog.pg_class AS c
     WHERE c.relnamespace = 11
       AND c.relname IN ('pg_class', 'pg_type', 'pg_proc', 'pg_constraint', 'pg_operator', 'pg_opclass',
                         'pg_opfamily', 'pg_collation', 'pg_conversion', 'pg_statistic_ext', 'pg_ts_parser',
                         'pg_ts_template', 'pg_ts_dict', 'pg_ts_config', 'pg_namespace', 'pg_extension',
                         'pg_trigger', 'pg_rewrite', 'pg_policy', 'pg_cast', 'pg_language', 'pg_transform',
                         'pg_am', 'pg_event_trigger', 'pg_foreign_data_wrapper', 'pg_foreign_server',
                         'pg_user_mapping', 'pg_publication', 'pg_publication_rel',
                         'pg_publication_namespace', 'pg_subscription', 'pg_default_acl', 'pg_largeobject')
), found AS MATERIALIZED (
    -- Materialised, so that only what is found is described.
    -- Base types, and those that were named and never made.
    SELECT CASE WHEN t.typisdefined THEN 'base type' ELSE 'shell type' END AS kind,
           t.tableoid AS class, t.oid AS object, 0 AS part
      FROM pg_catalog.pg_type AS t
      LEFT JOIN pg_catalog.pg_type AS element ON element.typarray = t.oid
     WHERE t.typnamespace = ANY ($1)
       AND t.typtype NOT IN ('c', 'd', 'e', 'r', 'm')
       AND element.oid IS NULL
     UNION ALL
    -- Relations and constraints of sorts that only later servers have.
    SELECT 'relation', c.tableoid, c.oid, 0
      FROM pg_catalog.pg_class AS c
     WHERE c.relnamespace = ANY ($1)
       AND c.relkind NOT IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I', 'c', 't')
     UNION ALL
    SELECT 'constraint', k.tableoid, k.oid, 0
      FROM pg_catalog.pg_constraint AS k
     WHERE k.connamespace = ANY ($1)
       AND k.contype NOT IN ('p', 'u', 'f', 'c', 'x', 't', 'n')
     UNION ALL
    -- Objects of catalogs that are not read at all. (What the server keeps of a
    -- column's default depends on its table, and not on a schema.)
    SELECT 'object of an unknown kind', m.classid, m.objid, m.objsubid
      FROM pg_catalog.pg_depend AS m
      JOIN pg_catalog.pg_namespace AS n ON n.tableoid = m.refclassid AND n.oid = m.refobjid
     WHERE n.oid = ANY ($1)
       AND m.deptype = 'n'
       AND m.classid NOT IN (SELECT class FROM held)
     UNION ALL
    -- Comments on such. One on an object that is named here goes with it.
    SELECT 'comment', d.classoid, d.objoid, d.objsubid
      FROM pg_catalog.pg_description AS d
     WHERE d.objoid >= 16384
       AND d.classoid NOT IN (SELECT class FROM held)
     UNION ALL
    -- ALTER … DEPENDS ON EXTENSION: dropped with it.
    SELECT 'dependency on an extension', m.classid, m.objid, m.objsubid
      FROM pg_catalog.pg_depend AS m
     WHERE m.deptype = 'x'
     UNION ALL
    SELECT 'security label', l.classoid, l.objoid, l.objsubid
      FROM pg_catalog.pg_seclabel AS l
     UNION ALL
    -- Which extension a server belongs to is not for its user mappings.
    SELECT 'user mapping', map_class.oid, u.umid, 0
      FROM pg_catalog.pg_user_mappings AS u
      JOIN pg_catalog.pg_foreign_server AS s ON s.oid = u.srvid
      JOIN member ON member.classid = s.tableoid AND member.objid = s.oid
      JOIN pg_catalog.pg_class AS map_class ON map_class.relname = 'pg_user_mapping' AND map_class.relnamespace = 11
), acl AS (
    SELECT c.tableoid AS class, c.oid AS object, 0 AS part, c.relacl AS now, c.relnamespace AS schema,
           CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char" AS sort, c.relowner AS owner
      FROM pg_catalog.pg_class AS c
     UNION ALL
    SELECT c.tableoid, c.oid, a.attnum, a.attacl, c.relnamespace, 'c', c.relowner
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
     WHERE a.attacl IS NOT NULL
     UNION ALL
    SELECT p.tableoid, p.oid, 0, p.proacl, p.pronamespace, 'f', p.proowner
      FROM pg_catalog.pg_proc AS p
     UNION ALL
    SELECT t.tableoid, t.oid, 0, t.typacl, t.typnamespace, 'T', t.typowner
      FROM pg_catalog.pg_type AS t
     UNION ALL
    SELECT n.tableoid, n.oid, 0, n.nspacl, n.oid, 'n', n.nspowner
      FROM pg_catalog.pg_namespace AS n
     WHERE n.oid = 11
     UNION ALL
    SELECT l.tableoid, l.oid, 0, l.lanacl, NULL, 'l', l.lanowner
      FROM pg_catalog.pg_language AS l
     UNION ALL
    SELECT w.tableoid, w.oid, 0, w.fdwacl, NULL, 'F', w.fdwowner
      FROM pg_catalog.pg_foreign_data_wrapper AS w
     UNION ALL
    SELECT s.tableoid, s.oid, 0, s.srvacl, NULL, 'S', s.srvowner
      FROM pg_catalog.pg_foreign_server AS s
), changed_acl AS (
    -- What belongs to an extension or to pg_catalog (schema 11) is in no
    -- manifest, but what its privileges were changed to is in a dump.
    SELECT acl.class, acl.object, acl.part
      FROM acl
      LEFT JOIN member ON member.classid = acl.class AND member.objid = acl.object
      LEFT JOIN pg_catalog.pg_init_privs AS i
             ON i.classoid = acl.class AND i.objoid = acl.object AND i.objsubid = acl.part
     WHERE acl.now IS DISTINCT FROM i.initprivs
       AND (member.objid IS NOT NULL AND (acl.schema IS NULL OR acl.schema = ANY ($1))
                OR acl.object < 16384 AND (acl.schema IS NULL OR acl.schema = 11))
       AND ARRAY(SELECT a::text FROM unnest(COALESCE(acl.now, acldefault(acl.sort, acl.owner))) AS a ORDER BY a::text)
           <> ARRAY(SELECT a::text FROM unnest(COALESCE(i.initprivs, acldefault(acl.sort, acl.owner))) AS a ORDER BY a::text)
)
SELECT found.kind,
       pg_catalog.pg_describe_object(found.class, found.object, found.part)
  FROM found
  LEFT JOIN member ON member.classid = found.class AND member.objid = found.object
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(found.class, found.object, found.part) AS identity
 WHERE found.object >= 16384
   AND member.objid IS NULL
   AND (identity.schema IS NULL
            OR identity.schema IN (SELECT quote_ident(n.nspname) FROM pg_catalog.pg_namespace AS n WHERE n.oid = ANY ($1)))
 UNION
SELECT 'privileges',
       pg_catalog.pg_describe_object(changed_acl.class, changed_acl.object, changed_acl.part)
  FROM changed_acl
