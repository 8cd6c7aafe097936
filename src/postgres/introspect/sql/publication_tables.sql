-- Tables of publications, one row each, whatever their schema.
-- Since server 15 there are column lists and filters. A name that the inner
-- query's table does not have is looked up in the outer one, where it is null.
SELECT r.prpubid,
       n.nspname::text,
       c.relname::text,
       ARRAY(SELECT a.attname::text
               FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[])),
       pg_catalog.pg_get_expr(r.prqual, r.prrelid)
  FROM (SELECT NULL::int2vector AS prattrs, NULL::pg_catalog.pg_node_tree AS prqual) AS absent
 CROSS JOIN LATERAL
       (SELECT p.prpubid, p.prrelid, prattrs, prqual FROM pg_catalog.pg_publication_rel AS p) AS r
  JOIN pg_catalog.pg_class AS c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
