-- A page that shows what the workspace can do: 16 blocks, five views, and a project with five tasks.
-- It is optional. Nothing refers to it, and deleting the company "Sample workspace" takes all of it away.
--
-- The rows have fixed keys, so the migration may run again: a row that is there is left as it is, whoever
-- changed it since. Accounts belong to the auth service, so none is made here. The oldest account, which is
-- that of whoever set the project up, becomes the owner of the sample company and the author of its rows;
-- where there is no account yet, the rows have no author and the company has no member.

INSERT INTO public.companies (id, name, slug)
VALUES ('00000000-0000-0000-0000-000000000010', 'Sample workspace', 'sample-workspace')
ON CONFLICT (id) DO NOTHING;

-- Once the company has a member, its members decide who else comes in.
INSERT INTO public.company_members (company_id, user_id, role)
SELECT '00000000-0000-0000-0000-000000000010', account.id, 'owner'
FROM auth.users AS account
WHERE account.deleted_at IS NULL
  AND NOT account.is_anonymous
  AND NOT EXISTS (
      SELECT FROM public.company_members AS member
      WHERE member.company_id = '00000000-0000-0000-0000-000000000010'
  )
ORDER BY account.created_at, account.id
LIMIT 1;

INSERT INTO public.knowledge_pages (id, company_id, title, icon, created_by)
SELECT
    '00000000-0000-0000-0000-000000000100',
    company.id,
    'Product launch',
    '🚀',
    (SELECT member.user_id
     FROM public.company_members AS member
     WHERE member.company_id = company.id AND member.role = 'owner'
     ORDER BY member.joined_at, member.user_id
     LIMIT 1)
FROM public.companies AS company
WHERE company.id = '00000000-0000-0000-0000-000000000010'
ON CONFLICT (id) DO NOTHING;


-- The project and its tasks --------------------------------------------------------------------------------

INSERT INTO public.project_projects (id, company_id, name, code, lead_id, starts_on, ends_on)
SELECT
    '00000000-0000-0000-0000-000000000300', page.company_id, 'Product launch', 'LAUNCH', page.created_by,
    '2026-01-05', '2026-02-27'
FROM public.knowledge_pages AS page
WHERE page.id = '00000000-0000-0000-0000-000000000100'
ON CONFLICT (id) DO NOTHING;

INSERT INTO public.project_tasks
    (id, company_id, project_id, title, description, status, priority,
     due_on, estimate_minutes, tags, sort_order, assignee_id, created_by)
SELECT
    task.id::uuid, project.company_id, project.id, task.title, task.description,
    task.status::public.task_status, task.priority,
    task.due_on::date, task.estimate_minutes, task.tags, task.sort_order, project.lead_id, project.lead_id
FROM (VALUES
    ('00000000-0000-0000-0000-000000000301', 'Agree on the scope',
     'What is in the first release, and what is **not**.',
     'done',        3, '2026-01-09', 120, '{planning}'::text[],        1),
    ('00000000-0000-0000-0000-000000000302', 'Write the announcement',
     'One page that a customer understands without us.',
     'in_progress', 2, '2026-01-23', 240, '{writing}'::text[],         2),
    ('00000000-0000-0000-0000-000000000303', 'Load-test the sign-up',
     'A thousand sign-ups a minute, for ten minutes.',
     'in_review',   4, '2026-01-30', 480, '{engineering,risk}'::text[], 3),
    ('00000000-0000-0000-0000-000000000304', 'Train the support desk',
     'Go through the twenty questions that we expect.',
     'todo',        2, '2026-02-13', 180, '{support}'::text[],         4),
    ('00000000-0000-0000-0000-000000000305', 'Look back after a week',
     'What went well, and what we do differently next time.',
     'backlog',     1, '2026-02-27', 60,  '{planning}'::text[],        5)
) AS task (id, title, description, status, priority, due_on, estimate_minutes, tags, sort_order)
CROSS JOIN public.project_projects AS project
WHERE project.id = '00000000-0000-0000-0000-000000000300'
ON CONFLICT (id) DO NOTHING;


-- The views ------------------------------------------------------------------------------------------------

-- Names are unique on a page and one view is its default. Whoever added a view of that name meant theirs,
-- so every conflict is passed over and not only that of the key.
INSERT INTO public.database_views
    (id, company_id, page_id, project_id, name, view_type, source,
     filters, sorts, group_by, visible_properties, is_default, sort_order, created_by)
SELECT
    view.id::uuid, page.company_id, page.id,
    CASE WHEN view.source = 'tasks' THEN '00000000-0000-0000-0000-000000000300'::uuid END,
    view.name, view.view_type::public.database_view_type, view.source,
    view.filters::jsonb, view.sorts::jsonb, view.group_by, view.visible_properties,
    view.is_default, view.sort_order, page.created_by
FROM (VALUES
    ('00000000-0000-0000-0000-000000000201', 'All tasks', 'table', 'tasks',
     '[]',
     '[{"property": "due_on", "direction": "ascending"}]',
     NULL,       '{title,status,priority,assignee_id,due_on}'::text[], true,  1),
    ('00000000-0000-0000-0000-000000000202', 'Board', 'board', 'tasks',
     '[]',
     '[{"property": "sort_order", "direction": "ascending"}]',
     'status',   '{title,priority,due_on}'::text[],                    false, 2),
    ('00000000-0000-0000-0000-000000000203', 'Calendar', 'calendar', 'tasks',
     '[{"property": "due_on", "operator": "is_not_empty", "value": null}]',
     '[]',
     'due_on',   '{title,status}'::text[],                             false, 3),
    ('00000000-0000-0000-0000-000000000204', 'Open, most urgent first', 'list', 'tasks',
     '[{"property": "status", "operator": "is_none_of", "value": ["done", "cancelled"]}]',
     '[{"property": "priority", "direction": "descending"}, {"property": "due_on", "direction": "ascending"}]',
     NULL,       '{title,priority,due_on}'::text[],                    false, 4),
    ('00000000-0000-0000-0000-000000000205', 'Pages', 'gallery', 'pages',
     '[{"property": "is_archived", "operator": "equals", "value": false}]',
     '[{"property": "title", "direction": "ascending"}]',
     NULL,       '{icon,title,updated_at}'::text[],                    false, 5)
) AS view (id, name, view_type, source, filters, sorts, group_by, visible_properties, is_default, sort_order)
CROSS JOIN public.knowledge_pages AS page
WHERE page.id = '00000000-0000-0000-0000-000000000100'
ON CONFLICT DO NOTHING;


-- The blocks -----------------------------------------------------------------------------------------------

-- A block may stand in another one that comes with the same statement: keys are checked when it ends.
INSERT INTO public.content_blocks
    (id, company_id, page_id, parent_block_id, block_type, content, sort_order, created_by, last_edited_by)
SELECT
    block.id::uuid, page.company_id, page.id, block.parent_id::uuid,
    block.block_type::public.content_block_type, block.content::jsonb, block.sort_order,
    page.created_by, page.created_by
FROM (VALUES
    ('00000000-0000-0000-0000-000000000101', NULL, 'heading_1',
     '{"text": "Product launch"}', 1),
    ('00000000-0000-0000-0000-000000000102', NULL, 'callout',
     '{"text": "This page is a sample. Change it as you like.", "icon": "💡"}', 2),
    ('00000000-0000-0000-0000-000000000103', NULL, 'paragraph',
     '{"text": "Everything that we need for the launch is on this page: the plan, the open points and the tasks."}', 3),
    ('00000000-0000-0000-0000-000000000104', NULL, 'heading_2',
     '{"text": "What we want to reach"}', 4),
    ('00000000-0000-0000-0000-000000000105', NULL, 'bulleted_list_item',
     '{"text": "A customer signs up without help."}', 5),
    ('00000000-0000-0000-0000-000000000106', NULL, 'bulleted_list_item',
     '{"text": "The support desk answers within an hour."}', 6),
    ('00000000-0000-0000-0000-000000000107', NULL, 'heading_2',
     '{"text": "Before we start"}', 7),
    ('00000000-0000-0000-0000-000000000108', NULL, 'to_do',
     '{"text": "Agree on the scope", "checked": true}', 8),
    ('00000000-0000-0000-0000-000000000109', NULL, 'to_do',
     '{"text": "Name the person who decides on the day", "checked": false}', 9),
    ('00000000-0000-0000-0000-000000000110', NULL, 'to_do',
     '{"text": "Rehearse the way back", "checked": false}', 10),
    ('00000000-0000-0000-0000-000000000111', NULL, 'toggle',
     '{"text": "How do we go back?"}', 11),
    ('00000000-0000-0000-0000-000000000112', '00000000-0000-0000-0000-000000000111', 'paragraph',
     '{"text": "The release before stays deployed for a week. One command makes it the current one again."}', 1),
    ('00000000-0000-0000-0000-000000000113', '00000000-0000-0000-0000-000000000111', 'code',
     '{"text": "deploy rollback --to previous", "language": "shell"}', 2),
    ('00000000-0000-0000-0000-000000000114', NULL, 'quote',
     '{"text": "If it is not written down, it was not decided."}', 12),
    ('00000000-0000-0000-0000-000000000115', NULL, 'divider',
     '{}', 13),
    ('00000000-0000-0000-0000-000000000116', NULL, 'database_view',
     '{"view_id": "00000000-0000-0000-0000-000000000202"}', 14)
) AS block (id, parent_id, block_type, content, sort_order)
CROSS JOIN public.knowledge_pages AS page
WHERE page.id = '00000000-0000-0000-0000-000000000100'
ON CONFLICT (id) DO NOTHING;
