-- Partitions that have something of their own, and what else tables have that
-- their columns and constraints do not say. Servers 14 to 18.
CREATE SCHEMA sales;
CREATE SCHEMA other;
CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER archive FOREIGN DATA WRAPPER files;
CREATE ACCESS METHOD rows TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION sales.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

CREATE TABLE sales.orders (
    id     bigint NOT NULL,
    region text NOT NULL DEFAULT 'eu',
    gone   integer,
    tags   text[][],
    amount numeric DEFAULT 0,
    note   text,
    double numeric GENERATED ALWAYS AS (amount * 2) STORED,
    CONSTRAINT positive CHECK (amount >= 0),
    PRIMARY KEY (id, region)
) PARTITION BY LIST (region);
ALTER TABLE sales.orders DROP COLUMN gone;
ALTER TABLE sales.orders ALTER COLUMN note SET STORAGE EXTERNAL;
COMMENT ON COLUMN sales.orders.note IS 'the parent''s alone';
CREATE INDEX orders_amount ON sales.orders (amount DESC) INCLUDE (note) WITH (fillfactor = 80);
CREATE INDEX orders_words ON sales.orders (lower(note), (amount + 1), lower(region) COLLATE "C");
CREATE UNIQUE INDEX orders_unique ON sales.orders (region, id);
CREATE TRIGGER touch BEFORE INSERT ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.touch();
CREATE TRIGGER stamp BEFORE UPDATE ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.touch();

-- Nothing of its own.
CREATE TABLE sales.orders_plain PARTITION OF sales.orders FOR VALUES IN ('plain');
-- Two deep: what is below has what is above as its parent.
CREATE TABLE sales.orders_deep PARTITION OF sales.orders (note DEFAULT 'deep')
    FOR VALUES IN ('deep') PARTITION BY HASH (id);
CREATE TABLE sales.orders_deep_0 PARTITION OF sales.orders_deep FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sales.orders_deep_1 PARTITION OF sales.orders_deep (note DEFAULT NULL, amount NOT NULL)
    FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- A table from elsewhere, attached, with its columns in an order of its own.
CREATE TABLE other.orders_attached (
    note   text DEFAULT 'own',
    waste  integer,
    region text NOT NULL DEFAULT 'attached',
    double numeric GENERATED ALWAYS AS (amount * 2) STORED,
    id     bigint NOT NULL,
    tags   text[],
    amount numeric DEFAULT 0,
    CONSTRAINT positive CHECK (amount >= 0),
    CONSTRAINT own_check CHECK (id > 0) NOT VALID,
    CONSTRAINT own_key PRIMARY KEY (id, region),
    CONSTRAINT own_unique UNIQUE (note, region) DEFERRABLE,
    CONSTRAINT own_reference FOREIGN KEY (id, region) REFERENCES sales.orders ON DELETE CASCADE,
    CONSTRAINT own_exclusion EXCLUDE USING btree (note WITH =)
);
ALTER TABLE other.orders_attached DROP COLUMN waste;
ALTER TABLE other.orders_attached ALTER COLUMN note SET STORAGE MAIN,
                                  ALTER COLUMN note SET STATISTICS 7,
                                  ALTER COLUMN note SET (n_distinct = 5),
                                  ALTER COLUMN note SET COMPRESSION pglz;
CREATE INDEX own_name ON other.orders_attached (amount) INCLUDE (note) WITH (fillfactor = 80);
CREATE INDEX own_index ON other.orders_attached (upper(note));
ALTER TABLE sales.orders ATTACH PARTITION other.orders_attached FOR VALUES IN ('attached');
COMMENT ON COLUMN other.orders_attached.tags IS 'labels';
COMMENT ON CONSTRAINT own_key ON other.orders_attached IS 'the key';
COMMENT ON INDEX other.own_key IS 'the index of the key';
COMMENT ON CONSTRAINT own_unique ON other.orders_attached IS 'another key';
COMMENT ON INDEX other.own_unique IS 'its index';
COMMENT ON CONSTRAINT own_exclusion ON other.orders_attached IS 'an exclusion';
COMMENT ON INDEX other.own_exclusion IS 'the index of the exclusion';
COMMENT ON CONSTRAINT positive ON other.orders_attached IS 'as above';
COMMENT ON INDEX other.own_name IS 'part of the amounts';
ALTER TABLE other.orders_attached ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, REPLICA IDENTITY USING INDEX own_key;
ALTER TABLE other.orders_attached CLUSTER ON own_index;
ALTER TABLE other.orders_attached DISABLE TRIGGER touch;
CREATE TRIGGER own_trigger AFTER INSERT ON other.orders_attached FOR EACH ROW EXECUTE FUNCTION sales.touch();
ALTER TABLE other.orders_attached ENABLE ALWAYS TRIGGER own_trigger;
COMMENT ON TRIGGER stamp ON other.orders_attached IS 'noted here';
CREATE RULE own_rule AS ON DELETE TO other.orders_attached DO INSTEAD NOTHING;
ALTER TABLE other.orders_attached DISABLE RULE own_rule;
COMMENT ON RULE own_rule ON other.orders_attached IS 'a rule';
CREATE POLICY own_policy ON other.orders_attached USING (id > 1);
COMMENT ON POLICY own_policy ON other.orders_attached IS 'a policy';
CREATE STATISTICS sales.own_statistics (dependencies) ON amount, note FROM other.orders_attached;
-- Options, method and persistence.
CREATE UNLOGGED TABLE sales.orders_fast PARTITION OF sales.orders FOR VALUES IN ('fast') USING rows WITH (fillfactor = 50);
ALTER TABLE sales.orders_fast REPLICA IDENTITY FULL;
ALTER INDEX sales.orders_fast_amount_note_idx SET (fillfactor = 60);
ALTER INDEX sales.orders_fast_lower_expr_lower1_idx ALTER COLUMN 2 SET STATISTICS 99;
ALTER INDEX sales.orders_fast_region_id_idx RENAME TO unlike;

-- A foreign table, and one that is a partition.
CREATE FOREIGN TABLE sales.log (
    id   integer OPTIONS (column_name 'nr', "a b" 'x=y') NOT NULL,
    line text COLLATE "C" DEFAULT '-',
    CONSTRAINT log_check CHECK (id > 0)
) SERVER archive OPTIONS (path '/var/log', format 'csv');
COMMENT ON FOREIGN TABLE sales.log IS 'lines';
CREATE TRIGGER touch BEFORE INSERT ON sales.log FOR EACH ROW EXECUTE FUNCTION sales.touch();
CREATE STATISTICS sales.log_statistics ON id, line FROM sales.log;
CREATE TABLE sales.events (id integer, at date, note text) PARTITION BY RANGE (at);
CREATE INDEX ON sales.events (id);
CREATE FOREIGN TABLE sales.events_old PARTITION OF sales.events
    FOR VALUES FROM (MINVALUE) TO ('2020-01-01') SERVER archive OPTIONS (path 'old');
ALTER FOREIGN TABLE sales.events_old ALTER COLUMN id OPTIONS (ADD column_name 'nr');
CREATE TABLE sales.events_new PARTITION OF sales.events DEFAULT;
-- Not every partition has these.
CREATE INDEX events_some ON ONLY sales.events (note);
CREATE INDEX events_new_note_idx ON sales.events_new (note);
CREATE TABLE sales.events_2 (LIKE sales.events) PARTITION BY RANGE (at);
CREATE TABLE sales.events_2_all PARTITION OF sales.events_2 DEFAULT;
CREATE INDEX events_2_some ON ONLY sales.events_2 (note);
ALTER TABLE ONLY sales.events_2 ADD CONSTRAINT events_2_at UNIQUE (at);
CREATE TABLE sales.events_2_new PARTITION OF sales.events_2 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
-- Names that the server must cut, and number.
CREATE TABLE sales.many (
    id      integer,
    a_column_with_a_name_that_is_so_long_that_it_has_to_be_cut_off integer,
    ééééééééééééééééééééééééééé text,
    expr    integer,
    expr1   integer,
    PRIMARY KEY (id),
    UNIQUE (id, a_column_with_a_name_that_is_so_long_that_it_has_to_be_cut_off) INCLUDE (expr)
) PARTITION BY RANGE (id);
CREATE TABLE sales."Part ""1"" of many, which has a long name, too, éééééééééé" PARTITION OF sales.many DEFAULT;
CREATE INDEX ON sales.many (ééééééééééééééééééééééééééé, a_column_with_a_name_that_is_so_long_that_it_has_to_be_cut_off);
CREATE INDEX ON sales.many (expr, (expr + 1), expr1, (expr + 2), upper(ééééééééééééééééééééééééééé), expr);
CREATE INDEX ON sales.many (COALESCE(expr, 1), (CASE WHEN id > 1 THEN 1 END), (id::numeric), (ééééééééééééééééééééééééééé::varchar)) INCLUDE (id);
CREATE INDEX ON sales.many (id);
CREATE INDEX ON sales.many (id);

-- Inheritance.
CREATE TABLE sales.base (id integer NOT NULL, note text, CONSTRAINT base_check CHECK (id > 0));
CREATE TABLE sales.heir (own integer, note text, CONSTRAINT own_check CHECK (own > 0)) INHERITS (sales.base);
COMMENT ON COLUMN sales.heir.id IS 'the heir''s';

-- Clustered tables, and what else stands beside a table.
CREATE TABLE sales.numbers (
    id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    other integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME sales.other_numbers INCREMENT BY 2),
    value integer
);
COMMENT ON SEQUENCE sales.other_numbers IS 'every second';
ALTER TABLE sales.numbers CLUSTER ON numbers_pkey;
COMMENT ON INDEX sales.numbers_pkey IS 'its index';
CREATE STATISTICS sales.numbers_statistics (ndistinct, mcv) ON id, (value % 10), value FROM sales.numbers;
ALTER STATISTICS sales.numbers_statistics SET STATISTICS 50;
COMMENT ON STATISTICS sales.numbers_statistics IS 'of numbers';
CREATE STATISTICS other.elsewhere ON id, value FROM sales.numbers;
CREATE MATERIALIZED VIEW sales.totals AS SELECT value, count(*) AS n, 'x'::text AS word FROM sales.numbers GROUP BY value;
CREATE UNIQUE INDEX totals_value ON sales.totals (value);
ALTER MATERIALIZED VIEW sales.totals CLUSTER ON totals_value;
ALTER TABLE sales.totals REPLICA IDENTITY FULL;
ALTER MATERIALIZED VIEW sales.totals ALTER COLUMN word SET STORAGE MAIN, ALTER COLUMN word SET STATISTICS 3,
    ALTER COLUMN word SET (n_distinct = 1), ALTER COLUMN word SET COMPRESSION pglz;
COMMENT ON COLUMN sales.totals.word IS 'always x';
CREATE STATISTICS sales.totals_statistics ON value, n FROM sales.totals;
