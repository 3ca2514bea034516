#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The probes' three ways to attach report the same events on the same kernel.

# shellcheck source=tests/self/host/tap.sh
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

# attach HOW KERNEL OPTION...
attach() {
	results=$work/$1
	rm -rf "$results"
	how=$1
	shift
	run "$scripts/run-kernel" --accel tcg --attach "$how" --results "$results" "$@"
}

sections() {
	grep -ho '"section":"[a-z_]*' "$results"/*/*/records.ndjson | sort -u | cut -d '"' -f 4 | xargs
}

# events HOW KERNEL: all that were reported, but for what time and chance decide: which thread is the last to end, how much a
# socket takes that nobody reads from.
events() {
	attach "$1" "$2" --events --kernel-args lsm=yama,bpf
	is "$1: exit code" "$status" 0
	grep '"type":"event"' "$results"/*/*/records.ndjson |
		sed '/"event":"exit"/s/"tid":[0-9]*//; /tcp_refused/s/"sent":[0-9]*//
			/tcp_unsent/s/"\(sent\|received\)":[0-9]*//g
			s/"\(nonce\|seq\|ts_ns\|start_ns\)":[^,}]*//g; s|/proc/[0-9]*|/proc/|g' | renumber >"$work/$1.events"
}

for spec in debian:5.10-cloud debian:6.1-cloud; do
	kernel=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$spec")
	events fentry "$kernel"
	is "$spec: fentry" "$(sections)" 'fentry fexit tp_btf tracepoint'
	ok "$spec: there were events" test "$(wc -l <"$work/fentry.events")" -gt 100
	events kprobe "$kernel"
	is "$spec: kprobe" "$(sections)" 'kprobe kretprobe raw_tracepoint tracepoint'
	ok "$spec: the same events by kprobe" diff "$work/fentry.events" "$work/kprobe.events"
	events lsm "$kernel"
	is "$spec: lsm" "$(sections)" 'fentry fexit lsm tp_btf tracepoint'
	ok "$spec: the same events by lsm" diff "$work/fentry.events" "$work/lsm.events"
done

# Which way is taken.
for modules in yama,bpf yama; do
	attach auto "$kernel" --filter ptrace/ptrace --kernel-args "lsm=$modules"
	is "auto, with lsm=$modules: exit code" "$status" 0
	match "auto, with lsm=$modules: LSM programs" "$(sections | grep -cw lsm)" "$(echo "$modules" | grep -c bpf)"
done
attach lsm "$kernel" --filter ptrace/ptrace --kernel-args lsm=yama
is 'lsm, without it: exit code' "$status" 1
match 'lsm, without it: why not' "$out" '*ptrace.bpf.o as lsm: *bpf is not in /sys/kernel/security/lsm*'

run "$scripts/run-kernel" --attach hook "$kernel"
is 'no such way: exit code' "$status" 2
tap_done
