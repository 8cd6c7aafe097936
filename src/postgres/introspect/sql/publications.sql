-- Publications, one row each. Which schemas one publishes whole is in a
-- catalog that server 14 does not have, but each row of it depends on its
-- publication and its schema, and the catalog of dependencies is everywhere.
SELECT p.oid,
       p.pubname::text,
       p.puballtables,
       -- Since server 19.
       COALESCE((to_jsonb(p) ->> 'puballsequences')::bool, false),
       ARRAY(SELECT n.nspname::text
               FROM pg_catalog.pg_depend AS m
               JOIN pg_catalog.pg_depend AS o ON o.classid = m.classid AND o.objid = m.objid
               JOIN pg_catalog.pg_namespace AS n ON n.tableoid = o.refclassid AND n.oid = o.refobjid
              WHERE m.refclassid = p.tableoid AND m.refobjid = p.oid),
       p.pubinsert,
       p.pubupdate,
       p.pubdelete,
       p.pubtruncate,
       p.pubviaroot,
       -- Since server 18.
       to_jsonb(p) ->> 'pubgencols',
       d.description
  FROM pg_catalog.pg_publication AS p
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = p.tableoid AND d.objoid = p.oid AND d.objsubid = 0
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = p.tableoid AND m.objid = p.oid AND m.deptype = 'e')
