-- People are who somebody is; the vault holds how to reach them. They are kept apart
-- so that most of the desk can work without ever seeing an address.

CREATE SEQUENCE people.person_number_seq START WITH 30000001 MINVALUE 1 MAXVALUE 99999999;

CREATE TABLE people.master (
    unique_id text PRIMARY KEY DEFAULT shq.barton_id('02', nextval('people.person_number_seq')),
    company_unique_id text REFERENCES company.companies (company_unique_id) ON UPDATE CASCADE ON DELETE SET NULL,
    first_name shq.label,
    last_name shq.label,
    full_name text GENERATED ALWAYS AS (first_name::text || ' ' || last_name::text) STORED,
    job_title text,
    seniority people.seniority NOT NULL DEFAULT 'individual',
    linkedin_url text,
    languages text[] NOT NULL DEFAULT '{en}',
    interests text[] NOT NULL DEFAULT '{}',
    notes text,
    verified_on date,
    owner_operator_id uuid REFERENCES shq.operators (operator_id) ON DELETE SET NULL,
    purged_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT master_unique_id_shape CHECK (unique_id ~ '^\d{2}(\.\d{2}){3}\.\d{5}\.\d{3}$'),
    CONSTRAINT master_linkedin_shape CHECK (linkedin_url ~ '^https://')
);

ALTER SEQUENCE people.person_number_seq OWNED BY people.master.unique_id;

CREATE INDEX master_company_idx ON people.master (company_unique_id, seniority) WHERE purged_at IS NULL;

COMMENT ON TABLE people.master IS 'Every person we know, once.';
COMMENT ON COLUMN people.master.unique_id IS 'The identifier used towards clients and vendors; it never changes.';
COMMENT ON COLUMN people.master.company_unique_id IS 'Present employer, by its public identifier, as vendors deliver it.';
COMMENT ON COLUMN people.master.full_name IS 'First and last name, for display.';
COMMENT ON COLUMN people.master.verified_on IS 'Day on which title and employer were last confirmed.';
COMMENT ON COLUMN people.master.purged_at IS 'Set when the person asked to be forgotten; the row then only blocks a new import.';

CREATE TABLE people.slot_assignments (
    assignment_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    company_id uuid NOT NULL,
    slot_role company.slot_role NOT NULL,
    person_unique_id text NOT NULL REFERENCES people.master (unique_id) ON DELETE CASCADE,
    confidence shq.percentage NOT NULL,
    assigned_by uuid REFERENCES shq.operators (operator_id) ON DELETE SET NULL,
    started_on date NOT NULL DEFAULT CURRENT_DATE,
    ended_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT slot_assignments_slot_fkey FOREIGN KEY (company_id, slot_role)
        REFERENCES company.slots (company_id, slot_role) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT slot_assignments_in_order CHECK (ended_on >= started_on)
);

CREATE UNIQUE INDEX slot_assignments_current_key ON people.slot_assignments (company_id, slot_role)
    WHERE ended_on IS NULL;

COMMENT ON TABLE people.slot_assignments IS 'Who holds a slot, and who held it before.';
COMMENT ON COLUMN people.slot_assignments.confidence IS 'How sure we are that the person holds the seat.';
COMMENT ON INDEX people.slot_assignments_current_key IS 'A slot has one holder at a time; earlier ones stay as history.';

CREATE TABLE people.employment_history (
    person_unique_id text NOT NULL REFERENCES people.master (unique_id) ON DELETE CASCADE,
    entry_number smallint NOT NULL,
    employer_name shq.label,
    company_id uuid REFERENCES company.companies (company_id) ON DELETE SET NULL,
    job_title text,
    employed daterange NOT NULL,
    source_id integer REFERENCES intake.sources (source_id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_unique_id, entry_number)
);

COMMENT ON TABLE people.employment_history IS 'Former and present posts, as far as they are public.';
COMMENT ON COLUMN people.employment_history.employed IS 'First to last day; an open end means the present post.';

CREATE TABLE people.referrals (
    introducer_unique_id text NOT NULL REFERENCES people.master (unique_id) ON DELETE CASCADE,
    introduced_unique_id text NOT NULL REFERENCES people.master (unique_id) ON DELETE CASCADE,
    relationship text NOT NULL DEFAULT 'colleague',
    warmth smallint NOT NULL DEFAULT 3 CHECK (warmth BETWEEN 1 AND 5),
    note text,
    made_on date NOT NULL DEFAULT CURRENT_DATE,
    recorded_by uuid REFERENCES shq.operators (operator_id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (introducer_unique_id, introduced_unique_id),
    CONSTRAINT referrals_two_people CHECK (introducer_unique_id <> introduced_unique_id)
);

COMMENT ON TABLE people.referrals IS 'Who introduced whom, so that a first message can name a mutual contact.';
COMMENT ON COLUMN people.referrals.warmth IS 'From 1 (they met once) to 5 (they worked together for years).';

CREATE TABLE vault.contacts (
    contact_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person_unique_id text NOT NULL REFERENCES people.master (unique_id) ON DELETE CASCADE,
    email shq.email_address,
    email_domain text GENERATED ALWAYS AS (lower(split_part(email::text, '@', 2))) STORED,
    phone text,
    mailing_address shq.postal_address,
    preferred_channels vault.channel_kind[] NOT NULL DEFAULT '{email}',
    tags text[] NOT NULL DEFAULT '{}',
    custom_fields jsonb NOT NULL DEFAULT '{}',
    quality shq.percentage NOT NULL,
    load_id bigint REFERENCES intake.raw_loads (load_id) ON DELETE SET NULL,
    verified_at timestamptz,
    do_not_contact boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contacts_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL OR mailing_address IS NOT NULL)
);

CREATE UNIQUE INDEX contacts_email_key ON vault.contacts (lower(email::text));
CREATE INDEX contacts_tags_idx ON vault.contacts USING gin (tags);

COMMENT ON TABLE vault.contacts IS 'Validated ways to reach a person. Rows arrive through intake.promote_load.';
COMMENT ON COLUMN vault.contacts.email IS 'Business address; private ones are refused by a validation rule.';
COMMENT ON COLUMN vault.contacts.preferred_channels IS 'In the order in which they should be tried.';
COMMENT ON COLUMN vault.contacts.load_id IS 'The delivered row that the contact was made from, while that row is kept.';
COMMENT ON COLUMN vault.contacts.do_not_contact IS 'Stops every message, whatever the consents say.';

CREATE TABLE vault.contact_channels (
    contact_id uuid NOT NULL REFERENCES vault.contacts (contact_id) ON DELETE CASCADE,
    kind vault.channel_kind NOT NULL,
    address text NOT NULL,
    is_primary boolean NOT NULL DEFAULT false,
    bounce_count integer NOT NULL DEFAULT 0,
    last_result text,
    last_checked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_id, kind, address)
);

COMMENT ON TABLE vault.contact_channels IS 'All addresses of a contact, with how each has been doing.';
COMMENT ON COLUMN vault.contact_channels.bounce_count IS 'Returned messages since the last one that arrived.';

CREATE TABLE vault.consents (
    consent_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    contact_id uuid NOT NULL REFERENCES vault.contacts (contact_id) ON DELETE CASCADE,
    channel vault.channel_kind NOT NULL,
    legal_basis text NOT NULL DEFAULT 'legitimate_interest',
    evidence_digest bytea,
    evidence jsonb NOT NULL DEFAULT '{}',
    recorded_from inet,
    granted_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consents_legal_basis CHECK (legal_basis IN ('consent', 'contract', 'legitimate_interest')),
    CONSTRAINT consents_in_order CHECK (revoked_at >= granted_at)
);

CREATE UNIQUE INDEX consents_in_force_key ON vault.consents (contact_id, channel) WHERE revoked_at IS NULL;

COMMENT ON TABLE vault.consents IS 'On what ground we may write, and until when. Rows are revoked and never deleted.';
COMMENT ON COLUMN vault.consents.evidence_digest IS 'SHA-256 of the form or letter that the consent was given in.';
COMMENT ON COLUMN vault.consents.revoked_at IS 'Empty while the consent is in force.';
