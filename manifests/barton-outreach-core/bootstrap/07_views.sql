-- Views for the desk. Those over people and messages run with the rights of the reader,
-- so that row security holds through them too.

CREATE VIEW company.company_overview WITH (security_invoker = true) AS
SELECT
    c.company_id,
    c.company_unique_id,
    c.company_name::text AS company_name,
    p.company_name::text AS parent_name,
    f.plan_renewal_on,
    (l.address).city AS headquarters_city,
    o.display_name::text AS owner_name
FROM company.companies AS c
LEFT JOIN company.companies AS p ON p.company_id = c.parent_company_id
LEFT JOIN company.profiles AS f ON f.company_id = c.company_id
LEFT JOIN company.locations AS l ON l.company_id = c.company_id AND l.is_headquarters
LEFT JOIN shq.operators AS o ON o.operator_id = c.owner_operator_id;

COMMENT ON VIEW company.company_overview IS 'A company on one line, as the search page shows it.';
COMMENT ON COLUMN company.company_overview.headquarters_city IS 'Empty until a headquarters is known.';

CREATE VIEW people.contact_directory WITH (security_invoker = true) AS
SELECT
    m.unique_id,
    m.full_name,
    m.job_title,
    c.company_name::text AS company_name,
    v.email::text AS email,
    v.phone,
    COALESCE(v.do_not_contact, true) AS do_not_contact
FROM people.master AS m
LEFT JOIN company.companies AS c ON c.company_unique_id = m.company_unique_id
LEFT JOIN vault.contacts AS v ON v.person_unique_id = m.unique_id
WHERE m.purged_at IS NULL;

COMMENT ON VIEW people.contact_directory IS 'People with employer and address; one row for each known contact.';
COMMENT ON COLUMN people.contact_directory.unique_id IS 'Identifier of the person.';
COMMENT ON COLUMN people.contact_directory.do_not_contact IS 'True as well when there is no contact yet.';

CREATE VIEW people.open_slots WITH (security_invoker = true) AS
SELECT
    s.company_id,
    c.company_name::text AS company_name,
    s.slot_role,
    s.is_required,
    s.search_attempts,
    s.last_searched_at
FROM company.slots AS s
JOIN company.companies AS c ON c.company_id = s.company_id
WHERE NOT EXISTS (
    SELECT 1
    FROM people.slot_assignments AS a
    WHERE a.company_id = s.company_id AND a.slot_role = s.slot_role AND a.ended_on IS NULL
);

COMMENT ON VIEW people.open_slots IS 'Seats that nobody holds at present: the work list of research.';

CREATE VIEW marketing.campaign_performance WITH (security_invoker = true) AS
WITH sent AS (
    SELECT
        m.campaign_id,
        count(*) AS message_count,
        count(*) FILTER (WHERE m.status = 'replied') AS reply_count,
        count(*) FILTER (WHERE m.status = 'bounced') AS bounce_count,
        sum(m.cost) AS cost
    FROM marketing.messages AS m
    WHERE m.status <> 'queued'
    GROUP BY m.campaign_id
)
SELECT
    c.campaign_id,
    c.campaign_name::text AS campaign_name,
    c.status,
    COALESCE(s.message_count, 0) AS message_count,
    COALESCE(s.reply_count, 0) AS reply_count,
    COALESCE(s.bounce_count, 0) AS bounce_count,
    round(100.0 * s.reply_count / s.message_count, 2) AS reply_rate,
    COALESCE(s.cost, 0) AS cost
FROM marketing.campaigns AS c
LEFT JOIN sent AS s ON s.campaign_id = c.campaign_id;

COMMENT ON VIEW marketing.campaign_performance IS 'What each campaign has sent and what came of it.';
COMMENT ON COLUMN marketing.campaign_performance.reply_rate IS 'Replies for a hundred messages; empty before the first message.';

CREATE VIEW marketing.message_timeline WITH (security_invoker = true, security_barrier = true) AS
SELECT
    x.message_id,
    x.campaign_id,
    x.person_unique_id,
    e.occurred_at,
    e.kind::text AS happening
FROM marketing.message_events AS e
JOIN marketing.messages AS x ON x.message_id = e.message_id
UNION ALL
SELECT
    x.message_id,
    x.campaign_id,
    x.person_unique_id,
    x.sent_at,
    'sent'
FROM marketing.messages AS x
JOIN marketing.campaigns AS c ON c.campaign_id = x.campaign_id
WHERE x.sent_at IS NOT NULL;

COMMENT ON VIEW marketing.message_timeline IS 'The story of a message: when it was sent and what was reported since.';

CREATE VIEW marketing.engaged_people WITH (security_invoker = true) AS
SELECT
    m.unique_id,
    m.full_name,
    m.seniority,
    s.total,
    s.expected_value,
    rank() OVER (PARTITION BY m.company_unique_id ORDER BY s.total DESC) AS rank_in_company
FROM people.master AS m
JOIN marketing.scores AS s ON s.person_unique_id = m.unique_id AND s.is_current
WHERE m.purged_at IS NULL AND s.total >= 50;

COMMENT ON VIEW marketing.engaged_people IS 'People with a score of 50 or more, best first within a company.';
COMMENT ON COLUMN marketing.engaged_people.unique_id IS 'Identifier of the person.';
COMMENT ON COLUMN marketing.engaged_people.rank_in_company IS '1 is the person to write to first.';

-- The board reads this many times a day and a night's delay does no harm, so it is
-- stored. The unique index lets it be refreshed while it is being read.
CREATE MATERIALIZED VIEW marketing.company_engagement AS
SELECT
    c.company_id,
    c.company_name::text AS company_name,
    count(DISTINCT x.person_unique_id) AS people_written_to,
    count(x.message_id) AS message_count,
    max(x.sent_at) AS last_sent_at
FROM company.companies AS c
LEFT JOIN people.slot_assignments AS a ON a.company_id = c.company_id
LEFT JOIN marketing.messages AS x ON x.person_unique_id = a.person_unique_id
GROUP BY c.company_id, c.company_name;

CREATE UNIQUE INDEX company_engagement_key ON marketing.company_engagement (company_id);

COMMENT ON MATERIALIZED VIEW marketing.company_engagement IS 'Messages by company, refreshed every night.';
