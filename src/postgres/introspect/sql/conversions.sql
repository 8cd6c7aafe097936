-- Conversions, one row each.
SELECT c.connamespace,
       c.conname::text,
       pg_catalog.pg_encoding_to_char(c.conforencoding)::text,
       pg_catalog.pg_encoding_to_char(c.contoencoding)::text,
       c.conproc::regproc::text,
       c.condefault,
       d.description
  FROM pg_catalog.pg_conversion AS c
  LEFT JOIN pg_catalog.pg_description AS d
         ON d.classoid = c.tableoid AND d.objoid = c.oid AND d.objsubid = 0
 WHERE c.connamespace = ANY ($1)
   AND NOT EXISTS (SELECT
                     FROM pg_catalog.pg_depend AS m
                    WHERE m.classid = c.tableoid AND m.objid = c.oid AND m.deptype = 'e')
