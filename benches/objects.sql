-- What a benchmark's database holds, in a line.
SELECT concat_ws(', ',
    count(*) FILTER (WHERE c.relkind = 'r') || ' tables',
    (SELECT count(*) FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS r ON r.oid = a.attrelid
        WHERE r.relkind = 'r' AND r.relnamespace = n.oid AND a.attnum > 0) || ' columns',
    count(*) FILTER (WHERE c.relkind = 'i') || ' indexes',
    (SELECT count(*) FROM pg_catalog.pg_constraint AS k WHERE k.connamespace = n.oid) || ' constraints',
    count(*) FILTER (WHERE c.relkind = 'v') || ' views',
    (SELECT count(*) FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = n.oid) || ' functions',
    (SELECT count(*) FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS r ON r.oid = p.polrelid
        WHERE r.relnamespace = n.oid) || ' policies')
FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
WHERE n.nspname IN ('bench', 'big') GROUP BY n.oid;
