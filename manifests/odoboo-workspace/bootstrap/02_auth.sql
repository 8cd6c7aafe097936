-- The part of Supabase's auth schema that the workspace leans on: the users, and who is asking.
-- A managed role owns all of it, so the project may refer to it and does not describe it as its own.

CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;

CREATE TABLE auth.users (
    instance_id         uuid,
    id                  uuid NOT NULL,
    aud                 character varying(255),
    role                character varying(255),
    email               character varying(255),
    encrypted_password  character varying(255),
    email_confirmed_at  timestamp with time zone,
    last_sign_in_at     timestamp with time zone,
    raw_app_meta_data   jsonb,
    raw_user_meta_data  jsonb,
    is_super_admin      boolean,
    created_at          timestamp with time zone,
    updated_at          timestamp with time zone,
    phone               text DEFAULT NULL::character varying,
    phone_confirmed_at  timestamp with time zone,
    confirmed_at        timestamp with time zone
        GENERATED ALWAYS AS (LEAST(email_confirmed_at, phone_confirmed_at)) STORED,
    banned_until        timestamp with time zone,
    is_sso_user         boolean NOT NULL DEFAULT false,
    deleted_at          timestamp with time zone,
    is_anonymous        boolean NOT NULL DEFAULT false,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_phone_key UNIQUE (phone)
);

-- Two single-sign-on providers may vouch for the same address, so only the other accounts are unique by it.
CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE is_sso_user = false;
CREATE INDEX users_instance_id_idx ON auth.users (instance_id);

-- No policy follows: nobody but the owner and the roles that bypass row security reads the users.
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

COMMENT ON TABLE auth.users IS 'The accounts that can sign in. The auth service writes them.';
COMMENT ON COLUMN auth.users.is_sso_user IS
    'Whether single sign-on made the account; such accounts may share an address.';

-- Newer API servers put all claims into one setting, older ones put each into its own; both are read.
-- A setting that was set in an earlier transaction reads as '' and not as NULL, hence the nullif.
CREATE FUNCTION auth.uid()
RETURNS uuid
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
$$;

CREATE FUNCTION auth.role()
RETURNS text
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )::text
$$;

CREATE FUNCTION auth.email()
RETURNS text
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(
        nullif(current_setting('request.jwt.claim.email', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
    )::text
$$;

CREATE FUNCTION auth.jwt()
RETURNS jsonb
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
$$;

COMMENT ON FUNCTION auth.uid()   IS 'The user who asks; NULL without a token.';
COMMENT ON FUNCTION auth.role()  IS 'The role that the token was issued for.';
COMMENT ON FUNCTION auth.email() IS 'The address of the user who asks.';
COMMENT ON FUNCTION auth.jwt()   IS 'All claims of the token; NULL without one.';

ALTER TABLE auth.users OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.uid() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.role() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.email() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.jwt() OWNER TO supabase_auth_admin;

-- Policies call auth.uid() as the role that asks, so these roles must be able to look into the schema.
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role;
