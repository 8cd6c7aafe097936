-- The workspace: blocks on pages, views over pages and tasks, properties that a company adds for itself,
-- dependencies and time of tasks, and templates.
--
-- Every statement may run again. Every row hangs on a company, and a foreign key within the workspace names
-- company_id too, so that no row of one company can be tied to a row of another.

-- CREATE TYPE knows no IF NOT EXISTS, so the catalog is asked first.
DO $types$
BEGIN
    IF to_regtype('public.content_block_type') IS NULL THEN
        CREATE TYPE public.content_block_type AS ENUM (
            'paragraph', 'heading_1', 'heading_2', 'heading_3',
            'bulleted_list_item', 'numbered_list_item', 'to_do', 'toggle',
            'quote', 'callout', 'code', 'divider',
            'image', 'file', 'bookmark', 'embed',
            'table', 'child_page', 'database_view'
        );
    END IF;

    IF to_regtype('public.database_view_type') IS NULL THEN
        CREATE TYPE public.database_view_type AS ENUM
            ('table', 'board', 'calendar', 'timeline', 'gallery', 'list');
    END IF;

    IF to_regtype('public.task_dependency_type') IS NULL THEN
        CREATE TYPE public.task_dependency_type AS ENUM
            ('finish_to_start', 'start_to_start', 'finish_to_finish', 'start_to_finish');
    END IF;

    IF to_regtype('public.custom_property_type') IS NULL THEN
        CREATE TYPE public.custom_property_type AS ENUM (
            'text', 'number', 'checkbox', 'date', 'select', 'multi_select',
            'person', 'url', 'email', 'phone'
        );
    END IF;
END
$types$;

COMMENT ON TYPE public.content_block_type IS 'What a block is, which decides how its content is read and drawn.';
COMMENT ON TYPE public.database_view_type IS 'How a view lays out its rows.';
COMMENT ON TYPE public.task_dependency_type IS 'Which end of the predecessor holds back which end of the successor.';
COMMENT ON TYPE public.custom_property_type IS 'What kind of value a property takes.';


-- Blocks ---------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS public.content_blocks (
    id               uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id       uuid NOT NULL,
    page_id          uuid NOT NULL,
    parent_block_id  uuid,
    block_type       public.content_block_type NOT NULL DEFAULT 'paragraph',
    content          jsonb NOT NULL DEFAULT '{}'::jsonb,
    plain_text       text GENERATED ALWAYS AS (content ->> 'text') STORED,
    sort_order       integer NOT NULL DEFAULT 0,
    created_by       uuid,
    last_edited_by   uuid,
    created_at       timestamp with time zone NOT NULL DEFAULT now(),
    updated_at       timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT content_blocks_pkey PRIMARY KEY (id),
    CONSTRAINT content_blocks_page_id_id_key UNIQUE (page_id, id),
    CONSTRAINT content_blocks_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT content_blocks_page_fkey
        FOREIGN KEY (company_id, page_id) REFERENCES public.knowledge_pages (company_id, id)
        ON DELETE CASCADE,
    -- A block and the block around it stand on the same page.
    CONSTRAINT content_blocks_parent_block_fkey
        FOREIGN KEY (page_id, parent_block_id) REFERENCES public.content_blocks (page_id, id)
        ON DELETE CASCADE,
    CONSTRAINT content_blocks_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT content_blocks_last_edited_by_fkey
        FOREIGN KEY (last_edited_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT content_blocks_not_own_parent CHECK (parent_block_id <> id),
    CONSTRAINT content_blocks_content_object CHECK (jsonb_typeof(content) = 'object')
);

CREATE INDEX IF NOT EXISTS content_blocks_page_idx
    ON public.content_blocks (company_id, page_id, sort_order);
CREATE INDEX IF NOT EXISTS content_blocks_parent_block_idx
    ON public.content_blocks (page_id, parent_block_id, sort_order);
CREATE INDEX IF NOT EXISTS content_blocks_created_by_idx ON public.content_blocks (created_by);
CREATE INDEX IF NOT EXISTS content_blocks_last_edited_by_idx ON public.content_blocks (last_edited_by);
CREATE INDEX IF NOT EXISTS content_blocks_content_idx
    ON public.content_blocks USING gin (content jsonb_path_ops);
-- Most blocks hold no to-do, so the list of open ones gets an index of its own size.
CREATE INDEX IF NOT EXISTS content_blocks_open_to_do_idx
    ON public.content_blocks (company_id, page_id)
    WHERE block_type = 'to_do' AND NOT content @> '{"checked": true}'::jsonb;

COMMENT ON TABLE public.content_blocks IS 'A block: one piece of what stands on a page. Blocks nest within their page.';
COMMENT ON COLUMN public.content_blocks.id IS 'Key of the block.';
COMMENT ON COLUMN public.content_blocks.company_id IS 'The company that owns the block; always that of the page.';
COMMENT ON COLUMN public.content_blocks.page_id IS 'The page on which the block stands.';
COMMENT ON COLUMN public.content_blocks.parent_block_id IS 'The block around it; NULL directly on the page.';
COMMENT ON COLUMN public.content_blocks.block_type IS 'What the block is.';
COMMENT ON COLUMN public.content_blocks.content IS 'What the block says, an object; its keys depend on block_type.';
COMMENT ON COLUMN public.content_blocks.plain_text IS 'The text of the content, for search and previews.';
COMMENT ON COLUMN public.content_blocks.sort_order IS 'Place among the blocks with the same parent.';
COMMENT ON COLUMN public.content_blocks.created_by IS 'The user who made the block, as long as that account exists.';
COMMENT ON COLUMN public.content_blocks.last_edited_by IS 'The user who wrote it last, as long as that account exists.';
COMMENT ON COLUMN public.content_blocks.created_at IS 'When the block was made.';
COMMENT ON COLUMN public.content_blocks.updated_at IS 'When the row was last written.';


-- Views ----------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS public.database_views (
    id                  uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id          uuid NOT NULL,
    page_id             uuid NOT NULL,
    project_id          uuid,
    name                text NOT NULL,
    view_type           public.database_view_type NOT NULL DEFAULT 'table',
    source              text NOT NULL DEFAULT 'tasks',
    filters             jsonb NOT NULL DEFAULT '[]'::jsonb,
    sorts               jsonb NOT NULL DEFAULT '[]'::jsonb,
    group_by            text,
    visible_properties  text[] NOT NULL DEFAULT '{}'::text[],
    is_default          boolean NOT NULL DEFAULT false,
    sort_order          integer NOT NULL DEFAULT 0,
    created_by          uuid,
    created_at          timestamp with time zone NOT NULL DEFAULT now(),
    updated_at          timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT database_views_pkey PRIMARY KEY (id),
    CONSTRAINT database_views_page_id_name_key UNIQUE (page_id, name),
    CONSTRAINT database_views_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT database_views_page_fkey
        FOREIGN KEY (company_id, page_id) REFERENCES public.knowledge_pages (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT database_views_project_fkey
        FOREIGN KEY (company_id, project_id) REFERENCES public.project_projects (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT database_views_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT database_views_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT database_views_source_known CHECK (source IN ('pages', 'tasks')),
    CONSTRAINT database_views_project_of_tasks CHECK (project_id IS NULL OR source = 'tasks'),
    -- A board has no columns until it knows by what to group.
    CONSTRAINT database_views_board_is_grouped CHECK (view_type <> 'board' OR group_by IS NOT NULL),
    CONSTRAINT database_views_filters_array CHECK (jsonb_typeof(filters) = 'array'),
    CONSTRAINT database_views_sorts_array CHECK (jsonb_typeof(sorts) = 'array')
);

CREATE INDEX IF NOT EXISTS database_views_page_idx
    ON public.database_views (company_id, page_id, sort_order);
CREATE INDEX IF NOT EXISTS database_views_project_idx
    ON public.database_views (company_id, project_id);
CREATE INDEX IF NOT EXISTS database_views_created_by_idx ON public.database_views (created_by);
CREATE UNIQUE INDEX IF NOT EXISTS database_views_one_default_a_page
    ON public.database_views (page_id)
    WHERE is_default;

COMMENT ON TABLE public.database_views IS 'A view on a page: which pages or tasks it shows, and how it lays them out.';
COMMENT ON COLUMN public.database_views.id IS 'Key of the view.';
COMMENT ON COLUMN public.database_views.company_id IS 'The company that owns the view; always that of the page.';
COMMENT ON COLUMN public.database_views.page_id IS 'The page on which the view stands.';
COMMENT ON COLUMN public.database_views.project_id IS 'The project whose tasks are shown; NULL for all of them.';
COMMENT ON COLUMN public.database_views.name IS 'Name on the tab, unique on its page.';
COMMENT ON COLUMN public.database_views.view_type IS 'How the rows are laid out.';
COMMENT ON COLUMN public.database_views.source IS 'What is shown: pages or tasks.';
COMMENT ON COLUMN public.database_views.filters IS 'Conditions, an array of {property, operator, value}; all must hold.';
COMMENT ON COLUMN public.database_views.sorts IS 'Order, an array of {property, direction}; the first counts most.';
COMMENT ON COLUMN public.database_views.group_by IS 'The property that makes the groups or the columns of a board.';
COMMENT ON COLUMN public.database_views.visible_properties IS 'Properties that are shown, from left to right.';
COMMENT ON COLUMN public.database_views.is_default IS 'Whether the page opens with this view; one a page at most.';
COMMENT ON COLUMN public.database_views.sort_order IS 'Place among the tabs of the page.';
COMMENT ON COLUMN public.database_views.created_by IS 'The user who made the view, as long as that account exists.';
COMMENT ON COLUMN public.database_views.created_at IS 'When the view was made.';
COMMENT ON COLUMN public.database_views.updated_at IS 'When the row was last written.';


-- Tasks: what waits for what, and the time spent -----------------------------------------------------------

CREATE TABLE IF NOT EXISTS public.task_dependencies (
    id                   uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id           uuid NOT NULL,
    predecessor_task_id  uuid NOT NULL,
    successor_task_id    uuid NOT NULL,
    dependency_type      public.task_dependency_type NOT NULL DEFAULT 'finish_to_start',
    lag_minutes          integer NOT NULL DEFAULT 0,
    created_by           uuid,
    created_at           timestamp with time zone NOT NULL DEFAULT now(),
    updated_at           timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT task_dependencies_pkey PRIMARY KEY (id),
    CONSTRAINT task_dependencies_pair_key UNIQUE (predecessor_task_id, successor_task_id),
    CONSTRAINT task_dependencies_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT task_dependencies_predecessor_fkey
        FOREIGN KEY (company_id, predecessor_task_id) REFERENCES public.project_tasks (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT task_dependencies_successor_fkey
        FOREIGN KEY (company_id, successor_task_id) REFERENCES public.project_tasks (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT task_dependencies_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT task_dependencies_not_on_itself CHECK (predecessor_task_id <> successor_task_id)
);

CREATE INDEX IF NOT EXISTS task_dependencies_predecessor_idx
    ON public.task_dependencies (company_id, predecessor_task_id);
CREATE INDEX IF NOT EXISTS task_dependencies_successor_idx
    ON public.task_dependencies (company_id, successor_task_id);
CREATE INDEX IF NOT EXISTS task_dependencies_created_by_idx ON public.task_dependencies (created_by);

COMMENT ON TABLE public.task_dependencies IS 'One task waits for another.';
COMMENT ON COLUMN public.task_dependencies.id IS 'Key of the dependency.';
COMMENT ON COLUMN public.task_dependencies.company_id IS 'The company that owns both tasks.';
COMMENT ON COLUMN public.task_dependencies.predecessor_task_id IS 'The task that comes first.';
COMMENT ON COLUMN public.task_dependencies.successor_task_id IS 'The task that waits.';
COMMENT ON COLUMN public.task_dependencies.dependency_type IS 'Which end waits for which.';
COMMENT ON COLUMN public.task_dependencies.lag_minutes IS 'Minutes to wait in between; below zero, the two overlap.';
COMMENT ON COLUMN public.task_dependencies.created_by IS 'The user who tied the two, as long as that account exists.';
COMMENT ON COLUMN public.task_dependencies.created_at IS 'When the two were tied.';
COMMENT ON COLUMN public.task_dependencies.updated_at IS 'When the row was last written.';

CREATE TABLE IF NOT EXISTS public.time_entries (
    id                uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id        uuid NOT NULL,
    task_id           uuid NOT NULL,
    user_id           uuid,
    started_at        timestamp with time zone NOT NULL DEFAULT now(),
    ended_at          timestamp with time zone,
    duration_minutes  integer
        GENERATED ALWAYS AS ((EXTRACT(epoch FROM (ended_at - started_at)) / 60)::integer) STORED,
    note              text,
    is_billable       boolean NOT NULL DEFAULT true,
    hourly_rate       numeric(10,2),
    created_at        timestamp with time zone NOT NULL DEFAULT now(),
    updated_at        timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT time_entries_pkey PRIMARY KEY (id),
    CONSTRAINT time_entries_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    -- Time that was worked may be owed, so a task with time on it cannot be deleted from under it.
    CONSTRAINT time_entries_task_fkey
        FOREIGN KEY (company_id, task_id) REFERENCES public.project_tasks (company_id, id),
    CONSTRAINT time_entries_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT time_entries_ends_after_start CHECK (ended_at > started_at),
    CONSTRAINT time_entries_rate_not_negative CHECK (hourly_rate >= 0)
);

CREATE INDEX IF NOT EXISTS time_entries_task_idx
    ON public.time_entries (company_id, task_id, started_at DESC);
CREATE INDEX IF NOT EXISTS time_entries_user_id_idx
    ON public.time_entries (user_id, started_at DESC);
CREATE UNIQUE INDEX IF NOT EXISTS time_entries_one_running_timer
    ON public.time_entries (company_id, user_id)
    WHERE ended_at IS NULL;

COMMENT ON TABLE public.time_entries IS 'Time that a user spent on a task. An entry without an end is a running timer.';
COMMENT ON COLUMN public.time_entries.id IS 'Key of the entry.';
COMMENT ON COLUMN public.time_entries.company_id IS 'The company that owns the entry; always that of the task.';
COMMENT ON COLUMN public.time_entries.task_id IS 'The task that was worked on.';
COMMENT ON COLUMN public.time_entries.user_id IS 'The user who worked, as long as that account exists.';
COMMENT ON COLUMN public.time_entries.started_at IS 'When the work began.';
COMMENT ON COLUMN public.time_entries.ended_at IS 'When it ended; NULL while the timer runs, one a user and company.';
COMMENT ON COLUMN public.time_entries.duration_minutes IS 'Minutes from start to end, rounded; NULL while the timer runs.';
COMMENT ON COLUMN public.time_entries.note IS 'What was done.';
COMMENT ON COLUMN public.time_entries.is_billable IS 'Whether the time goes on an invoice.';
COMMENT ON COLUMN public.time_entries.hourly_rate IS 'Price of an hour in the currency of the company.';
COMMENT ON COLUMN public.time_entries.created_at IS 'When the entry was made.';
COMMENT ON COLUMN public.time_entries.updated_at IS 'When the row was last written.';


-- Properties that a company adds ---------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS public.custom_properties (
    id             uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id     uuid NOT NULL,
    applies_to     text NOT NULL,
    name           text NOT NULL,
    description    text,
    property_type  public.custom_property_type NOT NULL,
    options        jsonb NOT NULL DEFAULT '[]'::jsonb,
    is_required    boolean NOT NULL DEFAULT false,
    sort_order     integer NOT NULL DEFAULT 0,
    created_at     timestamp with time zone NOT NULL DEFAULT now(),
    updated_at     timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT custom_properties_pkey PRIMARY KEY (id),
    CONSTRAINT custom_properties_company_id_id_key UNIQUE (company_id, id),
    CONSTRAINT custom_properties_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT custom_properties_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT custom_properties_applies_to_known CHECK (applies_to IN ('page', 'task')),
    CONSTRAINT custom_properties_options_array CHECK (jsonb_typeof(options) = 'array'),
    -- Only a choice has something to choose from.
    CONSTRAINT custom_properties_options_of_choice CHECK (
        options = '[]'::jsonb OR property_type IN ('select', 'multi_select')
    )
);

-- "Due date" and "due date" would be told apart by nobody.
CREATE UNIQUE INDEX IF NOT EXISTS custom_properties_name_key
    ON public.custom_properties (company_id, applies_to, lower(name));

COMMENT ON TABLE public.custom_properties IS 'A property that a company adds to its pages or its tasks.';
COMMENT ON COLUMN public.custom_properties.id IS 'Key of the property.';
COMMENT ON COLUMN public.custom_properties.company_id IS 'The company that added the property.';
COMMENT ON COLUMN public.custom_properties.applies_to IS 'What has the property: page or task.';
COMMENT ON COLUMN public.custom_properties.name IS 'Name as people read it, unique whatever its case.';
COMMENT ON COLUMN public.custom_properties.description IS 'What the property is for.';
COMMENT ON COLUMN public.custom_properties.property_type IS 'What kind of value it takes.';
COMMENT ON COLUMN public.custom_properties.options IS 'The choices of a select, an array of {label, color}.';
COMMENT ON COLUMN public.custom_properties.is_required IS 'Whether the form asks for a value; old rows may lack one.';
COMMENT ON COLUMN public.custom_properties.sort_order IS 'Place among the properties.';
COMMENT ON COLUMN public.custom_properties.created_at IS 'When the property was added.';
COMMENT ON COLUMN public.custom_properties.updated_at IS 'When the row was last written.';

CREATE TABLE IF NOT EXISTS public.property_values (
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id   uuid NOT NULL,
    property_id  uuid NOT NULL,
    page_id      uuid,
    task_id      uuid,
    value        jsonb NOT NULL,
    created_at   timestamp with time zone NOT NULL DEFAULT now(),
    updated_at   timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT property_values_pkey PRIMARY KEY (id),
    CONSTRAINT property_values_page_key UNIQUE (property_id, page_id),
    CONSTRAINT property_values_task_key UNIQUE (property_id, task_id),
    CONSTRAINT property_values_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT property_values_property_fkey
        FOREIGN KEY (company_id, property_id) REFERENCES public.custom_properties (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT property_values_page_fkey
        FOREIGN KEY (company_id, page_id) REFERENCES public.knowledge_pages (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT property_values_task_fkey
        FOREIGN KEY (company_id, task_id) REFERENCES public.project_tasks (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT property_values_page_or_task CHECK (num_nonnulls(page_id, task_id) = 1)
);

CREATE INDEX IF NOT EXISTS property_values_property_idx
    ON public.property_values (company_id, property_id);
CREATE INDEX IF NOT EXISTS property_values_page_idx
    ON public.property_values (company_id, page_id);
CREATE INDEX IF NOT EXISTS property_values_task_idx
    ON public.property_values (company_id, task_id);
CREATE INDEX IF NOT EXISTS property_values_value_idx
    ON public.property_values USING gin (value jsonb_path_ops);

COMMENT ON TABLE public.property_values IS 'The value of a property on one page or one task.';
COMMENT ON COLUMN public.property_values.id IS 'Key of the value.';
COMMENT ON COLUMN public.property_values.company_id IS 'The company that owns the value; always that of the property.';
COMMENT ON COLUMN public.property_values.property_id IS 'The property.';
COMMENT ON COLUMN public.property_values.page_id IS 'The page that has the value; NULL where a task has it.';
COMMENT ON COLUMN public.property_values.task_id IS 'The task that has the value; NULL where a page has it.';
COMMENT ON COLUMN public.property_values.value IS 'The value as JSON; its form depends on the type of the property.';
COMMENT ON COLUMN public.property_values.created_at IS 'When the value was first set.';
COMMENT ON COLUMN public.property_values.updated_at IS 'When the row was last written.';


-- Templates ------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS public.page_templates (
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id    uuid NOT NULL,
    name          text NOT NULL,
    description   text,
    category      text NOT NULL DEFAULT 'other',
    icon          text,
    blocks        jsonb NOT NULL DEFAULT '[]'::jsonb,
    is_published  boolean NOT NULL DEFAULT false,
    usage_count   bigint NOT NULL DEFAULT 0,
    created_by    uuid,
    created_at    timestamp with time zone NOT NULL DEFAULT now(),
    updated_at    timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT page_templates_pkey PRIMARY KEY (id),
    CONSTRAINT page_templates_company_id_name_key UNIQUE (company_id, name),
    CONSTRAINT page_templates_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT page_templates_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT page_templates_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT page_templates_category_known CHECK (
        category IN ('meeting', 'project', 'specification', 'report', 'personal', 'other')
    ),
    CONSTRAINT page_templates_blocks_array CHECK (jsonb_typeof(blocks) = 'array'),
    CONSTRAINT page_templates_usage_count_not_negative CHECK (usage_count >= 0)
);

CREATE INDEX IF NOT EXISTS page_templates_created_by_idx ON public.page_templates (created_by);
CREATE INDEX IF NOT EXISTS page_templates_published_idx
    ON public.page_templates (company_id, category, usage_count DESC)
    WHERE is_published;

COMMENT ON TABLE public.page_templates IS 'A page to start from: its blocks are copied onto the new page.';
COMMENT ON COLUMN public.page_templates.id IS 'Key of the template.';
COMMENT ON COLUMN public.page_templates.company_id IS 'The company that owns the template.';
COMMENT ON COLUMN public.page_templates.name IS 'Name as people read it, unique in the company.';
COMMENT ON COLUMN public.page_templates.description IS 'When to use it.';
COMMENT ON COLUMN public.page_templates.category IS 'Under which heading it is offered.';
COMMENT ON COLUMN public.page_templates.icon IS 'An emoji or the name of an icon.';
COMMENT ON COLUMN public.page_templates.blocks IS 'The blocks, an array of {block_type, content, children}.';
COMMENT ON COLUMN public.page_templates.is_published IS 'Whether it is offered to the whole company.';
COMMENT ON COLUMN public.page_templates.usage_count IS 'How many pages were started from it.';
COMMENT ON COLUMN public.page_templates.created_by IS 'The user who made the template, as long as that account exists.';
COMMENT ON COLUMN public.page_templates.created_at IS 'When the template was made.';
COMMENT ON COLUMN public.page_templates.updated_at IS 'When the row was last written.';


-- Triggers and the closed door -----------------------------------------------------------------------------

DROP TRIGGER IF EXISTS content_blocks_set_updated_at ON public.content_blocks;
CREATE TRIGGER content_blocks_set_updated_at
    BEFORE UPDATE ON public.content_blocks
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS database_views_set_updated_at ON public.database_views;
CREATE TRIGGER database_views_set_updated_at
    BEFORE UPDATE ON public.database_views
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS task_dependencies_set_updated_at ON public.task_dependencies;
CREATE TRIGGER task_dependencies_set_updated_at
    BEFORE UPDATE ON public.task_dependencies
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS time_entries_set_updated_at ON public.time_entries;
CREATE TRIGGER time_entries_set_updated_at
    BEFORE UPDATE ON public.time_entries
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS custom_properties_set_updated_at ON public.custom_properties;
CREATE TRIGGER custom_properties_set_updated_at
    BEFORE UPDATE ON public.custom_properties
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS property_values_set_updated_at ON public.property_values;
CREATE TRIGGER property_values_set_updated_at
    BEFORE UPDATE ON public.property_values
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

DROP TRIGGER IF EXISTS page_templates_set_updated_at ON public.page_templates;
CREATE TRIGGER page_templates_set_updated_at
    BEFORE UPDATE ON public.page_templates
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

-- New tables in public are open to the API roles by default. They stay shut from the first moment,
-- and 10_notion_workspace_rls.sql opens them to the members of a company.
ALTER TABLE public.content_blocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.database_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.task_dependencies ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.time_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.custom_properties ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.property_values ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.page_templates ENABLE ROW LEVEL SECURITY;
