-- What the file set with SET is the file's own: neither the next file nor,
-- behind a pooler, the next client is to find it. RESET ALL leaves the role
-- alone, and may take a pooler's client_encoding with it.
RESET SESSION AUTHORIZATION;
RESET ROLE;
RESET ALL;
SET client_encoding = 'UTF8';
