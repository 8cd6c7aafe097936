-- Event triggers, one row each, but for those of extensions and those whose
-- function is in a schema that is left out: the host's own.
SELECT t.evtname::text,
       t.evtevent::text,
       t.evttags,
       t.evtfoid::regproc::text,
       t.evtenabled::text,
       d.description
  FROM pg_catalog.pg_event_trigger AS t
  JOIN pg_catalog.pg_proc AS p ON p.oid = t.evtfoid
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = t.tableoid AND d.objoid = t.oid AND d.objsubid = 0
 WHERE t.oid >= 16384
   AND (p.oid < 16384 OR p.pronamespace = ANY ($1))
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = t.tableoid AND m.objid = t.oid AND m.deptype = 'e')
