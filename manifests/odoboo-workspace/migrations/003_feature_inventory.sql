-- The feature inventory: what the database holds, written down day by day, so that any two days can be compared.
--
-- A snapshot has two halves. The lists in catalog.snapshots are for reading, and hold what moves by itself:
-- rows and sizes. The objects in catalog.snapshot_objects are for comparing, and are compared by the hash
-- of their definition alone, so that a table which merely grew is no change.
-- What is deliberately not compared: owners, privileges and comments, which a drift report covers.

CREATE SCHEMA IF NOT EXISTS catalog;

COMMENT ON SCHEMA catalog IS 'The feature inventory: snapshots of what the database holds, and how they differ.';


-- Tables ---------------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS catalog.snapshots (
    id                    bigint GENERATED ALWAYS AS IDENTITY,
    taken_at              timestamp with time zone NOT NULL DEFAULT now(),
    label                 text,
    github_commit_sha     text,
    root_hash             text NOT NULL,
    unchanged_since_id    bigint,
    tables                jsonb NOT NULL DEFAULT '[]'::jsonb,
    functions             jsonb NOT NULL DEFAULT '[]'::jsonb,
    policies              jsonb NOT NULL DEFAULT '[]'::jsonb,
    extensions            jsonb NOT NULL DEFAULT '[]'::jsonb,
    edge_functions        jsonb NOT NULL DEFAULT '[]'::jsonb,
    -- A total that is derived from its list cannot contradict it.
    total_tables          integer GENERATED ALWAYS AS (jsonb_array_length(tables)) STORED,
    total_functions       integer GENERATED ALWAYS AS (jsonb_array_length(functions)) STORED,
    total_policies        integer GENERATED ALWAYS AS (jsonb_array_length(policies)) STORED,
    total_extensions      integer GENERATED ALWAYS AS (jsonb_array_length(extensions)) STORED,
    total_edge_functions  integer GENERATED ALWAYS AS (jsonb_array_length(edge_functions)) STORED,
    CONSTRAINT snapshots_pkey PRIMARY KEY (id),
    CONSTRAINT snapshots_unchanged_since_id_fkey
        FOREIGN KEY (unchanged_since_id) REFERENCES catalog.snapshots (id),
    CONSTRAINT snapshots_unchanged_since_earlier CHECK (unchanged_since_id < id),
    CONSTRAINT snapshots_label_not_blank CHECK (btrim(label) <> ''),
    CONSTRAINT snapshots_commit_shape CHECK (github_commit_sha ~ '^[0-9a-f]{7,64}$')
);

CREATE INDEX IF NOT EXISTS snapshots_newest_idx ON catalog.snapshots (taken_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS snapshots_label_idx ON catalog.snapshots (label, taken_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS snapshots_unchanged_since_id_idx ON catalog.snapshots (unchanged_since_id);

COMMENT ON TABLE catalog.snapshots IS 'One row for each time the inventory was taken.';
COMMENT ON COLUMN catalog.snapshots.id IS 'Key of the snapshot.';
COMMENT ON COLUMN catalog.snapshots.taken_at IS 'When it was taken.';
COMMENT ON COLUMN catalog.snapshots.label IS 'Why it was taken, such as initial or nightly; retention counts within a label.';
COMMENT ON COLUMN catalog.snapshots.github_commit_sha IS 'The commit that was deployed, where the caller knows it.';
COMMENT ON COLUMN catalog.snapshots.root_hash IS 'SHA-256 over all objects; equal means that no definition changed.';
COMMENT ON COLUMN catalog.snapshots.unchanged_since_id IS
    'The earlier snapshot that holds the objects of this one, because nothing changed; NULL where it holds its own.';
COMMENT ON COLUMN catalog.snapshots.tables IS
    'Array of {schema, table, kind, row_count, size_bytes}, materialised views and foreign tables among them. row_count is Postgres'' estimate; null means not analysed.';
COMMENT ON COLUMN catalog.snapshots.functions IS 'Array of {schema, function, arguments, return_type}.';
COMMENT ON COLUMN catalog.snapshots.policies IS 'Array of {schema, table, policy, command}.';
COMMENT ON COLUMN catalog.snapshots.extensions IS 'Array of {name, version}.';
COMMENT ON COLUMN catalog.snapshots.edge_functions IS 'Array of {name}. The database cannot see them; update_edge_functions tells it.';
COMMENT ON COLUMN catalog.snapshots.total_tables IS 'Length of tables.';
COMMENT ON COLUMN catalog.snapshots.total_functions IS 'Length of functions.';
COMMENT ON COLUMN catalog.snapshots.total_policies IS 'Length of policies.';
COMMENT ON COLUMN catalog.snapshots.total_extensions IS 'Length of extensions.';
COMMENT ON COLUMN catalog.snapshots.total_edge_functions IS 'Length of edge_functions.';

CREATE TABLE IF NOT EXISTS catalog.snapshot_objects (
    snapshot_id  bigint NOT NULL,
    kind         text NOT NULL,
    identity     text NOT NULL,
    hash         text NOT NULL,
    definition   text NOT NULL,
    stats        jsonb NOT NULL DEFAULT '{}'::jsonb,
    CONSTRAINT snapshot_objects_pkey PRIMARY KEY (snapshot_id, kind, identity),
    CONSTRAINT snapshot_objects_snapshot_id_fkey
        FOREIGN KEY (snapshot_id) REFERENCES catalog.snapshots (id) ON DELETE CASCADE
);

COMMENT ON TABLE catalog.snapshot_objects IS
    'The objects of a snapshot. A snapshot in which nothing changed has none of its own and points to an earlier one.';
COMMENT ON COLUMN catalog.snapshot_objects.snapshot_id IS 'The snapshot that holds the object.';
COMMENT ON COLUMN catalog.snapshot_objects.kind IS
    'schema, extension, type, sequence, table, foreign_table, view, materialized_view, index, function, procedure, aggregate, trigger, rule or policy.';
COMMENT ON COLUMN catalog.snapshot_objects.identity IS
    'Qualified and quoted name; that of a function carries its argument types, so that overloads stay apart.';
COMMENT ON COLUMN catalog.snapshot_objects.hash IS 'SHA-256 of the definition and of nothing else.';
COMMENT ON COLUMN catalog.snapshot_objects.definition IS 'What Postgres says of the object, with every name qualified.';
COMMENT ON COLUMN catalog.snapshot_objects.stats IS
    'What may move without a change of schema: {row_count, size_bytes} of what stores rows, as of this snapshot.';


-- What is there now ----------------------------------------------------------------------------------------

-- The settings are part of the function because a definition is printed under those of the session:
-- without them a nightly job in another time zone would see a change in every timestamp default.
-- pg_temp stands last, so that nobody's temporary table can pose as a catalog.
CREATE OR REPLACE FUNCTION catalog.current_objects()
RETURNS TABLE (kind text, identity text, definition text, stats jsonb, entry jsonb)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC'
SET "DateStyle" = 'ISO, MDY'
SET "IntervalStyle" = 'postgres'
SET extra_float_digits = 1
SET bytea_output = 'hex'
SET quote_all_identifiers = off
AS $$
    WITH
    member AS (
        SELECT d.classid, d.objid
        FROM pg_depend AS d
        WHERE d.deptype = 'e'
    ),
    -- A schema that the platform manages is known by its owner: a project may well have its own "auth" or "vault".
    -- The one named here is the migration runner's book-keeping, which is there only where that runner was.
    namespace AS (
        SELECT n.oid, n.nspname
        FROM pg_namespace AS n
        JOIN pg_roles AS r ON r.oid = n.nspowner
        WHERE n.nspname !~ '^pg_'
          AND n.nspname NOT IN ('information_schema', 'schemacast')
          AND r.rolname !~ '^(supabase_(.*_)?admin|pgbouncer)$'
          AND NOT EXISTS (
              SELECT FROM member AS m
              WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid
          )
    ),
    -- A partition is told with its parent, and a temporary table belongs to a session.
    relation AS (
        SELECT c.*, n.nspname, format('%I.%I', n.nspname, c.relname) AS identity
        FROM pg_class AS c
        JOIN namespace AS n ON n.oid = c.relnamespace
        WHERE NOT c.relispartition
          AND c.relpersistence <> 't'
          AND NOT EXISTS (
              SELECT FROM member AS m
              WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid
          )
    ),
    -- A partitioned table stores nothing itself. Its numbers are the sums over its leaves,
    -- and one leaf that was never analysed (-1) leaves the sum unknown. One without leaves is empty.
    storage AS (
        SELECT
            c.oid,
            jsonb_build_object(
                'row_count', CASE WHEN coalesce(min(leaf.reltuples), 0) >= 0
                                  THEN coalesce(sum(leaf.reltuples::bigint), 0) END,
                'size_bytes', coalesce(sum(pg_total_relation_size(leaf.oid)), 0)
            ) AS stats
        FROM relation AS c
        LEFT JOIN LATERAL (
            SELECT part.relid
            FROM pg_partition_tree(c.oid) AS part
            WHERE part.isleaf AND c.relkind = 'p'
            UNION ALL
            SELECT c.oid
            WHERE c.relkind <> 'p'
        ) AS tree ON true
        LEFT JOIN pg_class AS leaf ON leaf.oid = tree.relid
        WHERE c.relkind IN ('r', 'p', 'm', 'f')
        GROUP BY c.oid
    ),
    column_line AS (
        SELECT
            a.attrelid,
            a.attnum,
            concat_ws(' ',
                quote_ident(a.attname),
                format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> t.typcollation
                     THEN 'COLLATE ' || format('%I.%I', cn.nspname, co.collname) END,
                CASE a.attidentity
                    WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY'
                    WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY' END,
                CASE a.attgenerated
                    WHEN 's' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                    WHEN 'v' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                    ELSE 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
                CASE WHEN a.attnotnull THEN 'NOT NULL' END
            ) AS line
        FROM relation AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid
        JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation AS co ON co.oid = a.attcollation
        LEFT JOIN pg_namespace AS cn ON cn.oid = co.collnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'c')
          AND a.attnum > 0
          AND NOT a.attisdropped
    ),
    -- Columns keep their order; whatever has none is sorted byte by byte, lest the server's locale decide.
    table_line AS (
        SELECT l.attrelid AS relid, 1 AS part, l.attnum::text AS name, l.attnum AS place, l.line
        FROM column_line AS l
        UNION ALL
        -- From Postgres 18 on NOT NULL is a constraint too; it is told with its column on every version.
        SELECT k.conrelid, 2, k.conname, 0,
               format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint AS k
        WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'c', 'f', 'x')
        UNION ALL
        SELECT c.oid, 3, 'partition by', 0, 'PARTITION BY ' || pg_get_partkeydef(c.oid)
        FROM relation AS c
        WHERE c.relkind = 'p'
        UNION ALL
        SELECT i.inhparent, 4, child.relname, 0,
               format('%s %I.%I %s',
                      CASE WHEN child.relispartition THEN 'PARTITION' ELSE 'INHERITED BY' END,
                      cn.nspname, child.relname, pg_get_expr(child.relpartbound, child.oid))
        FROM pg_inherits AS i
        JOIN pg_class AS child ON child.oid = i.inhrelid
        JOIN pg_namespace AS cn ON cn.oid = child.relnamespace
        UNION ALL
        SELECT c.oid, 5, o.option, 0, 'WITH ' || o.option
        FROM relation AS c
        CROSS JOIN LATERAL unnest(c.reloptions) AS o (option)
        UNION ALL
        SELECT f.ftrelid, 5, s.srvname, 0, concat('SERVER ', quote_ident(s.srvname), ' ', f.ftoptions)
        FROM pg_foreign_table AS f
        JOIN pg_foreign_server AS s ON s.oid = f.ftserver
        UNION ALL
        SELECT c.oid, 6, 'security', 0,
               concat_ws(' ', 'ROW LEVEL SECURITY', CASE WHEN c.relforcerowsecurity THEN 'FORCED' END)
        FROM relation AS c
        WHERE c.relrowsecurity
    ),
    table_text AS (
        SELECT l.relid, string_agg(l.line, E'\n' ORDER BY l.part, l.place, l.name COLLATE "C", l.line COLLATE "C") AS text
        FROM table_line AS l
        GROUP BY l.relid
    )

    SELECT 'schema', quote_ident(n.nspname), 'CREATE SCHEMA ' || quote_ident(n.nspname), '{}'::jsonb, NULL::jsonb
    FROM namespace AS n

    UNION ALL
    SELECT 'extension', quote_ident(e.extname),
           format('CREATE EXTENSION %I SCHEMA %I VERSION %L', e.extname, n.nspname, e.extversion),
           '{}',
           jsonb_build_object('name', e.extname, 'version', e.extversion)
    FROM pg_extension AS e
    JOIN pg_namespace AS n ON n.oid = e.extnamespace

    UNION ALL
    SELECT 'type', format('%I.%I', n.nspname, t.typname),
           CASE t.typtype
               WHEN 'e' THEN 'ENUM (' || (
                   SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                   FROM pg_enum AS e
                   WHERE e.enumtypid = t.oid) || ')'
               WHEN 'd' THEN concat_ws(' ', 'DOMAIN', format_type(t.typbasetype, t.typtypmod),
                   CASE WHEN t.typnotnull THEN 'NOT NULL' END,
                   'DEFAULT ' || t.typdefault,
                   (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ' '
                                      ORDER BY k.conname COLLATE "C")
                    FROM pg_constraint AS k
                    WHERE k.contypid = t.oid AND k.contype = 'c'))
               WHEN 'r' THEN (
                   SELECT 'RANGE OF ' || format_type(r.rngsubtype, NULL)
                   FROM pg_range AS r
                   WHERE r.rngtypid = t.oid)
               WHEN 'c' THEN 'COMPOSITE (' || coalesce((
                   SELECT string_agg(l.line, ', ' ORDER BY l.attnum)
                   FROM column_line AS l
                   WHERE l.attrelid = t.typrelid), '') || ')'
           END,
           '{}', NULL
    FROM pg_type AS t
    JOIN namespace AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
      AND NOT EXISTS (
          SELECT FROM member AS m
          WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid
      )

    UNION ALL
    -- A sequence behind a column is told with the column.
    SELECT 'sequence', c.identity,
           format('SEQUENCE AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s %s',
                  format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                  CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
           '{}', NULL
    FROM relation AS c
    JOIN pg_sequence AS s ON s.seqrelid = c.oid
    WHERE NOT EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
          AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    )

    UNION ALL
    SELECT CASE c.relkind WHEN 'f' THEN 'foreign_table' ELSE 'table' END, c.identity,
           concat_ws(E'\n', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END, x.text),
           s.stats,
           jsonb_build_object(
               'schema', c.nspname,
               'table', c.relname,
               'kind', CASE c.relkind WHEN 'f' THEN 'foreign_table' ELSE 'table' END) || s.stats
    FROM relation AS c
    JOIN storage AS s ON s.oid = c.oid
    LEFT JOIN table_text AS x ON x.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'f')

    UNION ALL
    SELECT CASE c.relkind WHEN 'm' THEN 'materialized_view' ELSE 'view' END, c.identity,
           concat_ws(E'\n', 'WITH ' || c.reloptions::text, pg_get_viewdef(c.oid)),
           coalesce(s.stats, '{}'),
           CASE WHEN c.relkind = 'm' THEN jsonb_build_object(
               'schema', c.nspname,
               'table', c.relname,
               'kind', 'materialized_view') || s.stats END
    FROM relation AS c
    LEFT JOIN storage AS s ON s.oid = c.oid
    WHERE c.relkind IN ('v', 'm')

    UNION ALL
    -- An index behind a constraint is told with the constraint.
    SELECT 'index', c.identity, pg_get_indexdef(c.oid), '{}', NULL
    FROM relation AS c
    JOIN pg_index AS i ON i.indexrelid = c.oid
    JOIN relation AS owner ON owner.oid = i.indrelid
    WHERE NOT EXISTS (
        SELECT FROM pg_constraint AS k
        WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
    )

    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
           -- pg_get_functiondef refuses an aggregate.
           CASE WHEN p.prokind = 'a'
                THEN (SELECT concat_ws(' ', 'AGGREGATE RETURNS', pg_get_function_result(p.oid),
                                       'SFUNC', g.aggtransfn, 'STYPE', format_type(g.aggtranstype, NULL),
                                       CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC ' || g.aggfinalfn::text END,
                                       'INITCOND ' || quote_literal(g.agginitval))
                      FROM pg_aggregate AS g
                      WHERE g.aggfnoid = p.oid)
                ELSE pg_get_functiondef(p.oid) END,
           '{}',
           jsonb_build_object(
               'schema', n.nspname,
               'function', p.proname,
               'arguments', pg_get_function_identity_arguments(p.oid),
               'return_type', CASE WHEN p.prokind = 'p' THEN 'procedure' ELSE pg_get_function_result(p.oid) END)
    FROM pg_proc AS p
    JOIN namespace AS n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (
        SELECT FROM member AS m
        WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid
    )
      -- The constructors of a range type come and go with it.
      AND NOT EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'
    )

    UNION ALL
    SELECT 'trigger', format('%s.%I', c.identity, t.tgname),
           concat_ws(' ', pg_get_triggerdef(t.oid), CASE WHEN t.tgenabled <> 'O' THEN 'ENABLED ' || t.tgenabled::text END),
           '{}', NULL
    FROM pg_trigger AS t
    JOIN relation AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal

    UNION ALL
    SELECT 'rule', format('%s.%I', c.identity, r.rulename), pg_get_ruledef(r.oid), '{}', NULL
    FROM pg_rewrite AS r
    JOIN relation AS c ON c.oid = r.ev_class
    WHERE r.rulename <> '_RETURN'

    UNION ALL
    SELECT 'policy', format('%s.%I', c.identity, p.polname),
           concat_ws(' ',
               CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
               'FOR', k.command,
               'TO', (SELECT string_agg(coalesce(quote_ident(r.rolname), 'PUBLIC'), ', ' ORDER BY r.rolname COLLATE "C")
                      FROM unnest(p.polroles) AS u (oid)
                      LEFT JOIN pg_roles AS r ON r.oid = u.oid),
               'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
               'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
           '{}',
           jsonb_build_object('schema', c.nspname, 'table', c.relname, 'policy', p.polname, 'command', k.command)
    FROM pg_policy AS p
    JOIN relation AS c ON c.oid = p.polrelid
    CROSS JOIN LATERAL (
        SELECT CASE p.polcmd
            WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
    ) AS k (command)
$$;

COMMENT ON FUNCTION catalog.current_objects() IS
    'Every object of the project as it is now: how it is compared (definition), what moves (stats) and how it is listed (entry).';


-- Taking a snapshot ----------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION catalog.capture_snapshot(
    label text DEFAULT NULL,
    github_commit_sha text DEFAULT NULL,
    keep integer DEFAULT NULL
)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    taken_id bigint;
BEGIN
    IF keep < 1 THEN
        RAISE EXCEPTION 'keep must be at least 1, not %', keep
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Leave it out to keep every snapshot.';
    END IF;

    -- Lists and objects come out of one read of the catalog, so they cannot contradict each other.
    WITH
    found AS MATERIALIZED (
        SELECT o.kind, o.identity, o.definition, o.stats, o.entry,
               encode(sha256(convert_to(o.definition, 'UTF8')), 'hex') AS hash
        FROM catalog.current_objects() AS o
    ),
    root AS (
        SELECT
            encode(sha256(convert_to(
                coalesce(string_agg(
                    concat_ws(' ', f.kind, f.hash, f.identity), E'\n'
                    ORDER BY f.kind COLLATE "C", f.identity COLLATE "C"), ''),
                'UTF8')), 'hex') AS hash,
            jsonb_agg(f.entry ORDER BY f.identity COLLATE "C")
                FILTER (WHERE f.entry IS NOT NULL AND f.kind IN ('table', 'foreign_table', 'materialized_view')) AS tables,
            jsonb_agg(f.entry ORDER BY f.identity COLLATE "C")
                FILTER (WHERE f.kind IN ('function', 'procedure', 'aggregate')) AS functions,
            jsonb_agg(f.entry ORDER BY f.identity COLLATE "C") FILTER (WHERE f.kind = 'policy') AS policies,
            jsonb_agg(f.entry ORDER BY f.identity COLLATE "C") FILTER (WHERE f.kind = 'extension') AS extensions
        FROM found AS f
    ),
    previous AS (
        SELECT coalesce(s.unchanged_since_id, s.id) AS holder_id, s.root_hash, s.edge_functions
        FROM catalog.snapshots AS s
        ORDER BY s.taken_at DESC, s.id DESC
        LIMIT 1
    ),
    taken AS (
        INSERT INTO catalog.snapshots
            (label, github_commit_sha, root_hash, unchanged_since_id,
             tables, functions, policies, extensions, edge_functions)
        SELECT
            capture_snapshot.label,
            capture_snapshot.github_commit_sha,
            root.hash,
            CASE WHEN previous.root_hash = root.hash THEN previous.holder_id END,
            coalesce(root.tables, '[]'),
            coalesce(root.functions, '[]'),
            coalesce(root.policies, '[]'),
            coalesce(root.extensions, '[]'),
            -- What was last told of the edge functions holds until it is told anew.
            coalesce(previous.edge_functions, '[]')
        FROM root
        LEFT JOIN previous ON true
        RETURNING id, unchanged_since_id
    ),
    stored AS (
        INSERT INTO catalog.snapshot_objects (snapshot_id, kind, identity, hash, definition, stats)
        SELECT taken.id, f.kind, f.identity, f.hash, f.definition, f.stats
        FROM found AS f
        JOIN taken ON taken.unchanged_since_id IS NULL
    )
    SELECT taken.id INTO STRICT taken_id FROM taken;

    -- A snapshot that a later one points to stays until that one has gone.
    IF keep IS NOT NULL THEN
        DELETE FROM catalog.snapshots AS old
        WHERE old.label = capture_snapshot.label
          AND old.id NOT IN (
              SELECT s.id
              FROM catalog.snapshots AS s
              WHERE s.label = capture_snapshot.label
              ORDER BY s.taken_at DESC, s.id DESC
              LIMIT keep
          )
          AND NOT EXISTS (
              SELECT FROM catalog.snapshots AS later
              WHERE later.unchanged_since_id = old.id
          );
    END IF;

    RETURN taken_id;
END
$$;

COMMENT ON FUNCTION catalog.capture_snapshot(text, text, integer) IS
    'Writes down what the database holds now and returns the id of the snapshot. keep: how many snapshots of this label stay; NULL keeps all.';

CREATE OR REPLACE FUNCTION catalog.update_edge_functions(
    names text[],
    snapshot_id bigint DEFAULT NULL
)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    updated_id bigint;
BEGIN
    UPDATE catalog.snapshots AS s
    SET edge_functions = coalesce(
            (SELECT jsonb_agg(jsonb_build_object('name', told.name) ORDER BY told.name COLLATE "C")
             FROM (SELECT DISTINCT u.name
                   FROM unnest(update_edge_functions.names) AS u (name)
                   WHERE btrim(u.name) <> '') AS told),
            '[]')
    WHERE s.id = coalesce(
            update_edge_functions.snapshot_id,
            (SELECT newest.id
             FROM catalog.snapshots AS newest
             ORDER BY newest.taken_at DESC, newest.id DESC
             LIMIT 1))
    RETURNING s.id INTO updated_id;

    IF updated_id IS NULL THEN
        RAISE EXCEPTION 'there is no snapshot % to write the edge functions into', coalesce(snapshot_id::text, 'yet')
            USING ERRCODE = 'no_data_found',
                  HINT = 'Take one first: SELECT catalog.capture_snapshot(''initial'').';
    END IF;

    RETURN updated_id;
END
$$;

COMMENT ON FUNCTION catalog.update_edge_functions(text[], bigint) IS
    'Tells a snapshot (the newest, if none is named) which edge functions are deployed, and returns its id.';


-- Comparing ------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION catalog.inventory_diff(from_snapshot bigint, to_snapshot bigint)
RETURNS TABLE (
    change text,
    kind text,
    identity text,
    from_hash text,
    to_hash text,
    from_definition text,
    to_definition text
)
LANGUAGE plpgsql
STABLE
STRICT
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    unknown_id bigint;
BEGIN
    -- An id that is not there would make everything look added or removed.
    SELECT asked.id INTO unknown_id
    FROM unnest(ARRAY[from_snapshot, to_snapshot]) AS asked (id)
    WHERE NOT EXISTS (SELECT FROM catalog.snapshots AS s WHERE s.id = asked.id)
    LIMIT 1;

    IF unknown_id IS NOT NULL THEN
        RAISE EXCEPTION 'there is no snapshot %', unknown_id
            USING ERRCODE = 'no_data_found',
                  HINT = 'SELECT id, taken_at, label FROM catalog.snapshots lists them.';
    END IF;

    RETURN QUERY
    WITH
    object AS (
        SELECT s.id AS snapshot_id, o.kind, o.identity, o.hash, o.definition
        FROM catalog.snapshots AS s
        JOIN catalog.snapshot_objects AS o ON o.snapshot_id = coalesce(s.unchanged_since_id, s.id)
        WHERE s.id IN (from_snapshot, to_snapshot)
        UNION ALL
        -- Edge functions have no definition that the database could see; their name stands for one.
        SELECT s.id, 'edge_function', e.entry ->> 'name',
               encode(sha256(convert_to(e.entry ->> 'name', 'UTF8')), 'hex'), e.entry ->> 'name'
        FROM catalog.snapshots AS s
        CROSS JOIN LATERAL jsonb_array_elements(s.edge_functions) AS e (entry)
        WHERE s.id IN (from_snapshot, to_snapshot)
    )
    SELECT
        CASE WHEN f.hash IS NULL THEN 'added' WHEN t.hash IS NULL THEN 'removed' ELSE 'changed' END,
        kind, identity, f.hash, t.hash, f.definition, t.definition
    FROM (SELECT o.kind, o.identity, o.hash, o.definition FROM object AS o WHERE o.snapshot_id = from_snapshot) AS f
    FULL JOIN
         (SELECT o.kind, o.identity, o.hash, o.definition FROM object AS o WHERE o.snapshot_id = to_snapshot) AS t
        USING (kind, identity)
    WHERE f.hash IS DISTINCT FROM t.hash
    ORDER BY kind COLLATE "C", identity COLLATE "C";
END
$$;

COMMENT ON FUNCTION catalog.inventory_diff(bigint, bigint) IS
    'What was added, removed or changed from one snapshot to another. No rows: no definition differs.';

CREATE OR REPLACE VIEW catalog.inventory_current AS
SELECT
    s.id,
    s.taken_at,
    s.label,
    s.github_commit_sha,
    s.root_hash,
    s.total_tables,
    s.total_functions,
    s.total_policies,
    s.total_extensions,
    s.total_edge_functions,
    s.tables,
    s.functions,
    s.policies,
    s.extensions,
    s.edge_functions
FROM catalog.snapshots AS s
JOIN (
    SELECT latest.id
    FROM catalog.snapshots AS latest
    ORDER BY latest.taken_at DESC, latest.id DESC
    LIMIT 1
) AS newest ON newest.id = s.id;

COMMENT ON VIEW catalog.inventory_current IS 'The newest snapshot.';

CREATE OR REPLACE VIEW catalog.inventory_diff AS
SELECT
    previous.id AS from_snapshot,
    newest.id AS to_snapshot,
    diff.change,
    diff.kind,
    diff.identity,
    diff.from_hash,
    diff.to_hash,
    diff.from_definition,
    diff.to_definition
FROM (
    SELECT s.id
    FROM catalog.snapshots AS s
    ORDER BY s.taken_at DESC, s.id DESC
    LIMIT 1
) AS newest
CROSS JOIN (
    SELECT s.id
    FROM catalog.snapshots AS s
    ORDER BY s.taken_at DESC, s.id DESC
    LIMIT 1 OFFSET 1
) AS previous
CROSS JOIN LATERAL catalog.inventory_diff(previous.id, newest.id)
    AS diff (change, kind, identity, from_hash, to_hash, from_definition, to_definition);

COMMENT ON VIEW catalog.inventory_diff IS
    'The newest snapshot against the one before it. No rows: no definition differs, or there is only one snapshot.';


-- Who may ask ----------------------------------------------------------------------------------------------

-- The inventory shows the source of every function, so it is for the service alone.
REVOKE EXECUTE ON FUNCTION catalog.current_objects() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION catalog.capture_snapshot(text, text, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION catalog.update_edge_functions(text[], bigint) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION catalog.inventory_diff(bigint, bigint) FROM PUBLIC;

GRANT USAGE ON SCHEMA catalog TO service_role;
GRANT SELECT ON
    catalog.snapshots,
    catalog.snapshot_objects,
    catalog.inventory_current,
    catalog.inventory_diff
    TO service_role;
GRANT EXECUTE ON FUNCTION catalog.capture_snapshot(text, text, integer) TO service_role;
GRANT EXECUTE ON FUNCTION catalog.update_edge_functions(text[], bigint) TO service_role;
GRANT EXECUTE ON FUNCTION catalog.inventory_diff(bigint, bigint) TO service_role;


-- Every night ----------------------------------------------------------------------------------------------

-- A server without pg_cron, or one that keeps it for another database, is no reason to fail:
-- the two other ways need nothing from the server. schedule() replaces a job of the same name.
DO $cron$
DECLARE
    reason text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pg_cron') THEN
        reason := 'this server does not offer the extension pg_cron';
    ELSE
        BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_cron;
            PERFORM cron.schedule(
                'feature_inventory_snapshot',
                '0 2 * * *',
                $job$SELECT catalog.capture_snapshot(label => 'nightly', keep => 90)$job$
            );
        EXCEPTION
            -- It says "not preloaded" and "not this database" under no error code of their own.
            WHEN OTHERS THEN
                reason := 'pg_cron cannot be used here: ' || SQLERRM;
        END;
    END IF;

    IF reason IS NOT NULL THEN
        RAISE NOTICE 'The job feature_inventory_snapshot was not scheduled: %. Take the nightly snapshot by the workflow .github/workflows/feature-inventory.yml, or by schemacast snapshot.', reason;
    END IF;
END
$cron$;
