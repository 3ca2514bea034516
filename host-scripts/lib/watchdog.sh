#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Ends a machine that takes too long. run-kernel starts this beside QEMU, and kills it when QEMU has ended.
#
# Usage: watchdog.sh BOOT_SECONDS RUN_SECONDS QEMU_PID MARKER FILE...
#
# Within BOOT_SECONDS one of the FILEs must have something in it (a record), and RUN_SECONDS later QEMU must be gone.
# Otherwise MARKER is made, and QEMU is asked to say where its processors are, and to quit; its QMP commands are written
# to descriptor 8.

set -eu
boot=$1
run=$2
qemu=$3
marker=$4
shift 4

# We may be killed at any time, and a sleep that goes on must be short, and hold nothing open.
pause() {
	left=$1
	while [ "$left" -gt 0 ]; do
		# Without a machine there is nothing to watch, even if nobody is left who could say so.
		kill -0 "$qemu" 2>/dev/null || exit 0
		sleep 1 8>&-
		left=$((left - 1))
	done
}

expire() {
	: >"$marker"
	printf '%s\n' '{"execute":"human-monitor-command","arguments":{"command-line":"info registers -a"}}' \
		'{"execute":"quit"}' >&8
	pause 5
	kill -KILL "$qemu"
	exit
}

any_record() {
	for file; do
		[ ! -s "$file" ] || return 0
	done
	return 1
}

# A look a second, so that a guest that hangs is found out soon after its own deadline, not after that of a slow boot.
waited=0
until any_record "$@"; do
	[ "$waited" -lt "$boot" ] || expire
	pause 1
	waited=$((waited + 1))
done
pause "$run"
expire
