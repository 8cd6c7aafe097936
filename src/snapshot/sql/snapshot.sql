SELECT to_jsonb(s)::text
FROM catalog.snapshots AS s
WHERE s.id::text = $1
