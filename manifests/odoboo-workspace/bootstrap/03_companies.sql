-- Who belongs to which company. Every row of the workspace hangs on a company,
-- and every policy of the workspace asks here whether the user may see it.

CREATE FUNCTION public.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.set_updated_at() IS
    'Trigger: stamps updated_at, so that no client has to be trusted with it.';

-- The labels run from the least right to the most, so that "at least member" is a plain comparison.
CREATE TYPE public.company_role AS ENUM ('viewer', 'member', 'admin', 'owner');

COMMENT ON TYPE public.company_role IS
    'What a user may do in a company, in rising order: read, write, manage members, own.';

CREATE TABLE public.companies (
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    name        text NOT NULL,
    slug        text NOT NULL,
    settings    jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at  timestamp with time zone NOT NULL DEFAULT now(),
    updated_at  timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT companies_pkey PRIMARY KEY (id),
    CONSTRAINT companies_slug_key UNIQUE (slug),
    CONSTRAINT companies_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT companies_slug_shape CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT companies_settings_object CHECK (jsonb_typeof(settings) = 'object')
);

COMMENT ON TABLE public.companies IS 'A tenant of the workspace. What one company writes, no other company sees.';
COMMENT ON COLUMN public.companies.id IS 'Key of the company.';
COMMENT ON COLUMN public.companies.name IS 'Name as people read it.';
COMMENT ON COLUMN public.companies.slug IS 'Name as it stands in addresses: lower-case words joined by hyphens.';
COMMENT ON COLUMN public.companies.settings IS 'Preferences of the company, an object.';
COMMENT ON COLUMN public.companies.created_at IS 'When the company joined.';
COMMENT ON COLUMN public.companies.updated_at IS 'When the row was last written.';

CREATE TABLE public.company_members (
    company_id  uuid NOT NULL,
    user_id     uuid NOT NULL,
    role        public.company_role NOT NULL DEFAULT 'member',
    invited_by  uuid,
    joined_at   timestamp with time zone NOT NULL DEFAULT now(),
    updated_at  timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT company_members_pkey PRIMARY KEY (company_id, user_id),
    CONSTRAINT company_members_company_id_fkey
        FOREIGN KEY (company_id) REFERENCES public.companies (id) ON DELETE CASCADE,
    CONSTRAINT company_members_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT company_members_invited_by_fkey
        FOREIGN KEY (invited_by) REFERENCES auth.users (id) ON DELETE SET NULL
);

-- A policy starts from the user, the primary key starts from the company.
CREATE INDEX company_members_user_id_idx ON public.company_members (user_id, role);
CREATE INDEX company_members_invited_by_idx ON public.company_members (invited_by);

COMMENT ON TABLE public.company_members IS 'Membership: which user belongs to which company, and with what role.';
COMMENT ON COLUMN public.company_members.company_id IS 'The company.';
COMMENT ON COLUMN public.company_members.user_id IS 'The user.';
COMMENT ON COLUMN public.company_members.role IS 'What the user may do there.';
COMMENT ON COLUMN public.company_members.invited_by IS 'The user who sent the invitation, as long as that account exists.';
COMMENT ON COLUMN public.company_members.joined_at IS 'When the invitation was accepted.';
COMMENT ON COLUMN public.company_members.updated_at IS 'When the row was last written.';

-- The policy on company_members must read company_members, which would never end under row security.
-- The function therefore runs as its owner, and answers for nobody but the user who asks.
CREATE FUNCTION public.member_company_ids(at_least public.company_role DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT member.company_id
    FROM public.company_members AS member
    WHERE member.user_id = auth.uid()
      AND member.role >= at_least
$$;

COMMENT ON FUNCTION public.member_company_ids(public.company_role) IS
    'The companies in which the asking user has this role or a higher one. Policies compare company_id with it.';

REVOKE EXECUTE ON FUNCTION public.member_company_ids(public.company_role) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.member_company_ids(public.company_role) TO authenticated, service_role;

CREATE TRIGGER companies_set_updated_at
    BEFORE UPDATE ON public.companies
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();
CREATE TRIGGER company_members_set_updated_at
    BEFORE UPDATE ON public.company_members
    FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

ALTER TABLE public.companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.company_members ENABLE ROW LEVEL SECURITY;

-- The select around the function lets Postgres ask it once a statement and not once a row.
CREATE POLICY companies_read ON public.companies
    FOR SELECT TO authenticated
    USING (id IN (SELECT public.member_company_ids()));
CREATE POLICY companies_update ON public.companies
    FOR UPDATE TO authenticated
    USING (id IN (SELECT public.member_company_ids('admin')))
    WITH CHECK (id IN (SELECT public.member_company_ids('admin')));

CREATE POLICY company_members_read ON public.company_members
    FOR SELECT TO authenticated
    USING (company_id IN (SELECT public.member_company_ids()));
-- An administrator manages the others; only an owner can make or unmake an owner.
CREATE POLICY company_members_manage ON public.company_members
    FOR ALL TO authenticated
    USING (
        company_id IN (SELECT public.member_company_ids('admin'))
        AND (role < 'owner' OR company_id IN (SELECT public.member_company_ids('owner')))
    )
    WITH CHECK (
        company_id IN (SELECT public.member_company_ids('admin'))
        AND (role < 'owner' OR company_id IN (SELECT public.member_company_ids('owner')))
    );
