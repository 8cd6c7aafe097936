-- Who may read and write the workspace: the members of the company that a row hangs on, and nobody else.
--
-- Every table carries its own company_id, so every policy looks at the row alone and none has to look up
-- the row above it: the foreign keys of 09 already keep a row in the company of its page, task or property.
-- A policy asks member_company_ids for the companies in which the asking user has a role. It stands in a
-- sub-select, which lets Postgres ask once a statement and not once a row.
--
--   viewer   reads
--   member   adds and changes too, and takes away what editing takes away: blocks, views, ties, values
--   admin    also deletes what others built upon: properties, templates, time
--
-- An update is held to USING for the row as it was and to WITH CHECK for the row as it becomes. Without the
-- second, a row could be moved into a company in which the user has no say.
-- The service role bypasses row security by its attribute, so no policy names it.
--
-- Every statement may run again. CREATE POLICY knows no OR REPLACE, so each policy is dropped first;
-- inside the runner's transaction nobody sees the gap.


-- Rights ---------------------------------------------------------------------------------------------------

-- Row security only narrows what a role was granted, and it does not hold back TRUNCATE.
-- So the seven tables lose what a new table in public is given, and get the four commands that policies rule.
REVOKE ALL ON
    public.content_blocks,
    public.database_views,
    public.task_dependencies,
    public.time_entries,
    public.custom_properties,
    public.property_values,
    public.page_templates
    FROM PUBLIC, anon, authenticated, service_role;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    public.content_blocks,
    public.database_views,
    public.task_dependencies,
    public.time_entries,
    public.custom_properties,
    public.property_values,
    public.page_templates
    TO authenticated, service_role;

ALTER TABLE public.content_blocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.database_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.task_dependencies ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.time_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.custom_properties ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.property_values ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.page_templates ENABLE ROW LEVEL SECURITY;


-- Blocks ---------------------------------------------------------------------------------------------------

-- Editing a page takes blocks away all the time, so whoever writes may delete.
DROP POLICY IF EXISTS content_blocks_read ON public.content_blocks;
CREATE POLICY content_blocks_read ON public.content_blocks
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS content_blocks_insert ON public.content_blocks;
CREATE POLICY content_blocks_insert ON public.content_blocks
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS content_blocks_update ON public.content_blocks;
CREATE POLICY content_blocks_update ON public.content_blocks
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS content_blocks_delete ON public.content_blocks;
CREATE POLICY content_blocks_delete ON public.content_blocks
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')));

COMMENT ON POLICY content_blocks_read ON public.content_blocks IS
    'Whoever has a role in the company sees its blocks.';
COMMENT ON POLICY content_blocks_insert ON public.content_blocks IS
    'Members add blocks to their own companies.';
COMMENT ON POLICY content_blocks_update ON public.content_blocks IS
    'Members change blocks, and cannot move them out of their companies.';
COMMENT ON POLICY content_blocks_delete ON public.content_blocks IS
    'Members delete blocks of their companies.';


-- Views ----------------------------------------------------------------------------------------------------

DROP POLICY IF EXISTS database_views_read ON public.database_views;
CREATE POLICY database_views_read ON public.database_views
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS database_views_insert ON public.database_views;
CREATE POLICY database_views_insert ON public.database_views
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS database_views_update ON public.database_views;
CREATE POLICY database_views_update ON public.database_views
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS database_views_delete ON public.database_views;
CREATE POLICY database_views_delete ON public.database_views
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')));

COMMENT ON POLICY database_views_read ON public.database_views IS
    'Whoever has a role in the company sees its views.';
COMMENT ON POLICY database_views_insert ON public.database_views IS
    'Members add views to their own companies.';
COMMENT ON POLICY database_views_update ON public.database_views IS
    'Members change views, and cannot move them out of their companies.';
COMMENT ON POLICY database_views_delete ON public.database_views IS
    'Members delete views of their companies.';


-- Dependencies of tasks ------------------------------------------------------------------------------------

DROP POLICY IF EXISTS task_dependencies_read ON public.task_dependencies;
CREATE POLICY task_dependencies_read ON public.task_dependencies
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS task_dependencies_insert ON public.task_dependencies;
CREATE POLICY task_dependencies_insert ON public.task_dependencies
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS task_dependencies_update ON public.task_dependencies;
CREATE POLICY task_dependencies_update ON public.task_dependencies
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS task_dependencies_delete ON public.task_dependencies;
CREATE POLICY task_dependencies_delete ON public.task_dependencies
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')));

COMMENT ON POLICY task_dependencies_read ON public.task_dependencies IS
    'Whoever has a role in the company sees its dependencies.';
COMMENT ON POLICY task_dependencies_insert ON public.task_dependencies IS
    'Members add dependencies to their own companies.';
COMMENT ON POLICY task_dependencies_update ON public.task_dependencies IS
    'Members change dependencies, and cannot move them out of their companies.';
COMMENT ON POLICY task_dependencies_delete ON public.task_dependencies IS
    'Members delete dependencies of their companies.';


-- Time -----------------------------------------------------------------------------------------------------

-- A member books time for themselves alone; an administrator also for others, as for one whose account is gone.
-- Time that was worked may be owed, so only an administrator deletes it.
DROP POLICY IF EXISTS time_entries_read ON public.time_entries;
CREATE POLICY time_entries_read ON public.time_entries
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS time_entries_insert ON public.time_entries;
CREATE POLICY time_entries_insert ON public.time_entries
    FOR INSERT TO authenticated
    WITH CHECK (
        (user_id = (SELECT auth.uid()) AND company_id IN (SELECT public.member_company_ids('member')))
        OR company_id IN (SELECT public.member_company_ids('admin'))
    );

DROP POLICY IF EXISTS time_entries_update ON public.time_entries;
CREATE POLICY time_entries_update ON public.time_entries
    FOR UPDATE TO authenticated
    USING (
        (user_id = (SELECT auth.uid()) AND company_id IN (SELECT public.member_company_ids('member')))
        OR company_id IN (SELECT public.member_company_ids('admin'))
    )
    WITH CHECK (
        (user_id = (SELECT auth.uid()) AND company_id IN (SELECT public.member_company_ids('member')))
        OR company_id IN (SELECT public.member_company_ids('admin'))
    );

DROP POLICY IF EXISTS time_entries_delete ON public.time_entries;
CREATE POLICY time_entries_delete ON public.time_entries
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('admin')));

COMMENT ON POLICY time_entries_read ON public.time_entries IS
    'Whoever has a role in the company sees its time entries.';
COMMENT ON POLICY time_entries_insert ON public.time_entries IS
    'Members book their own time, administrators anybody''s.';
COMMENT ON POLICY time_entries_update ON public.time_entries IS
    'Members change their own entries, administrators all; both only within companies where they may.';
COMMENT ON POLICY time_entries_delete ON public.time_entries IS
    'Administrators delete time entries of their companies.';


-- Properties -----------------------------------------------------------------------------------------------

-- A property takes all its values with it, on pages that the asking user may never have seen.
DROP POLICY IF EXISTS custom_properties_read ON public.custom_properties;
CREATE POLICY custom_properties_read ON public.custom_properties
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS custom_properties_insert ON public.custom_properties;
CREATE POLICY custom_properties_insert ON public.custom_properties
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS custom_properties_update ON public.custom_properties;
CREATE POLICY custom_properties_update ON public.custom_properties
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS custom_properties_delete ON public.custom_properties;
CREATE POLICY custom_properties_delete ON public.custom_properties
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('admin')));

COMMENT ON POLICY custom_properties_read ON public.custom_properties IS
    'Whoever has a role in the company sees its properties.';
COMMENT ON POLICY custom_properties_insert ON public.custom_properties IS
    'Members add properties to their own companies.';
COMMENT ON POLICY custom_properties_update ON public.custom_properties IS
    'Members change properties, and cannot move them out of their companies.';
COMMENT ON POLICY custom_properties_delete ON public.custom_properties IS
    'Administrators delete properties of their companies.';


-- Values of properties -------------------------------------------------------------------------------------

DROP POLICY IF EXISTS property_values_read ON public.property_values;
CREATE POLICY property_values_read ON public.property_values
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS property_values_insert ON public.property_values;
CREATE POLICY property_values_insert ON public.property_values
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS property_values_update ON public.property_values;
CREATE POLICY property_values_update ON public.property_values
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS property_values_delete ON public.property_values;
CREATE POLICY property_values_delete ON public.property_values
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')));

COMMENT ON POLICY property_values_read ON public.property_values IS
    'Whoever has a role in the company sees its values.';
COMMENT ON POLICY property_values_insert ON public.property_values IS
    'Members add values to their own companies.';
COMMENT ON POLICY property_values_update ON public.property_values IS
    'Members change values, and cannot move them out of their companies.';
COMMENT ON POLICY property_values_delete ON public.property_values IS
    'Members delete values of their companies.';


-- Templates ------------------------------------------------------------------------------------------------

-- Members change templates; whether one is offered no longer, an administrator decides.
DROP POLICY IF EXISTS page_templates_read ON public.page_templates;
CREATE POLICY page_templates_read ON public.page_templates
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('viewer')));

DROP POLICY IF EXISTS page_templates_insert ON public.page_templates;
CREATE POLICY page_templates_insert ON public.page_templates
    FOR INSERT TO authenticated
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS page_templates_update ON public.page_templates;
CREATE POLICY page_templates_update ON public.page_templates
    FOR UPDATE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('member')))
    WITH CHECK (company_id IN (SELECT public.member_company_ids('member')));

DROP POLICY IF EXISTS page_templates_delete ON public.page_templates;
CREATE POLICY page_templates_delete ON public.page_templates
    FOR DELETE TO authenticated
    USING (company_id IN (SELECT public.member_company_ids('admin')));

COMMENT ON POLICY page_templates_read ON public.page_templates IS
    'Whoever has a role in the company sees its templates.';
COMMENT ON POLICY page_templates_insert ON public.page_templates IS
    'Members add templates to their own companies.';
COMMENT ON POLICY page_templates_update ON public.page_templates IS
    'Members change templates, and cannot move them out of their companies.';
COMMENT ON POLICY page_templates_delete ON public.page_templates IS
    'Administrators delete templates of their companies.';
