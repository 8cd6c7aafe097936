-- What each object needs that its own fields in the manifest do not say, one
-- row for each two: the kind, names and types of the one and of the other.
--
-- The catalog speaks of numbers in 30 catalogs, and of objects that a manifest
-- does not know: a view's rule, an array's type, an index that is a key. So
-- `edge` picks the pairs that matter, before anything is named; `thing` says of
-- each of their objects what it is in a manifest; `named` puts the names of its
-- table and schema before its own. The numbers of catalogs are fixed: pg_class
-- is 1259, pg_type 1247, and so on, as the server's sources have them.
--
-- The server notes no need of what initdb made (below 16384). An object's own
-- schema, an extension, a key's table, the type of a column, what a table
-- inherits from, who owns a sequence: the manifest says these itself.
WITH member AS MATERIALIZED (
    SELECT m.classid, m.objid
      FROM pg_catalog.pg_depend AS m
     WHERE m.deptype = 'e'
), edge AS MATERIALIZED (
    SELECT d.classid, d.objid, d.objsubid,
           d.refclassid, d.refobjid, d.refobjsubid,
           -- A type that a routine takes or returns, which its arguments say.
           d.refclassid = 1247
               AND (d.refobjid = ANY (p.proargtypes::oid[])
                    OR d.refobjid = ANY (p.proallargtypes)
                    OR d.refobjid = p.prorettype) IS TRUE AS is_signature
      FROM pg_catalog.pg_depend AS d
      LEFT JOIN member AS m ON m.classid = d.classid AND m.objid = d.objid
      LEFT JOIN member AS ref_m ON ref_m.classid = d.refclassid AND ref_m.objid = d.refobjid
      LEFT JOIN pg_catalog.pg_class AS c
             ON c.tableoid = d.classid AND c.oid = d.objid AND c.relkind <> 'c'
      LEFT JOIN pg_catalog.pg_constraint AS k
             ON k.tableoid = d.classid AND k.oid = d.objid
            AND (k.contype = 'f' OR k.conrelid = d.refobjid)
      LEFT JOIN pg_catalog.pg_index AS x
             ON x.indexrelid = d.objid AND x.indrelid = d.refobjid AND d.classid = 1259
      LEFT JOIN pg_catalog.pg_attrdef AS own
             ON own.tableoid = d.classid AND own.oid = d.objid
            AND own.adrelid = d.refobjid AND own.adnum = d.refobjsubid
      LEFT JOIN pg_catalog.pg_proc AS p
             ON p.tableoid = d.classid AND p.oid = d.objid
       -- As wider numbers, which no index has: nearly every row is wanted.
     WHERE d.objid::int8 >= 16384
       AND d.refobjid::int8 >= 16384
       AND (d.deptype = 'n'
            -- Operator classes in families, members of either, published
            -- tables, and generated columns (until server 14 by themselves,
            -- since then by their expressions).
            OR d.deptype = 'a' AND (d.classid IN (2616, 2602, 2603, 6106, 2604)
                                    OR d.classid = 1259 AND d.objsubid > 0))
       -- A schema, an extension, what belongs to an extension.
       AND d.refclassid NOT IN (2615, 3079)
       AND m.objid IS NULL
       AND ref_m.objid IS NULL
       AND (c.oid IS NULL
            -- A column's type and collation (3456); a table's parents.
            OR d.objsubid > 0 AND d.refclassid NOT IN (1247, 3456)
            OR d.objsubid = 0 AND d.refclassid <> 1259)
       -- What a foreign key refers to; the table that a constraint or an index
       -- is on; the column that a default is of.
       AND (k.oid IS NULL OR d.refclassid <> 1259)
       AND (x.indexrelid IS NULL OR d.refclassid <> 1259)
       AND own.oid IS NULL
), object (class, oid, sub) AS MATERIALIZED (
    SELECT classid, objid, objsubid FROM edge
     UNION
    SELECT refclassid, refobjid, refobjsubid FROM edge
), thing (class, oid, sub, kind, relation, schema, names, types) AS (
    -- Tables, views, composite types and sequences, and their columns. The
    -- sequence of an identity column is the column.
    SELECT o.class, o.oid, o.sub,
           CASE WHEN a.attnum IS NULL THEN NULL WHEN c.relkind = 'c' THEN 'attribute' ELSE 'column' END,
           COALESCE(own.refobjid, c.oid), 0::oid, array_remove(ARRAY[a.attname::text], NULL), NULL::text[]
      FROM object AS o
      JOIN pg_catalog.pg_class AS c ON c.tableoid = o.class AND c.oid = o.oid
      LEFT JOIN pg_catalog.pg_depend AS own
             ON own.classid = o.class AND own.objid = o.oid AND own.deptype = 'i'
            AND own.refclassid = o.class AND own.refobjsubid > 0 AND c.relkind = 'S'
      LEFT JOIN pg_catalog.pg_attribute AS a
             ON a.attrelid = COALESCE(own.refobjid, c.oid) AND a.attnum = COALESCE(own.refobjsubid, o.sub)
            AND a.attnum > 0
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c', 'S')
     UNION ALL
    -- Indexes, or the constraints that they are.
    SELECT o.class, o.oid, o.sub,
           CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'index' END,
           x.indrelid, 0, ARRAY[COALESCE(k.conname, i.relname)::text], NULL
      FROM object AS o
      JOIN pg_catalog.pg_class AS i ON i.tableoid = o.class AND i.oid = o.oid
      JOIN pg_catalog.pg_index AS x ON x.indexrelid = i.oid
      LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
     UNION ALL
    -- Types: an array is its elements' type, a multirange its range, the row
    -- type of a table the table.
    SELECT o.class, o.oid, o.sub,
           CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' END,
           t.typrelid, CASE WHEN t.typrelid = 0 THEN t.typnamespace ELSE 0 END,
           CASE WHEN t.typrelid = 0 THEN ARRAY[t.typname::text] ELSE '{}' END, NULL
      FROM object AS o
      LEFT JOIN pg_catalog.pg_type AS element ON element.typarray = o.oid
      LEFT JOIN pg_catalog.pg_range AS g ON g.rngmultitypid = COALESCE(element.oid, o.oid)
      JOIN pg_catalog.pg_type AS t ON t.tableoid = o.class AND t.oid = COALESCE(g.rngtypid, element.oid, o.oid)
     WHERE t.typtype IN ('c', 'd', 'e', 'r')
     UNION ALL
    SELECT o.class, o.oid, o.sub,
           CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window_function'
                          ELSE 'function' END,
           0, p.pronamespace, ARRAY[p.proname::text],
           ARRAY(SELECT pg_catalog.format_type(a.type, NULL)
                   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, place)
                  ORDER BY a.place)
      FROM object AS o
      JOIN pg_catalog.pg_proc AS p ON p.tableoid = o.class AND p.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub,
           CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion'
                          WHEN 'f' THEN 'foreign_key'
                          ELSE CASE WHEN k.contypid = 0 THEN 'check' ELSE 'domain_check' END END,
           k.conrelid, COALESCE(t.typnamespace, 0), array_remove(ARRAY[t.typname::text, k.conname::text], NULL), NULL
      FROM object AS o
      JOIN pg_catalog.pg_constraint AS k ON k.tableoid = o.class AND k.oid = o.oid
      LEFT JOIN pg_catalog.pg_type AS t ON t.oid = k.contypid
     WHERE k.contype IN ('p', 'u', 'x', 'f', 'c')
     UNION ALL
    SELECT o.class, o.oid, o.sub, CASE WHEN a.attgenerated = '' THEN 'default' ELSE 'column' END,
           d.adrelid, 0, ARRAY[a.attname::text], NULL
      FROM object AS o
      JOIN pg_catalog.pg_attrdef AS d ON d.tableoid = o.class AND d.oid = o.oid
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'trigger', g.tgrelid, 0, ARRAY[g.tgname::text], NULL
      FROM object AS o
      JOIN pg_catalog.pg_trigger AS g ON g.tableoid = o.class AND g.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'policy', p.polrelid, 0, ARRAY[p.polname::text], NULL
      FROM object AS o
      JOIN pg_catalog.pg_policy AS p ON p.tableoid = o.class AND p.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, CASE WHEN w.rulename <> '_RETURN' THEN 'rule' END, w.ev_class, 0,
           CASE WHEN w.rulename <> '_RETURN' THEN ARRAY[w.rulename::text] ELSE '{}' END, NULL
      FROM object AS o
      JOIN pg_catalog.pg_rewrite AS w ON w.tableoid = o.class AND w.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'statistics', s.stxrelid, 0, ARRAY[s.stxname::text], NULL
      FROM object AS o
      JOIN pg_catalog.pg_statistic_ext AS s ON s.tableoid = o.class AND s.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'operator', 0, p.oprnamespace, ARRAY[p.oprname::text],
           ARRAY[CASE WHEN p.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(p.oprleft, NULL) END,
                 pg_catalog.format_type(p.oprright, NULL)]
      FROM object AS o
      JOIN pg_catalog.pg_operator AS p ON p.tableoid = o.class AND p.oid = o.oid
     UNION ALL
    -- Operator classes and families, and what is in them. The third name is
    -- the index method's.
    SELECT o.class, o.oid, o.sub, 'operator_class', 0, k.opcnamespace, ARRAY[k.opcname, am.amname]::text[], NULL
      FROM object AS o
      LEFT JOIN pg_catalog.pg_depend AS own
             ON own.classid = o.class AND own.objid = o.oid AND own.refclassid = 2616 AND o.class IN (2602, 2603)
      JOIN pg_catalog.pg_opclass AS k
        ON k.tableoid = COALESCE(own.refclassid, o.class) AND k.oid = COALESCE(own.refobjid, o.oid)
      JOIN pg_catalog.pg_am AS am ON am.oid = k.opcmethod
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'operator_family', 0, f.opfnamespace, ARRAY[f.opfname, am.amname]::text[], NULL
      FROM object AS o
      LEFT JOIN pg_catalog.pg_depend AS own
             ON own.classid = o.class AND own.objid = o.oid AND own.refclassid = 2753 AND o.class IN (2602, 2603)
      JOIN pg_catalog.pg_opfamily AS f
        ON f.tableoid = COALESCE(own.refclassid, o.class) AND f.oid = COALESCE(own.refobjid, o.oid)
      JOIN pg_catalog.pg_am AS am ON am.oid = f.opfmethod
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'cast', 0, 0, '{}',
           ARRAY[pg_catalog.format_type(k.castsource, NULL), pg_catalog.format_type(k.casttarget, NULL)]
      FROM object AS o
      JOIN pg_catalog.pg_cast AS k ON k.tableoid = o.class AND k.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'transform', 0, 0, ARRAY[l.lanname::text],
           ARRAY[pg_catalog.format_type(t.trftype, NULL)]
      FROM object AS o
      JOIN pg_catalog.pg_transform AS t ON t.tableoid = o.class AND t.oid = o.oid
      JOIN pg_catalog.pg_language AS l ON l.oid = t.trflang
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'publication_table', 0, 0, ARRAY[p.pubname, n.nspname, c.relname]::text[], NULL
      FROM object AS o
      JOIN pg_catalog.pg_publication_rel AS r ON r.tableoid = o.class AND r.oid = o.oid
      JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
      JOIN pg_catalog.pg_class AS c ON c.oid = r.prrelid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'collation', 0, x.collnamespace, ARRAY[x.collname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_collation AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'conversion', 0, x.connamespace, ARRAY[x.conname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_conversion AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'text_search_parser', 0, x.prsnamespace, ARRAY[x.prsname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_ts_parser AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'text_search_template', 0, x.tmplnamespace, ARRAY[x.tmplname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_ts_template AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'text_search_dictionary', 0, x.dictnamespace, ARRAY[x.dictname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_ts_dict AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'text_search_configuration', 0, x.cfgnamespace, ARRAY[x.cfgname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_ts_config AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'language', 0, 0, ARRAY[x.lanname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_language AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'access_method', 0, 0, ARRAY[x.amname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_am AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'event_trigger', 0, 0, ARRAY[x.evtname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_event_trigger AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'foreign_data_wrapper', 0, 0, ARRAY[x.fdwname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_foreign_data_wrapper AS x ON x.tableoid = o.class AND x.oid = o.oid
     UNION ALL
    SELECT o.class, o.oid, o.sub, 'server', 0, 0, ARRAY[x.srvname::text], NULL
      FROM object AS o JOIN pg_catalog.pg_foreign_server AS x ON x.tableoid = o.class AND x.oid = o.oid
), named AS (
    SELECT t.class, t.oid, t.sub, t.relation, t.types,
           COALESCE(t.kind,
                    CASE WHEN c.relispartition THEN 'partition'
                         ELSE CASE c.relkind WHEN 'f' THEN 'foreign_table' WHEN 'v' THEN 'view'
                                             WHEN 'm' THEN 'materialized_view' WHEN 'c' THEN 'composite'
                                             WHEN 'S' THEN 'sequence' ELSE 'table' END END) AS kind,
           array_remove(ARRAY[n.nspname, c.relname]::text[], NULL) || t.names AS names,
           -- The table at the top of a partition.
           CASE WHEN c.relispartition THEN ARRAY[root_n.nspname, root.relname]::text[] END AS root
      FROM thing AS t
      LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.relation
      LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = COALESCE(c.relnamespace, t.schema)
      LEFT JOIN pg_catalog.pg_class AS root
             ON root.oid = CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid) END
      LEFT JOIN pg_catalog.pg_namespace AS root_n ON root_n.oid = root.relnamespace
)
SELECT s.kind,
       s.names,
       s.types,
       t.kind,
       t.names,
       t.types,
       t.root
  FROM edge AS e
  JOIN named AS s ON s.class = e.classid AND s.oid = e.objid AND s.sub = e.objsubid
  JOIN named AS t ON t.class = e.refclassid AND t.oid = e.refobjid AND t.sub = e.refobjsubid
       -- What is on a table needs the table, of course. A generated column
       -- may need one that stands behind it.
 WHERE (s.relation = 0 OR s.relation <> t.relation OR s.kind = 'column' AND t.kind = 'column')
       -- But for a table's rows, a routine's types are with its arguments.
   AND NOT (e.is_signature AND (t.relation = 0 OR t.kind = 'composite'))
