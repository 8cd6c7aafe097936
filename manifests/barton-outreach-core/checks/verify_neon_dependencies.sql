-- What the migrations build upon: three base tables and the three schemas that they are in.
-- The catalog is asked and not information_schema, which hides from a role what it may not read.
WITH
wanted_schema AS (
    SELECT *
    FROM (VALUES (1, 'intake'), (2, 'vault'), (3, 'shq')) AS wanted (place, name)
),
wanted_table AS (
    SELECT *
    FROM (VALUES
        (1, 'intake', 'audit_log'),
        (2, 'intake', 'raw_loads'),
        (3, 'vault', 'contacts')
    ) AS wanted (place, schema_name, name)
),
schema_state AS (
    SELECT w.place, w.name, n.oid IS NOT NULL AS is_there
    FROM wanted_schema AS w
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.name
),
table_state AS (
    SELECT w.place, w.schema_name || '.' || w.name AS name, c.oid IS NOT NULL AS is_there
    FROM wanted_table AS w
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.schema_name
    LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
)
SELECT jsonb_build_object(
    'status', CASE WHEN t.all_there AND s.all_there THEN 'success' ELSE 'failed' END,
    'tables_found', t.found,
    'tables_missing', t.missing,
    'schemas_found', s.found,
    'schemas_missing', s.missing
) AS result
FROM (
    SELECT
        bool_and(is_there) AS all_there,
        coalesce(jsonb_agg(name ORDER BY place) FILTER (WHERE is_there), '[]') AS found,
        coalesce(jsonb_agg(name ORDER BY place) FILTER (WHERE NOT is_there), '[]') AS missing
    FROM table_state
) AS t
CROSS JOIN (
    SELECT
        bool_and(is_there) AS all_there,
        coalesce(jsonb_agg(name ORDER BY place) FILTER (WHERE is_there), '[]') AS found,
        coalesce(jsonb_agg(name ORDER BY place) FILTER (WHERE NOT is_there), '[]') AS missing
    FROM schema_state
) AS s;
