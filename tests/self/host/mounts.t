#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The root that init makes, per kernel: a tmpfs, which pivot_root(2) can leave, with the initramfs's files at their
# places.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels are the checkout's own: here nothing is fetched twice.
ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
suite=$work/suite
mkdir "$suite"
echo here >"$suite/marker"

# check_root SPEC START: START is --cold, or --warm for a suite that arrives after init has made the root.
check_root() {
	kernel=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$1")
	run "$scripts/run-kernel" --accel tcg --results "$work/results" --suite "$suite" "$2" "$kernel" -- sh -c '
		cat /proc/mounts marker
		stat -c %n /bpfcheck/suite/marker /bin/sh /usr/bin/env /bpfcheck/modules
		mkdir /new && mount -t tmpfs new /new && mkdir /new/old && cd /new && pivot_root . old && echo left'
	is "$1, $2: exit code" "$status" 0
	is "$1, $2: the root is a tmpfs" "$(printf '%s\n' "$out" | sed -n 's,^[^ ]* / \([^ ]*\) .*,\1,p')" tmpfs
	is "$1, $2: only /bpfcheck is still in the rootfs" \
		"$(printf '%s\n' "$out" | sed -n 's,^rootfs \([^ ]*\) .*,\1,p')" /bpfcheck
	match "$1, $2: files are at their places, and pivot_root succeeds" "$out" '*
here
/bpfcheck/suite/marker
/bin/sh
/usr/bin/env
/bpfcheck/modules
left'
}

check_root debian:5.10-cloud --cold
check_root debian:6.1-cloud --cold
check_root debian:6.12 --cold
check_root debian:7-cloud --cold
check_root debian:6.1-cloud --warm
tap_done
