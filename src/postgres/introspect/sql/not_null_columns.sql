-- The columns that cannot be null, of every table that a view reads from, one
-- row each, whatever its schema.
-- A query reads the rows of the tables that inherit from it, too, and before
-- server 18 those need not keep its NOT NULL; a partition always does, but for
-- one that is a foreign table, where nothing enforces it. A virtual generated
-- column is computed when it is read, and so not trusted. NOT NULL that is not
-- valid yet is in the catalog like any other (server 18).
WITH RECURSIVE heir (root, member) AS (
    SELECT i.inhparent, i.inhrelid
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
     WHERE c.relkind IN ('r', 'p', 'f')
     UNION
    SELECT h.root, i.inhrelid
      FROM heir AS h
      JOIN pg_catalog.pg_inherits AS i ON i.inhparent = h.member
), kept (relation, name, number) AS (
    SELECT a.attrelid, a.attname, a.attnum
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
      LEFT JOIN pg_catalog.pg_constraint AS k
             ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND NOT k.convalidated
     WHERE c.relkind IN ('r', 'p')
       AND c.oid >= 16384
       AND a.attnum > 0
       AND a.attnotnull
       AND NOT a.attisdropped
       AND a.attgenerated <> 'v'
       AND k.oid IS NULL
), lost (relation, name) AS (
    SELECT h.root, k.name
      FROM heir AS h
      JOIN kept AS k ON k.relation = h.root
      LEFT JOIN kept AS o ON o.relation = h.member AND o.name = k.name
     WHERE o.relation IS NULL
)
SELECT k.relation,
       array_agg(k.number)
  FROM kept AS k
  LEFT JOIN lost AS l ON l.relation = k.relation AND l.name = k.name
 WHERE l.relation IS NULL
   AND k.relation IN (SELECT d.refobjid
                        FROM pg_catalog.pg_depend AS d
                        JOIN pg_catalog.pg_rewrite AS w ON w.tableoid = d.classid AND w.oid = d.objid)
 GROUP BY k.relation
