CREATE TABLE crm.all_of_it (id integer PRIMARY KEY, a integer UNIQUE, b integer REFERENCES crm.orders,
    CONSTRAINT positive CHECK (a > 0), CONSTRAINT apart EXCLUDE USING btree (b WITH =));
CREATE INDEX indexed ON crm.all_of_it (b);
CREATE FUNCTION crm.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touched BEFORE INSERT ON crm.all_of_it FOR EACH ROW EXECUTE FUNCTION crm.touch();
CREATE RULE ruled AS ON DELETE TO crm.all_of_it DO INSTEAD NOTHING;
CREATE POLICY permitted ON crm.all_of_it;
CREATE VIEW crm.viewed AS SELECT id FROM crm.all_of_it;
CREATE MATERIALIZED VIEW crm.stored_view AS SELECT id FROM crm.all_of_it;
CREATE SEQUENCE crm.counted;
CREATE DOMAIN crm.narrow AS text CONSTRAINT short CHECK (length(VALUE) < 9);
CREATE TYPE crm.span AS RANGE (subtype = integer);
CREATE PROCEDURE crm.done() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE crm.added(integer) (SFUNC = int4pl, STYPE = integer);
CREATE SUBSCRIPTION subscribed CONNECTION 'dbname=nowhere' PUBLICATION p
    WITH (connect = false, slot_name = NONE, enabled = false);
