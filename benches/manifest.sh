#!/usr/bin/env bash
# Writes a manifest of N tables (default 1,000) to stdout: that of the database
# which thousand_tables.sql makes, without a server. Each table has 12 columns,
# two indexes and a foreign key.
#
#     benches/manifest.sh 10000 > manifest.yaml
set -euo pipefail

awk -v tables="${1:-1000}" 'BEGIN {
    print "version: \x271.0\x27"
    print "schemas:"
    print "- name: bench"
    print "  tables:"
    for (i = 1; i <= tables; i++) {
        parent = i > 1 ? i - 1 : 1
        printf "  - name: table_%d\n", i
        print "    columns:"
        print "    - {name: id, type: bigint, not_null: true, identity: {generation: always}}"
        print "    - {name: parent_id, type: bigint}"
        print "    - {name: code, type: character varying(40), not_null: true}"
        print "    - {name: name, type: text, not_null: true}"
        print "    - {name: amount, type: \x27numeric(12,2)\x27, not_null: true, default: \x270\x27}"
        print "    - {name: ratio, type: double precision}"
        print "    - {name: active, type: boolean, not_null: true, default: \x27true\x27}"
        print "    - {name: tags, type: \x27text[]\x27, not_null: true, default: \"\x27{}\x27::text[]\"}"
        print "    - {name: payload, type: jsonb}"
        print "    - {name: token, type: uuid, default: gen_random_uuid()}"
        print "    - {name: created_at, type: timestamp with time zone, not_null: true, default: now()}"
        print "    - {name: updated_at, type: timestamp with time zone}"
        printf "    primary_key: {name: table_%d_pkey, columns: [id]}\n", i
        print "    foreign_keys:"
        printf "    - name: table_%d_parent_id_fkey\n", i
        print "      columns: [parent_id]"
        printf "      references: {schema: bench, table: table_%d, columns: [id]}\n", parent
        print "      on_delete: cascade"
        print "    indexes:"
        printf "    - name: table_%d_name\n", i
        print "      keys:"
        print "      - {column: name}"
        print "      - {column: created_at, descending: true}"
        printf "    - name: table_%d_parent_id\n", i
        print "      keys:"
        print "      - {column: parent_id}"
    }
}'
