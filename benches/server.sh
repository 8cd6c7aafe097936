# A Postgres of the benchmark's own, and the databases in it: sourced by run.sh.
#
# It listens on a Unix socket in a temporary folder, and is stopped, and the
# folder removed, when the script ends. Nothing is synced to the disk, for all
# that is measured reads. Postgres does not run as root: there it runs as the
# account `postgres`. Sets `bin` (its programs), `folder`, PGHOST and PGUSER.
newest_bin() {
    local bins=(/usr/lib/postgresql/*/bin)
    printf '%s\n' "${bins[@]}" | sort -V | tail -n 1
}
bin=${PG_BIN:-$(newest_bin)}
for program in "$bin/initdb" "$bin/psql" "$bin/pg_dump" /usr/bin/time; do
    [ -x "$program" ] || { echo "$program is not there: install Postgres (or set PG_BIN) and GNU time" >&2; exit 2; }
done

folder=$(mktemp -d)
as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chmod 755 "$folder"
    chown postgres "$folder"
fi
stop_server() {
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop > "$folder/stopped" 2>&1 || cat "$folder/stopped" >&2
    cd /
    rm -rf "$folder"
}
trap stop_server EXIT
# The server's account may not enter the folder that the script was started in.
cd "$folder"
"${as[@]}" "$bin/initdb" -N --no-instructions -U postgres -A trust -E UTF8 --no-locale -D "$folder/data" > "$folder/initdb"
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-c listen_addresses='' -k $folder -c fsync=off \
-c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off -c shared_buffers=256MB \
-c max_locks_per_transaction=10240 -c log_line_prefix=''" start > "$folder/started"
export PGHOST=$folder PGUSER=postgres

# Makes $database with what $size says, as settled as autovacuum leaves one.
make_database() {
    local sql=tables.sql variables=(-v "tables=$size")
    [ "$size" != big ] || sql=big_catalog.sql variables=()
    "$bin/createdb" "$database"
    "$bin/psql" -q -X -v ON_ERROR_STOP=1 "${variables[@]}" -o "$folder/made" -d "$database" -f "$here/$sql"
    "$bin/psql" -q -X -d "$database" -c 'VACUUM ANALYZE'
}
