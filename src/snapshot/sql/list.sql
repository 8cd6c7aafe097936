-- Without its lists, which a list of snapshots does not show.
SELECT (to_jsonb(s) - '{tables,functions,policies,extensions,edge_functions}'::text[])::text
FROM catalog.snapshots AS s
ORDER BY s.taken_at, s.id
