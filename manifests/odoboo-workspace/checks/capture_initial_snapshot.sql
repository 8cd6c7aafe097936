-- The snapshot that later ones are compared with. There is one of this label: run again, it is shown and not
-- taken anew, for what comes first can only come once.
WITH
initial AS (
    SELECT coalesce(
        (SELECT s.id FROM catalog.snapshots AS s WHERE s.label = 'initial' ORDER BY s.taken_at, s.id LIMIT 1),
        catalog.capture_snapshot('initial')
    ) AS snapshot_id
)
SELECT jsonb_build_object(
    'status', 'success',
    'label', 'initial',
    'snapshot_id', snapshot_id
) AS result
FROM initial;
