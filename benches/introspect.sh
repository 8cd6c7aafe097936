#!/usr/bin/env bash
# Measures reading a catalog: `introspect` over one connection, as it chooses,
# and over four, beside `pg_dump --schema-only`, which take turns in an order of
# chance on a server of their own. Prints a table for each database: medians and
# fastest wall clock, CPU seconds of the program itself, largest resident set.
#
#     cargo build --release && benches/introspect.sh
#     ROUNDS=21 benches/introspect.sh big 1000       # big_catalog.sql, and 1,000 tables
#
# It needs a Postgres with its programs (PG_BIN, else the newest that Debian has)
# and GNU time. Postgres does not run as root: there it runs as `postgres`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
schemacast=${SCHEMACAST:-$here/../target/release/schemacast}
rounds=${ROUNDS:-11}
[ "$#" -gt 0 ] || set -- big 100 1000
bin=${PG_BIN:-$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1)}
folder=$(mktemp -d)
chmod 755 "$folder"
as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chown postgres "$folder"
fi
cd "$folder"
end() {
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop > "$folder/stopped" 2>&1 || true
    cd /
    rm -rf "$folder"
}
trap end EXIT
"${as[@]}" "$bin/initdb" -N --no-instructions -U postgres -A trust -E UTF8 --no-locale -D "$folder/data" > "$folder/initdb"
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-c listen_addresses='' -k $folder -c fsync=off \
-c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off -c shared_buffers=256MB \
-c max_locks_per_transaction=10240" start > "$folder/started"
export PGHOST=$folder PGUSER=postgres

measure() {
    local name=$1
    shift
    /usr/bin/time -o "$folder/time" -f '%e %U %S %M' "$@" > "$folder/out" 2> "$folder/err" || { cat "$folder/err" >&2; exit 1; }
    awk -v name="$name" '{ print name, $1, $2 + $3, $4 / 1024 }' "$folder/time" >> "$folder/measured"
}

for what in "$@"; do
    "$bin/createdb" "bench_$what"
    case $what in
        big) "$bin/psql" -q -X -o "$folder/made" -d "bench_$what" -f "$here/big_catalog.sql" ;;
        *) "$bin/psql" -q -X -o "$folder/made" -v "tables=$what" -d "bench_$what" -f "$here/thousand_tables.sql" ;;
    esac
    "$bin/psql" -q -X -d "bench_$what" -c 'VACUUM ANALYZE'
    url="postgres:///bench_$what?host=$folder&user=postgres"
    : > "$folder/measured"
    for ((round = 0; round < rounds; round++)); do
        for way in $(shuf -e one default four pg_dump); do
            # Each reads into a file that is not there: nothing is compared with.
            rm -f "$folder"/*.yaml
            case $way in
                one) measure one "$schemacast" introspect --database-url "$url" --jobs 1 --out "$folder/one.yaml" ;;
                default) measure default "$schemacast" introspect --database-url "$url" --out "$folder/default.yaml" ;;
                four) measure four "$schemacast" introspect --database-url "$url" --jobs 4 --out "$folder/four.yaml" ;;
                pg_dump) measure pg_dump "$bin/pg_dump" --schema-only -d "bench_$what" -f "$folder/dump.sql" ;;
            esac
        done
    done
    printf '\n%s, %s rounds\n\n| | wall, median | fastest | own CPU, median | peak MiB, median | largest |\n|---|---|---|---|---|---|\n' "$what" "$rounds"
    for way in one default four pg_dump; do
        column() { awk -v way="$way" -v at="$1" '$1 == way { print $at }' "$folder/measured" | sort -n; }
        median() { column "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
        printf '| %s | %.2f s | %.2f s | %.2f s | %.0f | %.0f |\n' "$way" "$(median 2)" "$(column 2 | head -n 1)" \
            "$(median 3)" "$(median 4)" "$(column 4 | tail -n 1)"
    done
    "$bin/dropdb" "bench_$what"
done
