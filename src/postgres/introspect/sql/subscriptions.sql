-- Subscriptions of this database, one row each. Every column but the
-- connection string is open to every role, and that one is never asked for;
-- so no column can be taken from the whole row. What only newer servers have
-- is null elsewhere: a name that the inner query's table does not have is
-- looked up in the outer one.
SELECT s.subname::text,
       s.subenabled,
       s.subslotname::text,
       s.subpublications,
       s.subsynccommit,
       s.subbinary,
       s.substream,
       s.subtwophasestate,
       s.subdisableonerr,
       s.subpasswordrequired,
       s.subrunasowner,
       s.suborigin,
       s.subfailover,
       d.description
  FROM (SELECT NULL::text AS subtwophasestate,
               NULL::bool AS subdisableonerr,
               NULL::bool AS subpasswordrequired,
               NULL::bool AS subrunasowner,
               NULL::text AS suborigin,
               NULL::bool AS subfailover) AS absent
 CROSS JOIN LATERAL
       (SELECT t.oid,
               t.subdbid,
               t.subname,
               t.subenabled,
               t.subslotname,
               t.subpublications,
               t.subsynccommit,
               t.subbinary,
               -- A bool before server 16, where it can also be parallel.
               t.substream::text AS substream,
               subtwophasestate::text AS subtwophasestate,
               subdisableonerr,
               subpasswordrequired,
               subrunasowner,
               suborigin,
               subfailover
          FROM pg_catalog.pg_subscription AS t) AS s
  JOIN pg_catalog.pg_database AS b ON b.oid = s.subdbid
  LEFT JOIN pg_catalog.pg_class AS catalog
         ON catalog.relname = 'pg_subscription' AND catalog.relnamespace = 11
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = catalog.oid AND d.objoid = s.oid AND d.objsubid = 0
 WHERE b.datname = current_database()
