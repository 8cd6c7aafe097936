-- Those of the extensions $1 that this server does not have.
SELECT wanted.name
  FROM pg_catalog.unnest($1) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions() AS available WHERE available.name = wanted.name)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname = wanted.name)
 ORDER BY 1
