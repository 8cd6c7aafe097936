-- Which dictionaries a configuration sends a kind of token through, one row
-- for each kind, the dictionaries in order. The names of the kinds are in no
-- catalog: the parser tells them, and each parser is asked once.
WITH token AS MATERIALIZED (
    SELECT parser.oid AS parser, kind.tokid, kind.alias
      FROM (SELECT DISTINCT c.cfgparser AS oid
              FROM pg_catalog.pg_ts_config AS c
             WHERE c.cfgnamespace = ANY ($1)) AS parser
     CROSS JOIN LATERAL pg_catalog.ts_token_type(parser.oid) AS kind
)
SELECT c.oid,
       token.alias,
       array_agg(quote_ident(n.nspname) || '.' || quote_ident(i.dictname) ORDER BY m.mapseqno)
  FROM pg_catalog.pg_ts_config AS c
  JOIN pg_catalog.pg_ts_config_map AS m ON m.mapcfg = c.oid
  JOIN token ON token.parser = c.cfgparser AND token.tokid = m.maptokentype
  JOIN pg_catalog.pg_ts_dict AS i ON i.oid = m.mapdict
  JOIN pg_catalog.pg_namespace AS n ON n.oid = i.dictnamespace
 WHERE c.cfgnamespace = ANY ($1)
 GROUP BY c.oid, token.alias
