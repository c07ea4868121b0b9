#!/bin/sh
# In Codex's place where it is measured what is around it. Tells when it began, writes the log of a run, and tells when
# it ends, in nanoseconds since 1970. Asking `date` takes as long whoever started this, so a difference between two ways
# to start it is all theirs.
set -eu
date +%s%N
# As long as a screen needs at least before a person has typed anything.
sleep 0.5
log="$CODEX_HOME/sessions/2026/01/01/rollout-2026-01-01T00-00-00-$BENCH_SESSION.jsonl"
mkdir -p "${log%/*}"
exec 3>>"$log"
now=$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)
sed "s/@TIME@/$now/g; s/@MILLISECONDS@/$(date +%s%3N)/g; s/@SESSION@/$BENCH_SESSION/g" "$BENCH_TEMPLATE" >&3
# What Codex wrote is on the disk long before its end: nobody is to wait for that.
sync "$log"
sleep 0.3
date +%s%N
