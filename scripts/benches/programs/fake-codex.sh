#!/bin/sh
# Stands in for Codex when the wrapper is measured. Prints its start time, writes the log of a run, and prints its end time,
# both in nanoseconds since the epoch. `date` takes the same time however this script is started, so it does not affect
# differences.
set -eu
date +%s%N
# The least time before a person could have typed anything.
sleep 0.5
log="$CODEX_HOME/sessions/2026/01/01/rollout-2026-01-01T00-00-00-$BENCH_SESSION.jsonl"
mkdir -p "${log%/*}"
exec 3>>"$log"
now=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
sed "s/@TIME@/$now/g; s/@MILLISECONDS@/$(date +%s%3N)/g; s/@SESSION@/$BENCH_SESSION/g" "$BENCH_TEMPLATE" >&3
# Codex's log is on disk long before Codex ends, so waiting for the disk must not be measured.
sync "$log"
sleep 0.3
date +%s%N
