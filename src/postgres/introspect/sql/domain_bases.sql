-- What each domain is in the end based on, one row each: an index on a domain
-- has the operator class of that.
WITH RECURSIVE base (domain, type) AS (
    SELECT t.oid, t.typbasetype
      FROM pg_catalog.pg_type AS t
     WHERE t.typtype = 'd'
     UNION ALL
    SELECT b.domain, t.typbasetype
      FROM base AS b
      JOIN pg_catalog.pg_type AS t ON t.oid = b.type
     WHERE t.typtype = 'd'
)
SELECT b.domain,
       b.type
  FROM base AS b
  JOIN pg_catalog.pg_type AS t ON t.oid = b.type
 WHERE t.typtype <> 'd'
