-- The ground everything else stands on: the six schemas, the two group roles and
-- the one extension. A superuser runs these files in name order on an empty database.

-- Roles belong to the server and not to the database, so another database of the same
-- server may have made them already, or may be making them at this very moment.
DO $$
BEGIN
    CREATE ROLE outreach_app NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END
$$;

DO $$
BEGIN
    CREATE ROLE outreach_readonly NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END
$$;

CREATE SCHEMA intake;
CREATE SCHEMA vault;
CREATE SCHEMA company;
CREATE SCHEMA people;
CREATE SCHEMA marketing;
CREATE SCHEMA shq;

COMMENT ON SCHEMA intake IS 'Raw rows as vendors deliver them, their validation, and the audit trail.';
COMMENT ON SCHEMA vault IS 'Validated contact data: the only place where personal addresses are stored.';
COMMENT ON SCHEMA company IS 'Companies, their places, their signals and the executive slots to be filled.';
COMMENT ON SCHEMA people IS 'People, where they work, and the slots they hold.';
COMMENT ON SCHEMA marketing IS 'Campaigns, the messages they send and what comes back.';
COMMENT ON SCHEMA shq IS 'Headquarters: operators, shared types and the oversight views.';

-- The extension lives in public because the trigram operators are used across schemas.
CREATE EXTENSION pg_trgm WITH SCHEMA public;
