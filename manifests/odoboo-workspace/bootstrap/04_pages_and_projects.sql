-- The base tables that the workspace migrations build upon: pages of knowledge, projects and their tasks.
-- Each has a key (company_id, id) beside its primary key. A foreign key that names both columns
-- cannot tie a row of one company to a row of another, whatever the client sends.

CREATE TYPE public.task_status AS ENUM
    ('backlog', 'todo', 'in_progress', 'in_review', 'done', 'cancelled');

COMMENT ON TYPE public.task_status IS 'Where a task stands, in the order of the columns of a board.';

CREATE TABLE public.knowledge_pages (
    id              uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id      uuid NOT NULL,
    parent_page_id  uuid,
    title           text NOT NULL DEFAULT 'Untitled',
    icon            text,
    cover_url       text,
    sort_order      integer NOT NULL DEFAULT 0,
    is_archived     boolean NOT NULL DEFAULT false,
    search          tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title)) STORED,
    created_by      uuid,
    created_at      timestamp with time zone NOT NULL DEFAULT now(),
    updated_at      timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_pages_pkey PRIMARY KEY (id),
    CONSTRAINT knowledge_pages_company_id_id_key UNIQUE (company_id, id),
    CONSTRAINT knowledge_pages_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT knowledge_pages_parent_page_fkey
        FOREIGN KEY (company_id, parent_page_id) REFERENCES public.knowledge_pages (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT knowledge_pages_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT knowledge_pages_not_own_parent CHECK (parent_page_id <> id)
);

CREATE INDEX knowledge_pages_parent_page_idx ON public.knowledge_pages (company_id, parent_page_id, sort_order);
CREATE INDEX knowledge_pages_created_by_idx ON public.knowledge_pages (created_by);
CREATE INDEX knowledge_pages_search_idx ON public.knowledge_pages USING gin (search);

COMMENT ON TABLE public.knowledge_pages IS 'A page of the knowledge base. Pages nest; what stands on a page are its blocks.';
COMMENT ON COLUMN public.knowledge_pages.id IS 'Key of the page.';
COMMENT ON COLUMN public.knowledge_pages.company_id IS 'The company that owns the page.';
COMMENT ON COLUMN public.knowledge_pages.parent_page_id IS 'The page above; NULL at the top.';
COMMENT ON COLUMN public.knowledge_pages.title IS 'Heading of the page.';
COMMENT ON COLUMN public.knowledge_pages.icon IS 'An emoji or the name of an icon.';
COMMENT ON COLUMN public.knowledge_pages.cover_url IS 'Address of the picture above the heading.';
COMMENT ON COLUMN public.knowledge_pages.sort_order IS 'Place among the pages with the same parent.';
COMMENT ON COLUMN public.knowledge_pages.is_archived IS 'Archived pages are kept and no longer listed.';
COMMENT ON COLUMN public.knowledge_pages.search IS 'Words of the title for full-text search, in no particular language.';
COMMENT ON COLUMN public.knowledge_pages.created_by IS 'The user who made the page, as long as that account exists.';
COMMENT ON COLUMN public.knowledge_pages.created_at IS 'When the page was made.';
COMMENT ON COLUMN public.knowledge_pages.updated_at IS 'When the row was last written.';

CREATE TABLE public.project_projects (
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id  uuid NOT NULL,
    name        text NOT NULL,
    code        character varying(12) NOT NULL,
    lead_id     uuid,
    is_active   boolean NOT NULL DEFAULT true,
    starts_on   date,
    ends_on     date,
    created_at  timestamp with time zone NOT NULL DEFAULT now(),
    updated_at  timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT project_projects_pkey PRIMARY KEY (id),
    CONSTRAINT project_projects_company_id_id_key UNIQUE (company_id, id),
    CONSTRAINT project_projects_company_id_code_key UNIQUE (company_id, code),
    CONSTRAINT project_projects_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT project_projects_lead_id_fkey
        FOREIGN KEY (lead_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT project_projects_ends_after_start CHECK (ends_on >= starts_on)
);

CREATE INDEX project_projects_lead_id_idx ON public.project_projects (lead_id);

COMMENT ON TABLE public.project_projects IS 'A project: the frame for tasks.';
COMMENT ON COLUMN public.project_projects.id IS 'Key of the project.';
COMMENT ON COLUMN public.project_projects.company_id IS 'The company that owns the project.';
COMMENT ON COLUMN public.project_projects.name IS 'Name as people read it.';
COMMENT ON COLUMN public.project_projects.code IS 'Short name that task numbers start with.';
COMMENT ON COLUMN public.project_projects.lead_id IS 'The user who answers for the project.';
COMMENT ON COLUMN public.project_projects.is_active IS 'Whether work goes on.';
COMMENT ON COLUMN public.project_projects.starts_on IS 'First day.';
COMMENT ON COLUMN public.project_projects.ends_on IS 'Last day.';
COMMENT ON COLUMN public.project_projects.created_at IS 'When the project was made.';
COMMENT ON COLUMN public.project_projects.updated_at IS 'When the row was last written.';

CREATE TABLE public.project_tasks (
    id                uuid NOT NULL DEFAULT gen_random_uuid(),
    company_id        uuid NOT NULL,
    project_id        uuid NOT NULL,
    parent_task_id    uuid,
    title             text NOT NULL,
    description       text,
    status            public.task_status NOT NULL DEFAULT 'todo',
    priority          smallint NOT NULL DEFAULT 2,
    assignee_id       uuid,
    due_on            date,
    estimate_minutes  integer,
    tags              text[] NOT NULL DEFAULT '{}'::text[],
    sort_order        integer NOT NULL DEFAULT 0,
    created_by        uuid,
    created_at        timestamp with time zone NOT NULL DEFAULT now(),
    updated_at        timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT project_tasks_pkey PRIMARY KEY (id),
    CONSTRAINT project_tasks_company_id_id_key UNIQUE (company_id, id),
    CONSTRAINT project_tasks_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT project_tasks_project_fkey
        FOREIGN KEY (company_id, project_id) REFERENCES public.project_projects (company_id, id)
        ON DELETE CASCADE,
    CONSTRAINT project_tasks_parent_task_fkey
        FOREIGN KEY (company_id, parent_task_id) REFERENCES public.project_tasks (company_id, id)
        ON DELETE SET NULL (parent_task_id),
    CONSTRAINT project_tasks_assignee_id_fkey
        FOREIGN KEY (assignee_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT project_tasks_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT project_tasks_title_not_blank CHECK (btrim(title) <> ''),
    CONSTRAINT project_tasks_not_own_parent CHECK (parent_task_id <> id),
    CONSTRAINT project_tasks_priority_range CHECK (priority BETWEEN 0 AND 4),
    CONSTRAINT project_tasks_estimate_positive CHECK (estimate_minutes > 0)
);

CREATE INDEX project_tasks_project_idx ON public.project_tasks (company_id, project_id, status, sort_order);
CREATE INDEX project_tasks_parent_task_idx ON public.project_tasks (company_id, parent_task_id);
CREATE INDEX project_tasks_assignee_id_idx ON public.project_tasks (assignee_id);
CREATE INDEX project_tasks_created_by_idx ON public.project_tasks (created_by);
CREATE INDEX project_tasks_tags_idx ON public.project_tasks USING gin (tags);
-- Reminders ask only for what is still open.
CREATE INDEX project_tasks_open_due_on_idx ON public.project_tasks (due_on)
    WHERE status NOT IN ('done', 'cancelled');

COMMENT ON TABLE public.project_tasks IS 'A piece of work within a project.';
COMMENT ON COLUMN public.project_tasks.id IS 'Key of the task.';
COMMENT ON COLUMN public.project_tasks.company_id IS 'The company that owns the task; always that of the project.';
COMMENT ON COLUMN public.project_tasks.project_id IS 'The project.';
COMMENT ON COLUMN public.project_tasks.parent_task_id IS 'The task that this one is a part of.';
COMMENT ON COLUMN public.project_tasks.title IS 'What is to be done.';
COMMENT ON COLUMN public.project_tasks.description IS 'How and why, in Markdown.';
COMMENT ON COLUMN public.project_tasks.status IS 'Where the task stands.';
COMMENT ON COLUMN public.project_tasks.priority IS 'From 0 (none) to 4 (urgent).';
COMMENT ON COLUMN public.project_tasks.assignee_id IS 'The user who does it.';
COMMENT ON COLUMN public.project_tasks.due_on IS 'The day by which it is to be done.';
COMMENT ON COLUMN public.project_tasks.estimate_minutes IS 'Expected effort in minutes.';
COMMENT ON COLUMN public.project_tasks.tags IS 'Free labels.';
COMMENT ON COLUMN public.project_tasks.sort_order IS 'Place within a column of the board.';
COMMENT ON COLUMN public.project_tasks.created_by IS 'The user who made the task, as long as that account exists.';
COMMENT ON COLUMN public.project_tasks.created_at IS 'When the task was made.';
COMMENT ON COLUMN public.project_tasks.updated_at IS 'When the row was last written.';

CREATE TRIGGER knowledge_pages_set_updated_at
    BEFORE UPDATE ON public.knowledge_pages
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER project_projects_set_updated_at
    BEFORE UPDATE ON public.project_projects
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER project_tasks_set_updated_at
    BEFORE UPDATE ON public.project_tasks
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

ALTER TABLE public.knowledge_pages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.project_projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.project_tasks ENABLE ROW LEVEL SECURITY;

CREATE POLICY knowledge_pages_read ON public.knowledge_pages
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids()));
CREATE POLICY knowledge_pages_write ON public.knowledge_pages
    FOR ALL TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

CREATE POLICY project_projects_read ON public.project_projects
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids()));
CREATE POLICY project_projects_write ON public.project_projects
    FOR ALL TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

CREATE POLICY project_tasks_read ON public.project_tasks
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids()));
CREATE POLICY project_tasks_write ON public.project_tasks
    FOR ALL TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));
