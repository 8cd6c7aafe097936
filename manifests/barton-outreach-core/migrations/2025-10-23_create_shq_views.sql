-- Two views with which headquarters oversees the intake: what was changed, and what
-- still waits for a decision.
--
-- The migration may be run again: each statement puts the same end state in place. It
-- needs intake.audit_log, intake.raw_loads, intake.validations, intake.sources and
-- shq.operators, and it changes no row.
--
-- Both views run with the rights of their owner. Headquarters is to see the totals of
-- the trail, and not the rows in it, which hold personal data.

CREATE OR REPLACE VIEW shq.audit_log AS
SELECT
    (a.occurred_at AT TIME ZONE 'UTC')::date AS change_date,
    a.schema_name::text AS schema_name,
    a.table_name::text AS table_name,
    a.action,
    count(*) AS change_count,
    count(DISTINCT a.row_key) AS row_count,
    count(*) FILTER (WHERE a.operator_id IS NULL) AS unattended_count,
    array_agg(DISTINCT o.display_name::text ORDER BY o.display_name::text)
        FILTER (WHERE o.operator_id IS NOT NULL) AS operators,
    max(a.occurred_at) AS last_change_at
FROM intake.audit_log AS a
LEFT JOIN shq.operators AS o ON o.operator_id = a.operator_id
GROUP BY (a.occurred_at AT TIME ZONE 'UTC')::date, a.schema_name, a.table_name, a.action;

COMMENT ON VIEW shq.audit_log IS
    'Changes to contacts and people by day, table and action, summed up from intake.audit_log.';
COMMENT ON COLUMN shq.audit_log.change_date IS
    'Day of the changes in UTC, so that it is the same day for every reader.';
COMMENT ON COLUMN shq.audit_log.schema_name IS 'Schema of the changed table.';
COMMENT ON COLUMN shq.audit_log.table_name IS 'Name of the changed table.';
COMMENT ON COLUMN shq.audit_log.action IS 'What was done to the rows.';
COMMENT ON COLUMN shq.audit_log.change_count IS 'Number of changes.';
COMMENT ON COLUMN shq.audit_log.row_count IS
    'Number of different rows that were changed; less than the changes when a row changed twice.';
COMMENT ON COLUMN shq.audit_log.unattended_count IS 'Changes made by jobs, that is without an operator.';
COMMENT ON COLUMN shq.audit_log.operators IS
    'Names of the operators who took part, in order; empty when only jobs did.';
COMMENT ON COLUMN shq.audit_log.last_change_at IS 'Time of the latest change in the group.';

CREATE OR REPLACE VIEW shq.validation_queue AS
SELECT
    v.validation_id,
    v.load_id,
    s.source_name::text AS source_name,
    v.rule_code,
    v.field_name,
    v.priority,
    o.display_name::text AS assigned_to_name,
    v.created_at AS waiting_since,
    v.due_at,
    COALESCE(v.due_at < now(), false) AS is_overdue
FROM intake.validations AS v
JOIN intake.raw_loads AS r ON r.load_id = v.load_id
JOIN intake.sources AS s ON s.source_id = r.source_id
LEFT JOIN shq.operators AS o ON o.operator_id = v.assigned_to
WHERE v.state = 'pending' AND r.status <> 'rejected'
ORDER BY v.priority DESC, v.created_at;

COMMENT ON VIEW shq.validation_queue IS
    'Validations that wait for a decision, the most urgent first. Rows of rejected loads need none.';
COMMENT ON COLUMN shq.validation_queue.validation_id IS 'The validation to be decided.';
COMMENT ON COLUMN shq.validation_queue.load_id IS 'The delivered row that it is about.';
COMMENT ON COLUMN shq.validation_queue.source_name IS 'Who delivered the row.';
COMMENT ON COLUMN shq.validation_queue.rule_code IS 'The rule that could not decide by itself.';
COMMENT ON COLUMN shq.validation_queue.field_name IS
    'The payload field in doubt; empty when it is the row as a whole.';
COMMENT ON COLUMN shq.validation_queue.priority IS '5 is the most urgent.';
COMMENT ON COLUMN shq.validation_queue.assigned_to_name IS 'Who should look at it; empty while nobody was asked.';
COMMENT ON COLUMN shq.validation_queue.waiting_since IS 'When the doubt arose.';
COMMENT ON COLUMN shq.validation_queue.due_at IS 'When it should be decided, where there is a date.';
COMMENT ON COLUMN shq.validation_queue.is_overdue IS 'True once that time has passed.';

GRANT SELECT ON shq.audit_log, shq.validation_queue TO outreach_app, outreach_readonly;
