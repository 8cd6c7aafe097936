-- The agent registry: which roles agents take on, which skills there are, and which role answers for which task.
-- Signed-in users may read it. Only the service and the owner write, because a binding decides who acts.

CREATE SCHEMA IF NOT EXISTS agents;

COMMENT ON SCHEMA agents IS 'The agent registry: roles, skills, and which role answers for which kind of task.';


-- Tables ---------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS agents.roles (
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    name         text NOT NULL,
    description  text NOT NULL,
    skills       jsonb NOT NULL DEFAULT '[]'::jsonb,
    mcp_servers  jsonb NOT NULL DEFAULT '[]'::jsonb,
    created_at   timestamp with time zone NOT NULL DEFAULT now(),
    updated_at   timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_name_key UNIQUE (name)
);

COMMENT ON TABLE agents.roles IS 'A role that an agent takes on.';
COMMENT ON COLUMN agents.roles.id IS 'Key of the role.';
COMMENT ON COLUMN agents.roles.name IS 'Name by which bindings and prompts know the role.';
COMMENT ON COLUMN agents.roles.description IS 'What the role is for.';
COMMENT ON COLUMN agents.roles.skills IS 'What the role brings along, an array of names; those in agents.skills have an entry there.';
COMMENT ON COLUMN agents.roles.mcp_servers IS 'The MCP servers that the role may use, an array of names.';
COMMENT ON COLUMN agents.roles.created_at IS 'When the role was entered.';
COMMENT ON COLUMN agents.roles.updated_at IS 'When the row was last written.';

CREATE TABLE IF NOT EXISTS agents.skills (
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    name         text NOT NULL,
    description  text NOT NULL,
    category     text NOT NULL,
    complexity   text NOT NULL,
    created_at   timestamp with time zone NOT NULL DEFAULT now(),
    updated_at   timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT skills_pkey PRIMARY KEY (id),
    CONSTRAINT skills_name_key UNIQUE (name),
    CONSTRAINT skills_category_check
        CHECK (category IN ('technical', 'business', 'quality', 'security')),
    CONSTRAINT skills_complexity_check
        CHECK (complexity IN ('basic', 'intermediate', 'advanced', 'expert'))
);

COMMENT ON TABLE agents.skills IS 'A skill that roles may have.';
COMMENT ON COLUMN agents.skills.id IS 'Key of the skill.';
COMMENT ON COLUMN agents.skills.name IS 'Name by which roles list the skill.';
COMMENT ON COLUMN agents.skills.description IS 'What an agent with this skill can do.';
COMMENT ON COLUMN agents.skills.category IS 'technical, business, quality or security.';
COMMENT ON COLUMN agents.skills.complexity IS 'basic, intermediate, advanced or expert.';
COMMENT ON COLUMN agents.skills.created_at IS 'When the skill was entered.';
COMMENT ON COLUMN agents.skills.updated_at IS 'When the row was last written.';

CREATE TABLE IF NOT EXISTS agents.task_bindings (
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    role_id     uuid NOT NULL,
    task_type   text NOT NULL,
    priority    integer NOT NULL DEFAULT 1,
    conditions  jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at  timestamp with time zone NOT NULL DEFAULT now(),
    updated_at  timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT task_bindings_pkey PRIMARY KEY (id),
    CONSTRAINT task_bindings_role_id_task_type_key UNIQUE (role_id, task_type),
    CONSTRAINT task_bindings_role_id_fkey
        FOREIGN KEY (role_id) REFERENCES agents.roles (id) ON DELETE CASCADE
);

-- A dispatcher asks by the kind of task; the unique key starts from the role.
CREATE INDEX IF NOT EXISTS task_bindings_task_type_idx ON agents.task_bindings (task_type, priority);

COMMENT ON TABLE agents.task_bindings IS 'Which role answers for which kind of task.';
COMMENT ON COLUMN agents.task_bindings.id IS 'Key of the binding.';
COMMENT ON COLUMN agents.task_bindings.role_id IS 'The role that answers.';
COMMENT ON COLUMN agents.task_bindings.task_type IS 'The kind of task.';
COMMENT ON COLUMN agents.task_bindings.priority IS 'Which role comes first where several answer; 1 is the first.';
COMMENT ON COLUMN agents.task_bindings.conditions IS 'What must hold of the task, an object; an empty one always holds.';
COMMENT ON COLUMN agents.task_bindings.created_at IS 'When the binding was entered.';
COMMENT ON COLUMN agents.task_bindings.updated_at IS 'When the row was last written.';


-- Triggers -------------------------------------------------------------------------------------------------

-- The registry brings its own function, so that it can be installed without the workspace.
CREATE OR REPLACE FUNCTION agents.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION agents.set_updated_at() IS 'Trigger: stamps updated_at.';

DROP TRIGGER IF EXISTS roles_set_updated_at ON agents.roles;
CREATE TRIGGER roles_set_updated_at
    BEFORE UPDATE ON agents.roles
    FOR EACH ROW EXECUTE FUNCTION agents.set_updated_at();

DROP TRIGGER IF EXISTS skills_set_updated_at ON agents.skills;
CREATE TRIGGER skills_set_updated_at
    BEFORE UPDATE ON agents.skills
    FOR EACH ROW EXECUTE FUNCTION agents.set_updated_at();

DROP TRIGGER IF EXISTS task_bindings_set_updated_at ON agents.task_bindings;
CREATE TRIGGER task_bindings_set_updated_at
    BEFORE UPDATE ON agents.task_bindings
    FOR EACH ROW EXECUTE FUNCTION agents.set_updated_at();


-- Who may read ---------------------------------------------------------------------------------------------

ALTER TABLE agents.roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE agents.skills ENABLE ROW LEVEL SECURITY;
ALTER TABLE agents.task_bindings ENABLE ROW LEVEL SECURITY;

-- CREATE POLICY knows no OR REPLACE; inside the runner's transaction nobody sees the gap.
DROP POLICY IF EXISTS roles_read ON agents.roles;
CREATE POLICY roles_read ON agents.roles
    FOR SELECT TO authenticated
    USING (true);

DROP POLICY IF EXISTS skills_read ON agents.skills;
CREATE POLICY skills_read ON agents.skills
    FOR SELECT TO authenticated
    USING (true);

DROP POLICY IF EXISTS task_bindings_read ON agents.task_bindings;
CREATE POLICY task_bindings_read ON agents.task_bindings
    FOR SELECT TO authenticated
    USING (true);

GRANT USAGE ON SCHEMA agents TO authenticated, service_role;
GRANT SELECT ON agents.roles, agents.skills, agents.task_bindings TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON agents.roles, agents.skills, agents.task_bindings TO service_role;


-- Rows -----------------------------------------------------------------------------------------------------

-- A row that is there is left alone: whoever adjusted it by hand meant it.
INSERT INTO agents.skills (name, description, category, complexity)
VALUES
    ('testing_visual_parity',
     'Compares screenshots of the old page and the new one, and names every difference that a user would see.',
     'quality', 'advanced'),
    ('migration_qweb_tsx',
     'Turns QWeb templates into typed TSX components without losing a directive on the way.',
     'technical', 'expert'),
    ('schema_guard',
     'Holds every change of the schema against the manifest, and stops what would break a mirror of it.',
     'technical', 'advanced'),
    ('rls_security',
     'Writes row level security policies, and proves as another company''s user that they hold.',
     'security', 'expert'),
    ('do_pipeline',
     'Builds, releases and rolls back services on the app platform.',
     'technical', 'intermediate')
ON CONFLICT (name) DO NOTHING;

INSERT INTO agents.roles (name, description, skills, mcp_servers)
VALUES
    ('odoo_core_dev',
     'Develops modules for the ERP core: models, views and business rules.',
     '["schema_guard"]', '["github", "postgres"]'),
    ('oca_maintainer',
     'Maintains community modules: reviews, version ports and releases.',
     '["testing_visual_parity"]', '["github"]'),
    ('frontend_next',
     'Builds the web front end: pages, components and their tests.',
     '["migration_qweb_tsx", "testing_visual_parity"]', '["github", "browser"]'),
    ('backend_nest',
     'Builds the API: endpoints, validation and background jobs.',
     '["schema_guard", "rls_security"]', '["github", "postgres"]'),
    ('data_supabase',
     'Answers for the database: migrations, policies and the feature inventory.',
     '["schema_guard", "rls_security"]', '["supabase", "postgres"]'),
    ('devops_do',
     'Runs the pipelines and the platform that the services live on.',
     '["do_pipeline"]', '["github", "digitalocean"]'),
    ('doc_extractor_ade',
     'Reads scanned documents and returns their fields as structured data.',
     '[]', '["ocr", "storage"]')
ON CONFLICT (name) DO NOTHING;

INSERT INTO agents.task_bindings (role_id, task_type)
SELECT role.id, wanted.task_type
FROM (VALUES
    ('frontend_next',     'ui_component'),
    ('backend_nest',      'api_endpoint'),
    ('data_supabase',     'database_migration'),
    ('devops_do',         'deployment'),
    ('doc_extractor_ade', 'ocr_processing')
) AS wanted (role_name, task_type)
JOIN agents.roles AS role ON role.name = wanted.role_name
ON CONFLICT (role_id, task_type) DO NOTHING;
