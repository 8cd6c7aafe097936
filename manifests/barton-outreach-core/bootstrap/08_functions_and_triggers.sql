-- Functions name every object with its schema and take an empty search path where they
-- run with raised rights, so that no caller can slip an object of its own in between.

CREATE FUNCTION shq.current_operator_id()
RETURNS uuid
LANGUAGE sql
STABLE PARALLEL SAFE
AS $$
    SELECT NULLIF(current_setting('outreach.operator_id', true), '')::uuid
$$;

COMMENT ON FUNCTION shq.current_operator_id() IS 'The operator for whom the session acts; empty for a job.';

-- The trail may be written by anybody who changes a row, yet by nobody directly.
CREATE FUNCTION intake.log_change()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := to_jsonb(NEW);
    END IF;
    INSERT INTO intake.audit_log
        (action, schema_name, table_name, row_key, operator_id, database_role, old_row, new_row)
    VALUES (
        lower(TG_OP)::intake.audit_action, TG_TABLE_SCHEMA, TG_TABLE_NAME,
        COALESCE(after, before) ->> TG_ARGV[0],
        shq.current_operator_id(), session_user, before, after
    );
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION intake.log_change() IS 'Row trigger: writes the change to the audit trail. Its argument names the key column.';

CREATE FUNCTION company.slot_summary(
    p_company_id uuid,
    OUT slot_count integer,
    OUT open_count integer,
    OUT required_open_count integer
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        count(*)::integer,
        count(*) FILTER (WHERE a.assignment_id IS NULL)::integer,
        count(*) FILTER (WHERE a.assignment_id IS NULL AND s.is_required)::integer
    FROM company.slots AS s
    LEFT JOIN people.slot_assignments AS a
        ON a.company_id = s.company_id AND a.slot_role = s.slot_role AND a.ended_on IS NULL
    WHERE s.company_id = p_company_id
$$;

COMMENT ON FUNCTION company.slot_summary(uuid) IS 'How many slots a company has and how many are open.';

CREATE FUNCTION company.similar_companies(p_name text, p_limit integer DEFAULT 10)
RETURNS TABLE (company_id uuid, company_name text, likeness real)
LANGUAGE sql
STABLE
ROWS 10
AS $$
    SELECT c.company_id, c.company_name::text, public.similarity(c.company_name, p_name)
    FROM company.companies AS c
    WHERE c.company_name OPERATOR(public.%) p_name
    ORDER BY 3 DESC, 2
    LIMIT p_limit
$$;

COMMENT ON FUNCTION company.similar_companies(text, integer) IS 'Companies with a name like the given one, to find duplicates before they are made.';

CREATE FUNCTION people.find_person(p_unique_id text)
RETURNS TABLE (unique_id text, full_name text, job_title text, company_name text)
LANGUAGE sql
STABLE
AS $$
    SELECT m.unique_id, m.full_name, m.job_title, c.company_name::text
    FROM people.master AS m
    LEFT JOIN company.companies AS c ON c.company_unique_id = m.company_unique_id
    WHERE m.unique_id = p_unique_id
$$;

COMMENT ON FUNCTION people.find_person(text) IS 'One person with the name of the employer.';

CREATE FUNCTION people.upsert_person(
    p_unique_id text,
    p_first_name text,
    p_last_name text,
    p_job_title text DEFAULT NULL
)
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    stored_id text;
BEGIN
    INSERT INTO people.master AS m (unique_id, first_name, last_name, job_title)
    VALUES (p_unique_id, p_first_name, p_last_name, p_job_title)
    ON CONFLICT (unique_id) DO UPDATE
        SET first_name = EXCLUDED.first_name,
            last_name = EXCLUDED.last_name,
            job_title = COALESCE(EXCLUDED.job_title, m.job_title)
    RETURNING m.unique_id INTO stored_id;
    RETURN stored_id;
END
$$;

COMMENT ON FUNCTION people.upsert_person(text, text, text, text) IS 'Adds a person, or brings name and title of a known one up to date.';

-- The score is asked for by person and by company, under one name.
CREATE FUNCTION marketing.current_score(p_unique_id text)
RETURNS double precision
LANGUAGE sql
STABLE
AS $$
    SELECT s.total
    FROM marketing.scores AS s
    JOIN people.master AS m ON m.unique_id = s.person_unique_id
    WHERE m.unique_id = p_unique_id AND m.purged_at IS NULL AND s.is_current
$$;

CREATE FUNCTION marketing.current_score(p_company_id uuid)
RETURNS double precision
LANGUAGE sql
STABLE
AS $$
    SELECT max(s.total)
    FROM marketing.scores AS s
    JOIN people.slot_assignments AS a ON a.person_unique_id = s.person_unique_id
    WHERE a.company_id = p_company_id AND a.ended_on IS NULL AND s.is_current
$$;

COMMENT ON FUNCTION marketing.current_score(text) IS 'Present score of a person.';
COMMENT ON FUNCTION marketing.current_score(uuid) IS 'Best present score among the people who hold a slot of the company.';

-- A delivered row becomes a person and a contact. All checks must have been decided.
CREATE PROCEDURE intake.promote_load(p_load_id bigint, INOUT p_contact_id uuid DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
    delivered jsonb;
    person_id text;
BEGIN
    SELECT r.payload INTO delivered
    FROM intake.raw_loads AS r
    WHERE r.load_id = p_load_id AND r.status = 'validated'
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'load % is not ready for promotion', p_load_id
            USING HINT = 'Only a row in the state "validated" can be promoted.';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM intake.validations AS v
        WHERE v.load_id = p_load_id AND v.state IN ('pending', 'failed')
    ) THEN
        RAISE EXCEPTION 'load % has open or failed validations', p_load_id;
    END IF;

    person_id := people.upsert_person(
        COALESCE(
            delivered ->> 'unique_id',
            shq.barton_id('02', nextval('people.person_number_seq'))
        ),
        delivered ->> 'first_name',
        delivered ->> 'last_name',
        delivered ->> 'job_title'
    );
    INSERT INTO vault.contacts (person_unique_id, email, phone, quality, load_id)
    VALUES (person_id, delivered ->> 'email', delivered ->> 'phone', 50, p_load_id)
    RETURNING contact_id INTO p_contact_id;
    UPDATE intake.raw_loads
    SET status = 'promoted', processed_at = now()
    WHERE load_id = p_load_id;
END
$$;

COMMENT ON PROCEDURE intake.promote_load(bigint, uuid) IS 'Moves one validated row into people.master and vault.contacts.';

-- Triggers. A BEFORE trigger on a table with generated columns may not compare whole
-- rows, for those columns are not computed yet; so only company.slots, which has
-- none, is spared the stamp when nothing was changed.
CREATE TRIGGER touch BEFORE UPDATE ON shq.operators FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON intake.sources FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON intake.raw_loads FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON intake.validations FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON company.companies FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON company.profiles FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON company.locations FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON company.slots
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON people.master FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON people.slot_assignments FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON people.employment_history FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON vault.contacts FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON vault.contact_channels FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON marketing.templates FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON marketing.campaigns FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON marketing.campaign_steps FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE ON marketing.enrollments FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();
CREATE TRIGGER touch BEFORE UPDATE OF status, sent_at, step_number, subject ON marketing.messages
    FOR EACH ROW EXECUTE FUNCTION shq.touch_updated_at();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON people.master
    FOR EACH ROW EXECUTE FUNCTION intake.log_change('unique_id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON vault.contacts
    FOR EACH ROW EXECUTE FUNCTION intake.log_change('contact_id');

COMMENT ON TRIGGER audit ON vault.contacts IS 'Whoever asks what we stored about them must get a complete answer.';
