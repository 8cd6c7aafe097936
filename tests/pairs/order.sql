-- case: a whole small schema
-- expected
CREATE SCHEMA crm;
CREATE TYPE crm.status AS ENUM ('new', 'done');
CREATE FUNCTION crm.number() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE TABLE crm.accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text DEFAULT crm.number() NOT NULL);
CREATE TABLE crm.contacts (id serial PRIMARY KEY, account_id bigint NOT NULL REFERENCES crm.accounts, status crm.status DEFAULT 'new');
CREATE VIEW crm.open AS SELECT c.id, a.code FROM crm.contacts c JOIN crm.accounts a ON a.id = c.account_id WHERE c.status <> 'done';
CREATE MATERIALIZED VIEW crm.counts AS SELECT code, count(*) AS n FROM crm.open GROUP BY code;
CREATE UNIQUE INDEX counts_code ON crm.counts (code);
CREATE FUNCTION crm.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON crm.contacts FOR EACH ROW EXECUTE FUNCTION crm.touch();
ALTER TABLE crm.contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON crm.contacts USING (account_id IN (SELECT id FROM crm.accounts));
-- changes: - schema crm; - enum crm.status; - function crm.number(); - function crm.touch(); - table crm.accounts; - table crm.contacts; - sequence crm.contacts_id_seq; - view crm.open; - materialized_view crm.counts

-- case: everything moves to another schema
CREATE SCHEMA a;
CREATE SCHEMA b;
-- actual
CREATE TABLE a.t (id integer PRIMARY KEY);
CREATE TABLE a.u (id integer REFERENCES a.t);
CREATE VIEW a.v AS SELECT t.id FROM a.t JOIN a.u USING (id);
-- expected
CREATE TABLE b.t (id integer PRIMARY KEY);
CREATE TABLE b.u (id integer REFERENCES b.t);
CREATE VIEW b.v AS SELECT t.id FROM b.t JOIN b.u USING (id);
-- changes: + table a.t; + table a.u; + view a.v; - table b.t; - table b.u; - view b.v
