#!/usr/bin/env bash
# Measures `schemacast generate`, each target and all of them, on manifests of
# 100, 1,000 and 10,000 tables, and prints the tables of docs/benchmarks.md.
# Wall clock, CPU seconds (user and system) and the largest resident set are
# those of GNU time, the least of some runs (a busy machine adds, and never
# takes away). Each run writes into a folder of its own, so that all files are
# written, and none is removed before the end: a file system is slow to reuse
# what was just removed.
#
#     cargo build --release && benches/generate.sh
#     SCHEMACAST=path/to/schemacast RUNS=5 benches/generate.sh 100 1000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
schemacast=${SCHEMACAST:-$here/../target/release/schemacast}
runs=${RUNS:-3}
[ "$#" -gt 0 ] || set -- 100 1000 10000
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# One run's numbers: wall clock, CPU seconds, MiB. Its output is in $out.
count=0
run() {
    count=$((count + 1))
    out=$folder/out$count
    /usr/bin/time -o "$folder/time" -f "%e %U %S %M" "$@" --out "$out" > /dev/null
    awk '{ printf "%.2f %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' "$folder/time"
}

for tables in "$@"; do
    "$here/manifest.sh" "$tables" > "$folder/manifest.yaml"
    printf '\n%s tables\n\n| target | wall s | CPU s | peak MiB | written MB |\n| --- | --- | --- | --- | --- |\n' "$tables"
    for target in all firestore amplify amplify-gen2 models inventory; do
        only=(--target "$target")
        [ "$target" != all ] || only=()
        : > "$folder/runs"
        for _ in $(seq "$runs"); do
            run "$schemacast" generate --quiet --manifest "$folder/manifest.yaml" "${only[@]}" >> "$folder/runs"
        done
        size=$(find "$out" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1e6 }')
        awk -v target="$target" -v size="$size" '
            NR == 1 || $1 < wall { wall = $1 } NR == 1 || $2 < cpu { cpu = $2 } NR == 1 || $3 < peak { peak = $3 }
            END { printf "| %s | %s | %s | %s | %s |\n", target, wall, cpu, peak, size }' "$folder/runs"
    done
done
