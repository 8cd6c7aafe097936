-- Triggers and rules on tables and views of schemas that are left out, one row
-- each. A trigger is the user's where its function is in a schema that is
-- read; a rule is where no extension brought its table.
WITH member AS (
    SELECT m.classid, m.objid, m.refobjid AS extension
      FROM pg_catalog.pg_depend AS m
     WHERE m.deptype = 'e'
)
SELECT c.relnamespace,
       c.relname::text,
       't',
       g.tgname::text,
       g.tgenabled::text,
       pg_catalog.pg_get_triggerdef(g.oid),
       d.description
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid
  LEFT JOIN member AS of_table ON of_table.classid = c.tableoid AND of_table.objid = c.oid
  LEFT JOIN member AS of_function ON of_function.classid = p.tableoid AND of_function.objid = p.oid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = g.tableoid AND d.objoid = g.oid AND d.objsubid = 0
 WHERE NOT c.relnamespace = ANY ($1)
   AND p.pronamespace = ANY ($1)
   AND NOT g.tgisinternal
   AND g.tgparentid = 0
   AND (of_table.extension = of_function.extension) IS NOT TRUE
 UNION ALL
SELECT c.relnamespace,
       c.relname::text,
       'r',
       w.rulename::text,
       w.ev_enabled::text,
       pg_catalog.pg_get_ruledef(w.oid),
       d.description
  FROM pg_catalog.pg_rewrite AS w
  JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
  LEFT JOIN member ON member.classid = c.tableoid AND member.objid = c.oid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = w.tableoid AND d.objoid = w.oid AND d.objsubid = 0
 WHERE NOT c.relnamespace = ANY ($1)
   AND c.oid >= 16384
   AND w.rulename <> '_RETURN'
   AND member.objid IS NULL
