-- The queries of views and materialised views as trees, one row each: of those
-- that are read, and of those outside that any view reads from. What initdb
-- made is left out: no dependency on it is recorded.
SELECT w.ev_class,
       w.ev_action::text
  FROM pg_catalog.pg_rewrite AS w
  JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
 WHERE c.relkind IN ('v', 'm')
   AND c.oid >= 16384
   AND w.rulename = '_RETURN'
   AND (c.relnamespace = ANY ($1)
        OR c.oid IN (SELECT d.refobjid
                       FROM pg_catalog.pg_depend AS d
                       JOIN pg_catalog.pg_rewrite AS r ON r.tableoid = d.classid AND r.oid = d.objid
                      WHERE d.refclassid = c.tableoid))
