-- What the migrations must have left behind, check by check. Everything is counted by its name, so that a table
-- or a function of somebody else counts for nothing. A verdict that is not PASS names what is missing.
WITH
wanted_table AS (
    SELECT *
    FROM (VALUES
        ('public', 'content_blocks'),
        ('public', 'database_views'),
        ('public', 'task_dependencies'),
        ('public', 'time_entries'),
        ('public', 'custom_properties'),
        ('public', 'property_values'),
        ('public', 'page_templates'),
        ('catalog', 'snapshots'),
        ('agents', 'roles'),
        ('agents', 'skills'),
        ('agents', 'task_bindings')
    ) AS wanted (schema_name, name)
),
relation AS (
    SELECT w.schema_name || '.' || w.name AS identity, w.schema_name, c.oid, c.relrowsecurity
    FROM wanted_table AS w
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.schema_name
    LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
),
tables_created AS (
    SELECT
        count(oid) AS found,
        coalesce(jsonb_agg(identity ORDER BY identity) FILTER (WHERE oid IS NULL), '[]') AS missing
    FROM relation
),

-- A policy does nothing while row security is off, so such a table counts as open, and so does one
-- for which there is no policy. The catalog's own tables are closed by privileges alone.
guarded AS (
    SELECT
        r.identity,
        coalesce(r.relrowsecurity, false) AS is_on,
        (SELECT count(*) FROM pg_catalog.pg_policy AS p WHERE p.polrelid = r.oid) AS policies
    FROM relation AS r
    WHERE r.schema_name <> 'catalog'
),
rls_policies AS (
    SELECT
        coalesce(sum(policies) FILTER (WHERE is_on), 0) AS found,
        coalesce(jsonb_agg(identity ORDER BY identity) FILTER (WHERE NOT is_on OR policies = 0), '[]') AS open_tables
    FROM guarded
),

functions AS (
    SELECT
        count(*) FILTER (WHERE is_there) AS found,
        coalesce(jsonb_agg(name ORDER BY name) FILTER (WHERE NOT is_there), '[]') AS missing
    FROM (
        SELECT
            w.name,
            EXISTS (
                SELECT
                FROM pg_catalog.pg_proc AS p
                JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
                WHERE n.nspname = 'catalog' AND p.proname = w.name
            ) AS is_there
        FROM (VALUES ('capture_snapshot'), ('update_edge_functions')) AS w (name)
    ) AS state
),

-- Without pg_cron there is no cron.job to name in a query, so it is named in a text that is run only where
-- the table is there and may be read.
cron AS (
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pg_cron')
            THEN 'this server does not offer the extension pg_cron'
        WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_cron')
            THEN 'the extension pg_cron is offered and cannot be used in this database'
        WHEN NOT has_schema_privilege('cron', 'USAGE') OR NOT has_table_privilege('cron.job', 'SELECT')
            THEN 'this role may not read the jobs of pg_cron'
    END AS reason
),
cron_jobs AS (
    SELECT
        reason,
        CASE WHEN reason IS NULL THEN substring(
            query_to_xml(
                $$SELECT count(*) AS jobs FROM cron.job WHERE jobname = 'feature_inventory_snapshot' AND active$$,
                false, true, ''
            )::text
            FROM '<jobs>(\d+)</jobs>'
        )::bigint END AS found
    FROM cron
),

sample_data AS (
    SELECT
        (SELECT count(*) FROM public.content_blocks AS b
         WHERE b.page_id = '00000000-0000-0000-0000-000000000100') AS block_count,
        (SELECT count(*) FROM public.database_views AS v
         WHERE v.page_id = '00000000-0000-0000-0000-000000000100') AS view_count,
        (SELECT count(*) FROM public.project_tasks AS t
         WHERE t.project_id = '00000000-0000-0000-0000-000000000300') AS task_count
),

agent_registry AS (
    SELECT
        (SELECT count(*) FROM agents.roles AS r
         WHERE r.name IN ('odoo_core_dev', 'oca_maintainer', 'frontend_next', 'backend_nest',
                          'data_supabase', 'devops_do', 'doc_extractor_ade')) AS role_count,
        (SELECT count(*) FROM agents.skills AS s
         WHERE s.name IN ('testing_visual_parity', 'migration_qweb_tsx', 'schema_guard',
                          'rls_security', 'do_pipeline')) AS skill_count,
        (SELECT count(*) FROM agents.task_bindings AS b
         JOIN agents.roles AS r ON r.id = b.role_id
         WHERE (r.name, b.task_type) IN (
             ('frontend_next', 'ui_component'),
             ('backend_nest', 'api_endpoint'),
             ('data_supabase', 'database_migration'),
             ('devops_do', 'deployment'),
             ('doc_extractor_ade', 'ocr_processing'))) AS binding_count
),

verdict AS (
    SELECT 1 AS place, 'Tables Created' AS check_type, found = 11 AS is_passed, '11' AS expected,
           jsonb_build_object('found', found, 'missing', missing) AS details
    FROM tables_created
    UNION ALL
    SELECT 2, 'RLS Policies', found >= 21 AND open_tables = '[]', '21 or more',
           jsonb_build_object('found', found, 'open_tables', open_tables)
    FROM rls_policies
    UNION ALL
    SELECT 3, 'Functions', found = 2, '2',
           jsonb_build_object('found', found, 'missing', missing)
    FROM functions
    UNION ALL
    SELECT 4, 'Cron Jobs', coalesce(found = 1, reason IS NOT NULL), '1, or unavailable with the reason',
           CASE WHEN reason IS NULL THEN jsonb_build_object('found', found)
                ELSE jsonb_build_object('found', 'unavailable', 'reason', reason) END
    FROM cron_jobs
    UNION ALL
    SELECT 5, 'Sample Data', (block_count, view_count, task_count) = (16, 5, 5), '16 blocks, 5 views, 5 tasks',
           to_jsonb(sample_data)
    FROM sample_data
    UNION ALL
    SELECT 6, 'Agent Registry', (role_count, skill_count, binding_count) = (7, 5, 5), '7 roles, 5 skills, 5 bindings',
           to_jsonb(agent_registry)
    FROM agent_registry
)
SELECT json_build_object(
    'status', CASE WHEN bool_and(is_passed) THEN 'success' ELSE 'failed' END,
    'checks', json_object_agg(
        check_type,
        jsonb_build_object('verdict', CASE WHEN is_passed THEN 'PASS' ELSE 'FAIL' END, 'expected', expected) || details
        ORDER BY place
    )
) AS result
FROM verdict;
