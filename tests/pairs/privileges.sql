-- case: privileges on everything that is made
-- expected
CREATE SCHEMA s;
GRANT USAGE ON SCHEMA s TO app;
CREATE TABLE s.t (a integer GENERATED ALWAYS AS IDENTITY, b text);
GRANT SELECT, INSERT ON s.t TO app;
GRANT UPDATE (b) ON s.t TO app WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE s.t_a_seq TO reader;
CREATE VIEW s.v AS SELECT a FROM s.t;
GRANT SELECT ON s.v TO PUBLIC;
CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION s.f() FROM PUBLIC;
CREATE TYPE s.e AS ENUM ('a');
REVOKE USAGE ON TYPE s.e FROM PUBLIC;
GRANT USAGE ON TYPE s.e TO "Odd Role";
CREATE SEQUENCE s.q;
GRANT ALL ON SEQUENCE s.q TO app;
-- changes: - schema s; - table s.t; - view s.v; - function s.f(); - enum s.e; - sequence s.q

-- case: privileges come, go and change
CREATE TABLE t (a integer, b text);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- actual
GRANT SELECT, UPDATE ON t TO app;
GRANT SELECT ON t TO reader;
GRANT SELECT (a) ON t TO PUBLIC;
-- expected
GRANT SELECT, DELETE ON t TO app WITH GRANT OPTION;
GRANT TRUNCATE ON t TO "Odd Role";
REVOKE ALL ON FUNCTION f() FROM PUBLIC;
GRANT SELECT (b) ON t TO PUBLIC;
-- changes: ~ grant table public.t TO app privileges; ~ grant table public.t TO app grantable; + grant table public.t TO reader; - grant table public.t TO "Odd Role"; + grant column public.t.a TO public; - grant column public.t.b TO public; - grant function public.f() TO public

-- case: a view that is made again keeps its privileges
CREATE TABLE t (a integer);
-- actual
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO app;
-- expected
CREATE VIEW v AS SELECT 'x' AS a FROM t;
GRANT SELECT ON v TO app;
-- changes: ~ view public.v definition

-- case: default privileges
CREATE SCHEMA s;
-- expected
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- changes: - default_privilege FOR postgres IN SCHEMA s ON tables; - default_privilege FOR postgres ON functions

-- case: default privileges change
CREATE SCHEMA s;
-- actual
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app;
-- expected
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO app;
-- changes: ~ grant default_privilege FOR postgres IN SCHEMA s ON tables TO app privileges

-- case: default privileges do not reach what is made beside them
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app;
-- expected
CREATE TABLE s.t (a integer);
REVOKE SELECT ON s.t FROM app;
GRANT INSERT ON s.t TO app;
-- changes: - table s.t
