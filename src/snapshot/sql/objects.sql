SELECT o.kind, o.identity, o.hash, o.definition, o.stats::text
FROM catalog.snapshot_objects AS o
WHERE o.snapshot_id::text = $1
ORDER BY o.kind COLLATE "C", o.identity COLLATE "C"
