SELECT coalesce(p.proargnames, '{}')::text[]
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'catalog'
  AND p.proname = 'capture_snapshot'
  AND p.prokind = 'f'
ORDER BY p.pronargs DESC, p.oid
LIMIT 1
