#!/usr/bin/env bash
# Measures what the program costs, and prints the tables of docs/benchmarks.md.
#
#     cargo build --release
#     benches/run.sh                          all sizes, 5 rounds: a quarter of an hour
#     benches/run.sh --rounds 1 100           a quick look: half a minute
#     benches/run.sh --rounds 11 1000 big
#
# For each size it makes a database on a server of its own: N tables with
# indexes, views, functions and policies (tables.sql), or `big`, 1,400 tables
# with 6,000 indexes and 6,000 constraints (big_catalog.sql). In every round
# each of these runs once, in an order of chance:
#
#     catalog queries, psql   what introspect asks, sent by psql (queries.sh)
#     pg_dump --schema-only   what everybody has to compare with
#     introspect --jobs 1     over one connection; introspect: as it chooses
#     drift                   against the manifest that introspect wrote
#     generate                from that manifest: all targets, and each alone
#     validate                what `generate` wrote
#
# Of each it prints wall clock, CPU seconds of the process itself (a server's
# are not in it) and the largest resident set: median and least of the rounds.
# A busy machine adds to all of them, so measure on one that does nothing else,
# and has removed no thousands of files in the last minutes.
#
# It needs bash 5, GNU time, and Postgres 14 to 18 with psql and pg_dump of the
# server's own version (PG_BIN, else the newest that Debian's packages have).
# SCHEMACAST names another program to measure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
schemacast=$(realpath "${SCHEMACAST:-$here/../target/release/schemacast}")
rounds=5
sizes=()
while [ "$#" -gt 0 ]; do
    case $1 in
        --rounds) rounds=${2:?--rounds takes a number}; shift ;;
        -h | --help) sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0"; exit ;;
        big) sizes+=(big) ;;
        *[!0-9]* | 0*) echo "$1 is no size: give a number of tables, or big" >&2; exit 2 ;;
        *) sizes+=("$1") ;;
    esac
    shift
done
case $rounds in *[!0-9]* | 0*) echo "--rounds takes a number, and not $rounds" >&2; exit 2 ;; esac
[ "${#sizes[@]}" -gt 0 ] || sizes=(100 1000 10000 big)
[ -x "$schemacast" ] || { echo "$schemacast is not there: cargo build --release" >&2; exit 2; }

. "$here/server.sh"
. "$here/queries.sh"
. "$here/measure.sh"

# Not `supabase`, whose files know nothing of the tables.
targets=(firestore amplify amplify-gen2 models inventory)
ways=("catalog queries, psql" "pg_dump --schema-only" "introspect --jobs 1" introspect drift validate generate)
ways+=("${targets[@]/#/generate --target }")

# Runs one of the ways. What is written is new each time: nothing is compared
# with what stood there, and nothing is removed before all is done: in the
# minutes after thousands of files were removed, ext4 takes many times as long
# to make one.
run() {
    local out=$folder/$size/out$((++count))
    case $1 in
        "catalog queries, psql") measure "$1" "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" -f "$queries" -o "$out" ;;
        "pg_dump --schema-only") measure "$1" "$bin/pg_dump" --schema-only -d "$database" -f "$out" ;;
        introspect*) measure "$1" "$schemacast" $1 --quiet --database-url "$url" --out "$out.yaml" ;;
        drift) measure "$1" "$schemacast" drift --quiet --database-url "$url" --manifest "$manifest" ;;
        validate) measure "$1" "$schemacast" validate --quiet --out "$cast" --manifest "$manifest" ;;
        generate*) measure "$1" "$schemacast" $1 --quiet --manifest "$manifest" --out "$out" ;;
    esac
}

describe_machine
for size in "${sizes[@]}"; do
    mkdir "$folder/$size"
    database=bench_$size url="postgres:///bench_$size?host=$folder&user=postgres"
    make_database
    manifest=$folder/$size/manifest.yaml cast=$folder/$size/cast queries=$folder/$size/queries.sql count=0
    "$schemacast" introspect --quiet --database-url "$url" --out "$manifest"
    "$schemacast" generate --quiet --manifest "$manifest" --out "$cast"
    record_queries
    : > "$measured"
    for ((round = 1; round <= rounds; round++)); do
        mapfile -t turns < <(shuf -e "${ways[@]}")
        for way in "${turns[@]}"; do
            run "$way"
        done
    done
    print_table
done
