#!/usr/bin/env bash
# The agent as a whole: resident memory after a simulated day, and the time from start to the served page with that day in the journal,
# beside the start of a process that does nothing.
set -euo pipefail
bin=build/release/agent
folder=$(mktemp -d)
agent=''
cleanup() {
  [ -z "$agent" ] || kill -TERM "$agent" 2>/dev/null || true
  [ -z "$agent" ] || wait "$agent" 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
printf 'state_dir = "%s/state"\n[web]\nport = 0\n[pbx]\nkind = "simulator"\n' "$folder" >"$folder/agent.toml"

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
start() {  # start: runs the agent until it has told its page; sets `agent` and `took`
  local began
  rm -f "$folder/out"  # else the page of the life before is found in it
  began=$(milliseconds)
  "$bin/app/holdfast-agent" --config "$folder/agent.toml" >"$folder/out" 2>"$folder/err" &
  agent=$!
  until grep -qs '  state ' "$folder/out"; do
    kill -0 "$agent" || { cat "$folder/err"; exit 1; }
    [ $(($(milliseconds) - began)) -lt 60000 ] || exit 1
  done
  took=$(($(milliseconds) - began))
  cpu=$(awk '{print ($14 + $15) * 1000 / '"$(getconf CLK_TCK)"'}' "/proc/$agent/stat")
}
entries() { "$bin/tool/holdfast" status --state "$folder/state" 2>/dev/null | sed -n "s/^journal *\([0-9]*\) entries/\1/p" || true; }

start
last=-1 now=0
for _ in $(seq 60); do  # the back-fill is over when the journal hardly grows any more
  read -r -t 6 <> <(:) || true  # status.json is written every five seconds
  now=$(entries); now=${now:-0}
  [ "$now" -gt 50000 ] && [ $((now - last)) -lt 500 ] && break
  last=$now
done
rss=$(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$agent/status")
peak=$(awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$agent/status")
kill -TERM "$agent"; wait "$agent" || true
start
began=$(milliseconds)
"$bin/app/holdfast-agent" --version >/dev/null
nothing=$(($(milliseconds) - began))
echo "report: agent after a simulated day: $rss MB resident (aim 64), peak $peak MB, $now journal entries"
echo "report: agent start to page with that day: $took ms, $cpu ms of it at work (aim 1000); a process that does nothing: $nothing ms"
[ "$rss" -gt 0 ] && [ "$now" -gt 50000 ]
