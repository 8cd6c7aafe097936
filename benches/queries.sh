# The SQL that introspect sends, as a script for psql: sourced by run.sh.
#
# It is the server that says what was sent: it logs the statements of one
# `introspect --jobs 1`, the opening and the end of its transaction with them.
# A parameter stands in the script as the constant that it was, as a server
# plans a statement without a name with the values at hand. So the server does
# the same work for psql as for introspect; what differs is that psql asks one
# after the other, gets texts, and makes nothing of them.

# Writes $queries.
record_queries() {
    local begin
    begin=$(stat -c %s "$folder/log")
    "$bin/psql" -q -X -d postgres -c "ALTER DATABASE $database SET log_statement = 'all'"
    "$schemacast" introspect --quiet --jobs 1 --database-url "$url" --out "$folder/$size/recorded.yaml"
    "$bin/psql" -q -X -d postgres -c "ALTER DATABASE $database RESET log_statement"
    tail -c "+$((begin + 1))" "$folder/log" | statements > "$queries"
    grep -q '^COMMIT' "$queries" || { echo "the server's log holds no transaction of introspect's" >&2; exit 1; }
}

# The statements of a log, each ended: a message's lines but the first begin
# with a tab, and the parameters of a statement stand in the message after it.
statements() {
    awk -v quote="'" '
        function finish() {
            if (sql == "") return
            # From the last to the first, so that $1 is not found in $10.
            for (at = count; at >= 1; at--) {
                while ((found = index(sql, "$" at)) > 0)
                    sql = substr(sql, 1, found - 1) values[at] substr(sql, found + length("$" at))
            }
            sub(/[ \t\n]*;?[ \t\n]*$/, ";", sql)
            print sql
            sql = ""
        }
        /^DETAIL:  [Pp]arameters: / {
            line = $0
            count = 0
            # An array of numbers, as introspect sends no other.
            while (match(line, /\$[0-9]+ = \047[{}0-9,]*\047/)) {
                value = substr(line, RSTART, RLENGTH)
                sub(/^[^=]*= /, "", value)
                values[++count] = value "::oid[]"
                line = substr(line, RSTART + RLENGTH)
            }
            next
        }
        /^\t/ { if (is_sql) sql = sql "\n" substr($0, 2); next }
        { finish(); count = 0; is_sql = 0 }
        sub(/^LOG:  (execute <unnamed>|statement): /, "") { sql = $0; is_sql = 1 }
        END { finish() }'
}
