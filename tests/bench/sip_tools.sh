#!/usr/bin/env bash
# The tap's SIP beside sngrep and tshark on the same capture, in messages a second of one processor; and twice as many calls on the same trunk, which
# should take twice as long.
set -euo pipefail
calls=7500
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for n in $calls $((2 * calls)); do python3 tests/bench/sip_calls.py "$n" >"$folder/$n.pcap"; done

best=3  # of so many runs: others at work on the machine only ever slow one down
cpu() {  # cpu COMMAND...: seconds of processor time that it took at best
  local TIMEFORMAT='%U %S' i
  for i in $(seq $best); do { time "$@" >/dev/null 2>"$folder/err" </dev/null; } 2>&1; done | awk 'NF == 2 {s = $1 + $2; if (!least || s < least) least = s} END {print least + 0}'
}
ours() {  # ours CALLS: messages a second
  HF_PCAP="$folder/$1.pcap" build/release/tests/sip_bench --benchmark_filter='packets_to_events' --benchmark_repetitions=$best --benchmark_out="$folder/out.json" --benchmark_out_format=json >/dev/null 2>&1 || true  # the other figures of the bench are not asked for
  sed -nE 's/.*"items_per_second": ([0-9.e+]+).*/\1/p' "$folder/out.json" | head -n $best | sort -g | tail -n 1
}
rate() { awk -v n="$1" -v s="$2" 'BEGIN {print (s > 0) ? 6 * n / s : 0}'; }  # rate CALLS SECONDS

declare -A sngrep tshark holdfast
for n in $calls $((2 * calls)); do
  sngrep[$n]=$(rate "$n" "$(cpu sngrep -N -q -I "$folder/$n.pcap")")
  tshark[$n]=$(rate "$n" "$(cpu tshark -q -z sip,stat -r "$folder/$n.pcap")")
  holdfast[$n]=$(ours "$n")
done
say() { awk -v o="$1" -v p="$2" -v name="$3" -v aim="$4" 'BEGIN {
  if (o <= 0 || p <= 0) { print "error: no figure of " name; exit 1 }
  printf "report: SIP from packets to events: %.0f messages/s of one processor = %.1f times %s (%.0f messages/s)%s\n", o, o / p, name, p, aim }'; }
say "${holdfast[$calls]}" "${sngrep[$calls]}" sngrep "; aim 20 times"
say "${holdfast[$calls]}" "${tshark[$calls]}" tshark ""
twice() { awk -v one="$2" -v two="$3" -v name="$1" 'BEGIN {printf "report: ... twice as many calls on the trunk take %s %.2f times as long for each message\n", name, one / two}'; }
twice us "${holdfast[$calls]}" "${holdfast[$((2 * calls))]}"
twice sngrep "${sngrep[$calls]}" "${sngrep[$((2 * calls))]}"
twice tshark "${tshark[$calls]}" "${tshark[$((2 * calls))]}"
