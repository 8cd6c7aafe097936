# Measuring one run, and the tables of all: sourced by run.sh.
measured=$folder/measured

# Runs a command, and adds a line to $measured: its name, wall clock and CPU
# seconds by the shell's own clock, whose thousandths GNU time has not, and the
# largest resident set in MiB by GNU time.
measure() {
    local name=$1 TIMEFORMAT='%3R %3U %3S' times
    shift
    times=$( { time /usr/bin/time -o "$folder/peak" -f %M "$@" > "$folder/out" 2> "$folder/err"; } 2>&1) || {
        echo "$name failed: $*" >&2
        cat "$folder/out" "$folder/err" >&2
        exit 1
    }
    awk -v name="$name" -v times="$times" '{
        split(times, t, " ")
        printf "%s\t%.3f\t%.3f\t%.1f\n", name, t[1], t[2] + t[3], $1 / 1024
    }' "$folder/peak" >> "$measured"
}

# The median, or the least, of a column of a way's lines in $measured.
column() { awk -F '\t' -v way="$1" -v at="$2" '$1 == way { print $at }' "$measured" | sort -n; }
median() { column "$@" | awk '{ all[NR] = $1 } END { print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'; }
least() { column "$@" | head -n 1; }

# The wall clock of one way as a part of another's.
ratio() {
    awk -v a="$(median "$1" 2)" -v b="$(median "$2" 2)" -v c="$(least "$1" 2)" -v d="$(least "$2" 2)" \
        'BEGIN { printf "%.2f (%.2f)", a / b, c / d }'
}

print_table() {
    local count way
    count=$("$bin/psql" -X -A -t -d "$database" -f "$here/objects.sql")
    printf '\n### %s\n\nRounds: %s.\n\n' "$count" "$rounds"
    printf '| | wall s, median | least | own CPU s, median | least | peak MiB |\n|---|---|---|---|---|---|\n'
    for way in "${ways[@]}"; do
        printf '| `%s` | %.3f | %.3f | %.3f | %.3f | %.0f |\n' "$way" \
            "$(median "$way" 2)" "$(least "$way" 2)" "$(median "$way" 3)" "$(least "$way" 3)" "$(median "$way" 4)"
    done
    printf '\nTimes of `introspect`, by medians (by the least): %s of the catalog queries, %s over one connection; %s of pg_dump.\n' \
        "$(ratio introspect 'catalog queries, psql')" "$(ratio 'introspect --jobs 1' 'catalog queries, psql')" \
        "$(ratio introspect 'pg_dump --schema-only')"
}

# What it was measured on, in a line.
describe_machine() {
    local cpu memory
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1024 / 1024 }' /proc/meminfo)
    printf '%s, %s; %s cores (%s), %s GiB; load before it began: %s\n' "$("$schemacast" --version)" \
        "$("$bin/postgres" --version)" "$(nproc)" "$cpu" "$memory" "$(cut -d ' ' -f 1 /proc/loadavg)"
}
