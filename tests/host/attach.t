#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The probes' two ways to attach report the same events on the same kernel.

# shellcheck source=tests/host/tap.sh
. "$(dirname "$0")/tap.sh"

ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"

# renumber: each task id, port and namespace (4026...) becomes the place at which it was first seen in the test: chance
# decides whether the next test gets it again.
renumber() {
	awk '{
		match($0, /"test":"[^"]*"/)
		now = substr($0, RSTART, RLENGTH)
		if (now != test) {
			split("", seen)
			count = 0
			test = now
		}
		line = ""
		while (match($0, /"((tid|tgid|ppid|(old_)?(pgid|sid)|port)":[0-9]+|[a-z_]+":4026[0-9]+)/)) {
			split(substr($0, RSTART, RLENGTH), part, ":")
			id = (part[1] == "\"port\"" ? "port " : "") part[2]
			if (!(id in seen))
				seen[id] = ++count
			line = line substr($0, 1, RSTART - 1) part[1] ":" seen[id]
			$0 = substr($0, RSTART + RLENGTH)
		}
		print line $0
	}'
}

# events HOW KERNEL: all that were reported, but for what time and chance decide: which thread is the last to end.
events() {
	run "$scripts/run-kernel" --accel tcg --events --attach "$1" --results "$work/$1" "$2"
	is "$1: exit code" "$status" 0
	grep '"type":"event"' "$work/$1"/*/*/records.ndjson |
		sed '/"event":"exit"/s/"tid":[0-9]*//; s/"\(nonce\|seq\|ts_ns\|start_ns\)":[^,}]*//g; s|/proc/[0-9]*|/proc/|g' | renumber >"$work/$1.events"
	grep -o '"section":"[a-z_]*' "$work/$1"/*/*/records.ndjson | sort -u | cut -d '"' -f 4 | xargs >"$work/$1.sections"
}

for spec in debian:5.10-cloud debian:6.1-cloud; do
	kernel=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$spec")
	rm -rf "$work/fentry" "$work/kprobe"
	events fentry "$kernel"
	events kprobe "$kernel"
	is "$spec: fentry" "$(cat "$work/fentry.sections")" 'fentry fexit tp_btf tracepoint'
	is "$spec: kprobe" "$(cat "$work/kprobe.sections")" 'kprobe kretprobe raw_tracepoint tracepoint'
	ok "$spec: there were events" test "$(wc -l <"$work/fentry.events")" -gt 100
	ok "$spec: the same events" diff "$work/fentry.events" "$work/kprobe.events"
done

run "$scripts/run-kernel" --attach hook "$kernel"
is 'no such way: exit code' "$status" 2
tap_done
