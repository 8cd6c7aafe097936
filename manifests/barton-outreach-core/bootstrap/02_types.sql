-- Types come before the tables that use them. Shared ones live in shq; an enum lives in
-- the schema whose tables give its labels their meaning.

CREATE TYPE intake.load_status AS ENUM ('received', 'parsing', 'validated', 'promoted', 'rejected');
CREATE TYPE intake.validation_state AS ENUM ('pending', 'passed', 'failed', 'waived');
CREATE TYPE intake.audit_action AS ENUM ('insert', 'update', 'delete', 'promote', 'purge');
CREATE TYPE vault.channel_kind AS ENUM ('email', 'phone', 'linkedin', 'postal');
CREATE TYPE company.slot_role AS ENUM ('ceo', 'cfo', 'hr_lead', 'benefits_lead', 'operations');
CREATE TYPE company.signal_kind AS ENUM ('funding', 'hiring', 'leadership_change', 'renewal', 'news');
CREATE TYPE people.seniority AS ENUM ('c_level', 'vice_president', 'director', 'manager', 'individual');
CREATE TYPE marketing.message_status AS ENUM ('queued', 'sent', 'delivered', 'bounced', 'replied');
CREATE TYPE marketing.event_kind AS ENUM ('delivered', 'opened', 'clicked', 'replied', 'bounced', 'unsubscribed');

-- These labels came with the planning board that campaigns were imported from. Clients
-- already store them, so they stay as they are although several are not identifiers.
CREATE TYPE marketing.campaign_status AS ENUM ('draft', 'in-review', 'in-progress', 'on-hold', 'done');

COMMENT ON TYPE intake.load_status IS 'How far a delivered row has come on its way into the vault.';
COMMENT ON TYPE intake.validation_state IS 'Verdict on one check of one delivered row.';
COMMENT ON TYPE company.slot_role IS 'The executive seats that an outreach needs a person for.';
COMMENT ON TYPE marketing.campaign_status IS 'Stage of a campaign, in the words of the planning board.';

CREATE DOMAIN shq.email_address AS text
    CONSTRAINT email_address_shape CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$')
    CONSTRAINT email_address_length CHECK (char_length(VALUE) <= 254);

CREATE DOMAIN shq.label AS text NOT NULL
    CONSTRAINT label_not_blank CHECK (btrim(VALUE) <> '');

CREATE DOMAIN shq.percentage AS numeric(5, 2) DEFAULT 0
    CONSTRAINT percentage_bounds CHECK (VALUE >= 0 AND VALUE <= 100);

CREATE DOMAIN shq.country_code AS text DEFAULT 'US'
    CONSTRAINT country_code_shape CHECK (VALUE ~ '^[A-Z]{2}$');

COMMENT ON DOMAIN shq.email_address IS 'An address that is worth sending to; delivery alone proves that it exists.';
COMMENT ON DOMAIN shq.label IS 'A name that people read: never null, never blank.';
COMMENT ON DOMAIN shq.percentage IS 'A share of a hundred with two decimals.';
COMMENT ON DOMAIN shq.country_code IS 'ISO 3166-1 alpha-2 code in capitals.';

CREATE TYPE shq.postal_address AS (
    line1 text,
    line2 text,
    city text,
    region text,
    postal_code text,
    country text
);

COMMENT ON TYPE shq.postal_address IS 'A postal address as one value, for it is always replaced as a whole.';

-- Scores are measured and not counted, so the range has a difference function: GiST
-- needs one to split its pages well.
CREATE TYPE marketing.score_range AS RANGE (
    subtype = double precision,
    subtype_diff = float8mi
);

COMMENT ON TYPE marketing.score_range IS 'A band of engagement scores.';

-- Every company and person carries a number of the form NN.NN.NN.NN.NNNNN.NNN. The
-- function is immutable so that it may stand in a default and in an index alike.
CREATE FUNCTION shq.barton_id(p_kind text, p_number bigint)
RETURNS text
LANGUAGE sql
IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT '04.04.' || p_kind || '.04.'
        || lpad((p_number / 1000)::text, 5, '0') || '.'
        || lpad((p_number % 1000)::text, 3, '0')
$$;

COMMENT ON FUNCTION shq.barton_id(text, bigint) IS 'Formats a running number as a six-part identifier; kind 01 is a company, 02 a person.';

CREATE FUNCTION shq.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION shq.touch_updated_at() IS 'Row trigger: stamps updated_at, so that no client has to remember it.';
