//! Whatever is altered of a table, partition, view or what belongs to one is
//! seen: after each statement the manifest is another than before.

use super::*;

/// Each alters one thing in what `partitions.sql` made. None undoes another.
const ALTERATIONS: &[&str] = &[
    // Columns of a partition.
    "ALTER TABLE sales.orders_plain ALTER COLUMN amount DROP DEFAULT",
    "ALTER TABLE sales.orders_plain ALTER COLUMN amount SET DEFAULT 7",
    "ALTER TABLE sales.orders_plain ALTER COLUMN amount SET NOT NULL",
    "ALTER TABLE sales.orders_plain ALTER COLUMN note SET STORAGE MAIN",
    "ALTER TABLE sales.orders_plain ALTER COLUMN note SET STORAGE EXTENDED",
    "ALTER TABLE sales.orders_plain ALTER COLUMN note SET COMPRESSION pglz",
    "ALTER TABLE sales.orders_plain ALTER COLUMN note SET STATISTICS 12",
    "ALTER TABLE sales.orders_plain ALTER COLUMN note SET (n_distinct = 2)",
    "COMMENT ON COLUMN sales.orders_plain.note IS 'here'",
    // A parent's alone, which its partitions then differ from.
    "ALTER TABLE ONLY sales.orders_deep ALTER COLUMN note SET DEFAULT 'deeper'",
    "ALTER TABLE ONLY sales.orders ALTER COLUMN note SET STATISTICS 9",
    // A partition itself.
    "COMMENT ON TABLE sales.orders_plain IS 'plain'",
    "ALTER TABLE sales.events_new SET UNLOGGED",
    "ALTER TABLE sales.orders_plain SET (fillfactor = 33)",
    "ALTER TABLE sales.orders_plain SET (toast.autovacuum_enabled = false)",
    "ALTER TABLE sales.orders_plain ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE sales.orders_plain FORCE ROW LEVEL SECURITY",
    "ALTER TABLE sales.orders_plain REPLICA IDENTITY NOTHING",
    "ALTER TABLE sales.orders_plain REPLICA IDENTITY USING INDEX orders_plain_pkey",
    "ALTER TABLE sales.orders_plain CLUSTER ON orders_plain_amount_note_idx",
    "ALTER TABLE sales.orders_plain SET SCHEMA other",
    "ALTER TABLE other.orders_plain RENAME TO orders_moved",
    // What a partition has of its own.
    "ALTER TABLE other.orders_moved ADD CONSTRAINT moved_check CHECK (id > 5)",
    "ALTER TABLE other.orders_moved ADD CONSTRAINT moved_valid CHECK (id > 6) NOT VALID",
    "ALTER TABLE other.orders_moved VALIDATE CONSTRAINT moved_valid",
    "ALTER TABLE other.orders_moved ADD CONSTRAINT moved_unique UNIQUE (id)",
    "ALTER TABLE other.orders_moved ADD CONSTRAINT moved_key FOREIGN KEY (id) REFERENCES sales.numbers",
    "ALTER TABLE other.orders_moved ALTER CONSTRAINT moved_key DEFERRABLE",
    "COMMENT ON CONSTRAINT moved_key ON other.orders_moved IS 'key'",
    "COMMENT ON CONSTRAINT moved_check ON other.orders_moved IS 'check'",
    "ALTER TABLE sales.events_new ADD PRIMARY KEY (id)",
    "ALTER TABLE sales.events_new ADD EXCLUDE USING btree (note WITH =)",
    "CREATE INDEX moved_index ON other.orders_moved (note)",
    "COMMENT ON INDEX other.moved_index IS 'index'",
    "CREATE STATISTICS other.moved_statistics ON id, note FROM other.orders_moved",
    "CREATE RULE moved_rule AS ON UPDATE TO other.orders_moved DO INSTEAD NOTHING",
    "CREATE POLICY moved_policy ON other.orders_moved USING (true)",
    "CREATE TRIGGER moved_trigger AFTER DELETE ON other.orders_moved FOR EACH ROW EXECUTE FUNCTION sales.touch()",
    "ALTER TABLE other.orders_moved DISABLE TRIGGER stamp",
    "ALTER TABLE other.orders_moved ENABLE REPLICA TRIGGER stamp",
    "COMMENT ON TRIGGER touch ON other.orders_moved IS 'trigger'",
    // Parts of the parent's indexes and keys.
    "ALTER INDEX other.orders_plain_region_id_idx RENAME TO moved_part",
    "COMMENT ON INDEX other.moved_part IS 'part'",
    "ALTER INDEX other.moved_part SET (fillfactor = 44)",
    "ALTER TABLE other.orders_moved RENAME CONSTRAINT orders_plain_pkey TO moved_pkey",
    "COMMENT ON CONSTRAINT moved_pkey ON other.orders_moved IS 'primary'",
    "COMMENT ON INDEX other.moved_pkey IS 'index of the primary'",
    "ALTER INDEX other.orders_plain_lower_expr_lower1_idx ALTER COLUMN 1 SET STATISTICS 5",
    // Partitions come and go.
    "ALTER TABLE sales.orders DETACH PARTITION sales.orders_fast",
    "ALTER TABLE sales.orders ATTACH PARTITION sales.orders_fast FOR VALUES IN ('faster')",
    "DROP TABLE sales.events_2_all",
    // Foreign tables.
    "ALTER FOREIGN TABLE sales.log OPTIONS (SET path '/dev/log')",
    "ALTER FOREIGN TABLE sales.log ALTER COLUMN line OPTIONS (ADD n '1')",
    "ALTER FOREIGN TABLE sales.events_old OPTIONS (DROP path)",
    "ALTER FOREIGN TABLE sales.events_old ALTER COLUMN note OPTIONS (ADD n '1')",
    "ALTER FOREIGN TABLE sales.log ALTER COLUMN line SET STATISTICS 3",
    "ALTER FOREIGN TABLE sales.log DISABLE TRIGGER touch",
    // Inheritance.
    "ALTER TABLE sales.heir NO INHERIT sales.base",
    "ALTER TABLE sales.heir INHERIT sales.base",
    "ALTER TABLE sales.base ADD COLUMN later integer DEFAULT 1",
    "ALTER TABLE sales.heir ALTER COLUMN later DROP DEFAULT",
    "ALTER TABLE sales.base ADD CONSTRAINT base_later CHECK (later > 0)",
    // Identity, statistics, clusters, comments.
    "ALTER SEQUENCE sales.numbers_id_seq RENAME TO numbers_sequence",
    "COMMENT ON SEQUENCE sales.numbers_sequence IS 'counts'",
    "ALTER TABLE sales.numbers ALTER COLUMN id SET GENERATED BY DEFAULT",
    "ALTER TABLE sales.numbers SET WITHOUT CLUSTER",
    "ALTER TABLE sales.numbers RENAME CONSTRAINT numbers_pkey TO numbers_key",
    "ALTER STATISTICS sales.numbers_statistics SET STATISTICS 60",
    "COMMENT ON STATISTICS other.elsewhere IS 'elsewhere'",
    "ALTER STATISTICS other.elsewhere SET SCHEMA sales",
    "ALTER STATISTICS sales.elsewhere RENAME TO here",
    // Materialised views.
    "ALTER MATERIALIZED VIEW sales.totals SET WITHOUT CLUSTER",
    "ALTER MATERIALIZED VIEW sales.totals SET (fillfactor = 55)",
    "ALTER MATERIALIZED VIEW sales.totals ALTER COLUMN word SET STATISTICS 4",
    "ALTER MATERIALIZED VIEW sales.totals ALTER COLUMN word SET STORAGE PLAIN",
    "ALTER TABLE sales.totals REPLICA IDENTITY NOTHING",
    "COMMENT ON STATISTICS sales.totals_statistics IS 'totals'",
    "COMMENT ON INDEX sales.totals_value IS 'value'",
    "COMMENT ON MATERIALIZED VIEW sales.totals IS 'totals'",
    "REFRESH MATERIALIZED VIEW sales.totals WITH NO DATA",
];

/// What only server 18 has.
const ALTERATIONS_OF_18: &[&str] = &[
    "ALTER TABLE sales.numbers ADD CONSTRAINT numbers_value NOT NULL value NOT VALID",
    "ALTER TABLE sales.numbers VALIDATE CONSTRAINT numbers_value",
    "ALTER TABLE sales.numbers RENAME CONSTRAINT numbers_value TO numbers_value_not_null",
    "COMMENT ON CONSTRAINT numbers_value_not_null ON sales.numbers IS 'never'",
    "ALTER TABLE sales.numbers ALTER CONSTRAINT numbers_value_not_null NO INHERIT",
    "ALTER TABLE sales.heir RENAME CONSTRAINT heir_own_not_null TO heir_needs",
];

#[test]
fn every_alteration_is_seen() {
    let settings = database(&SERVER, "altered", include_str!("partitions.sql"));
    execute(&settings, "ALTER TABLE sales.heir ALTER COLUMN own SET NOT NULL");
    let mut session = Session::connect(&settings).unwrap();
    let mut before = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
    let major = before.source.as_ref().unwrap().server_version.split('.').next().unwrap().parse::<u32>().unwrap();
    let newer = ALTERATIONS_OF_18.iter().filter(|_| major >= 18);
    let mut unseen = Vec::new();
    for statement in ALTERATIONS.iter().chain(newer) {
        let done = session.run(async |client| client.batch_execute(statement).await);
        assert!(done.is_ok(), "{statement}: {done:?}");
        let after = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
        if after == before {
            unseen.push(*statement);
        }
        before = after;
    }
    assert_eq!(unseen, [""; 0]);
}
