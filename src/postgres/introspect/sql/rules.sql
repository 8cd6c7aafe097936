-- Rewrite rules, one row each, but for the one that makes a view a view.
SELECT w.ev_class,
       w.rulename::text,
       w.ev_enabled::text,
       pg_catalog.pg_get_ruledef(w.oid),
       d.description
  FROM pg_catalog.pg_rewrite AS w
  JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = w.tableoid AND d.objoid = w.oid AND d.objsubid = 0
 WHERE (c.relnamespace = ANY ($1) OR c.relispartition)
   AND w.rulename <> '_RETURN'
