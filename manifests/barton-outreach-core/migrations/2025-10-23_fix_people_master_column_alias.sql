-- Gives people.master.unique_id a second name, people_unique_id, which says whose
-- identifier it is where several meet.
--
-- A generated stored column is used, since then the server itself keeps the two equal:
--   * there is no moment and no way in which they differ, neither by a disabled trigger,
--     nor by a bulk load, nor by a replica, nor by a BEFORE trigger that changes the key;
--   * who writes unique_id, or lets its default make it, goes on as before: the column
--     stands last, so that an INSERT or COPY without a column list still fits;
--   * who reads unique_id finds it where it was, and all foreign keys stay on it;
--   * who tries to write the alias is refused by the server instead of being obeyed by half.
-- A copy kept by a trigger would have none of the first, and renaming the column would
-- break both readers and writers.
--
-- The migration may be run again. The first run rewrites the table under an exclusive
-- lock; a second one changes nothing.

ALTER TABLE people.master
    ADD COLUMN IF NOT EXISTS people_unique_id text
        GENERATED ALWAYS AS (unique_id) STORED NOT NULL;

-- IF NOT EXISTS looks at the name alone. A column of that name which somebody made by
-- hand could differ from unique_id, so it is refused rather than taken for the alias.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE n.nspname = 'people'
            AND c.relname = 'master'
            AND a.attname = 'people_unique_id'
            AND a.attgenerated = 's'
            AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) = 'unique_id'
    ) THEN
        RAISE EXCEPTION 'people.master.people_unique_id exists and is not generated from unique_id'
            USING HINT = 'Drop or rename that column, then run this migration again.';
    END IF;
END
$$;

-- The planner does not know that the two are equal, so a search by the new name needs
-- an index of its own. Being unique, it may also be the target of a foreign key.
CREATE UNIQUE INDEX IF NOT EXISTS master_people_unique_id_key ON people.master (people_unique_id);

COMMENT ON COLUMN people.master.people_unique_id IS
    'Alias of unique_id, always equal to it. It is computed by the server and cannot be written.';
COMMENT ON INDEX people.master_people_unique_id_key IS
    'Lets a search by the alias be as fast as one by unique_id.';

-- Views keep the column that their readers know, now fed from the alias, and gain the
-- new name as the last column. The options are repeated, as replacing a view resets them.
CREATE OR REPLACE VIEW people.contact_directory WITH (security_invoker = true) AS
SELECT
    m.people_unique_id AS unique_id,
    m.full_name,
    m.job_title,
    c.company_name::text AS company_name,
    v.email::text AS email,
    v.phone,
    COALESCE(v.do_not_contact, true) AS do_not_contact,
    m.people_unique_id
FROM people.master AS m
LEFT JOIN company.companies AS c ON c.company_unique_id = m.company_unique_id
LEFT JOIN vault.contacts AS v ON v.person_unique_id = m.people_unique_id
WHERE m.purged_at IS NULL;

COMMENT ON COLUMN people.contact_directory.people_unique_id IS
    'Identifier of the person, under the name to be used from now on.';

CREATE OR REPLACE VIEW marketing.engaged_people WITH (security_invoker = true) AS
SELECT
    m.people_unique_id AS unique_id,
    m.full_name,
    m.seniority,
    s.total,
    s.expected_value,
    rank() OVER (PARTITION BY m.company_unique_id ORDER BY s.total DESC) AS rank_in_company,
    m.people_unique_id
FROM people.master AS m
JOIN marketing.scores AS s ON s.person_unique_id = m.people_unique_id AND s.is_current
WHERE m.purged_at IS NULL AND s.total >= 50;

COMMENT ON COLUMN marketing.engaged_people.people_unique_id IS
    'Identifier of the person, under the name to be used from now on.';

-- Functions keep their signatures, and with them their grants; only the bodies change.
CREATE OR REPLACE FUNCTION people.find_person(p_unique_id text)
RETURNS TABLE (unique_id text, full_name text, job_title text, company_name text)
LANGUAGE sql
STABLE
AS $$
    SELECT m.people_unique_id, m.full_name, m.job_title, c.company_name::text
    FROM people.master AS m
    LEFT JOIN company.companies AS c ON c.company_unique_id = m.company_unique_id
    WHERE m.people_unique_id = p_unique_id
$$;

CREATE OR REPLACE FUNCTION marketing.current_score(p_unique_id text)
RETURNS double precision
LANGUAGE sql
STABLE
AS $$
    SELECT s.total
    FROM marketing.scores AS s
    JOIN people.master AS m ON m.people_unique_id = s.person_unique_id
    WHERE m.people_unique_id = p_unique_id AND m.purged_at IS NULL AND s.is_current
$$;

-- A writer must still name unique_id, for the alias follows it; it answers by the alias.
CREATE OR REPLACE FUNCTION people.upsert_person(
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
    RETURNING m.people_unique_id INTO stored_id;
    RETURN stored_id;
END
$$;
