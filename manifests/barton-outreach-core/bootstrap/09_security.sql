-- Two group roles: outreach_app for the services, outreach_readonly for reports. Real
-- logins are made members of one of them. Rights first, row security after.

GRANT USAGE ON SCHEMA intake, vault, company, people, marketing, shq TO outreach_app, outreach_readonly;

GRANT SELECT, INSERT, UPDATE, DELETE
    ON ALL TABLES IN SCHEMA intake, vault, company, people, marketing, shq TO outreach_app;
GRANT USAGE, SELECT
    ON ALL SEQUENCES IN SCHEMA intake, vault, company, people, marketing, shq TO outreach_app;

GRANT SELECT ON ALL TABLES IN SCHEMA company, people, marketing TO outreach_readonly;
GRANT SELECT (operator_id, display_name, is_active) ON shq.operators TO outreach_readonly;

-- Reports need to know that somebody can be reached, and not where.
GRANT SELECT (contact_id, person_unique_id, email_domain, tags, quality, verified_at, do_not_contact, created_at)
    ON vault.contacts TO outreach_readonly;
REVOKE SELECT ON people.contact_directory FROM outreach_readonly;

-- The trail is written by its trigger alone.
REVOKE INSERT, UPDATE, DELETE ON intake.audit_log FROM outreach_app;

-- Functions are open to everybody by default; those that write are for the services.
REVOKE EXECUTE ON FUNCTION people.upsert_person(text, text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON PROCEDURE intake.promote_load(bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.upsert_person(text, text, text, text) TO outreach_app;
GRANT EXECUTE ON PROCEDURE intake.promote_load(bigint, uuid) TO outreach_app;

-- A campaign often brings a table of its own, which reports should be able to read.
ALTER DEFAULT PRIVILEGES IN SCHEMA marketing GRANT SELECT ON TABLES TO outreach_readonly;

ALTER TABLE people.master ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE marketing.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY master_app_all ON people.master
    FOR ALL TO outreach_app
    USING (true) WITH CHECK (true);

CREATE POLICY master_report ON people.master
    FOR SELECT TO outreach_readonly
    USING (purged_at IS NULL);

-- Restrictive: it narrows every permissive policy, those still to be written included.
CREATE POLICY contacts_not_purged ON vault.contacts
    AS RESTRICTIVE
    FOR SELECT TO outreach_app, outreach_readonly
    USING (EXISTS (
        SELECT 1
        FROM people.master AS m
        WHERE m.unique_id = contacts.person_unique_id AND m.purged_at IS NULL
    ));

CREATE POLICY contacts_app_all ON vault.contacts
    FOR ALL TO outreach_app
    USING (true) WITH CHECK (true);

CREATE POLICY contacts_report ON vault.contacts
    FOR SELECT TO outreach_readonly
    USING (NOT do_not_contact);

CREATE POLICY consents_read ON vault.consents
    FOR SELECT TO outreach_app
    USING (true);

CREATE POLICY consents_record ON vault.consents
    FOR INSERT TO outreach_app
    WITH CHECK (revoked_at IS NULL);

CREATE POLICY consents_revoke ON vault.consents
    FOR UPDATE TO outreach_app
    USING (revoked_at IS NULL) WITH CHECK (revoked_at IS NOT NULL);

-- A session that acts for an operator sees the messages of that operator; a job sees all.
CREATE POLICY messages_of_operator ON marketing.messages
    FOR ALL TO outreach_app
    USING (shq.current_operator_id() IS NULL OR sender_id = shq.current_operator_id())
    WITH CHECK (shq.current_operator_id() IS NULL OR sender_id = shq.current_operator_id());

CREATE POLICY messages_report ON marketing.messages
    FOR SELECT TO outreach_readonly
    USING (status <> 'queued');

CREATE POLICY audit_log_own_trail ON intake.audit_log
    FOR SELECT TO outreach_app
    USING (operator_id = shq.current_operator_id());

COMMENT ON POLICY contacts_not_purged ON vault.contacts IS 'Who asked to be forgotten is not found again, by whatever way.';
COMMENT ON POLICY messages_of_operator ON marketing.messages IS 'Operators do not read the letters of their colleagues.';
