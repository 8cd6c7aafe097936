-- The account of whoever set the project up. On Supabase the auth service made it when that person signed up;
-- here it stands for that, so that what refers to an account has one. It has no password: nobody signs in with it.
INSERT INTO auth.users (id, aud, role, email, email_confirmed_at, created_at, updated_at)
VALUES (
    '00000000-0000-0000-0000-000000000001',
    'authenticated',
    'authenticated',
    'first@workspace.invalid',
    '2025-01-01 00:00:00+00',
    '2025-01-01 00:00:00+00',
    '2025-01-01 00:00:00+00'
);
