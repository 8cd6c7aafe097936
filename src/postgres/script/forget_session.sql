-- What SQL of a person's set with SET is its own: neither what comes next nor,
-- behind a pooler, the next client is to find it, nor a lock that it took for
-- the session. RESET ALL leaves the role alone, and may take a pooler's
-- client_encoding with it.
RESET SESSION AUTHORIZATION;
RESET ROLE;
RESET ALL;
SET client_encoding = 'UTF8';
SELECT pg_catalog.pg_advisory_unlock_all();
