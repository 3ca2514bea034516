#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The ways into a real kernel, the channels out of it, and a machine that has to be stopped.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels are the checkout's own: here nothing is fetched twice.
ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
kernel=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" debian:6.1-cloud)
results=$work/results
test=process/exit_code

boot() {
	rm -rf "$results"
	run "$scripts/run-kernel" --accel tcg --results "$results" --filter "$test" --timeout 60 "$@"
	records=$(cat "$results"/*/*/records.ndjson 2>/dev/null) || records=
}

boot "$kernel"
is 'vmlinux: exit code' "$status" 0
match 'vmlinux: what was tested' "$out" '*\[PASS\] debian/6.1*1 passed*'
match 'modules: records come over virtio' "$records" '*"type":"hello"*"channel":"virtio"*'

mkdir "$work/packed"
cp -R "$kernel/." "$work/packed"
rm "$work/packed/vmlinux"
boot "$work/packed"
is 'bzImage: exit code' "$status" 0

# virtio is made of modules in this kernel, and a bare image has none.
boot "$kernel/vmlinuz"
is 'a bare bzImage: exit code' "$status" 0
match 'a bare bzImage: records come over the second serial port' "$records" '*"type":"hello"*"channel":"serial"*'

generic=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" debian:6.1)
# shellcheck disable=SC2016 # for the guest's shell
boot "$generic" -- /bpfcheck/bin/busybox sh -c 'echo "from $1" >/host/file' sh 'the guest'
is 'a command: exit code' "$status" 0
is 'it wrote to the share' "$(cat "$results"/debian/*/share/file)" 'from the guest'

cat >"$work/init.c" <<-'EOF'
	#include <unistd.h>
	int main(void) { for (;;) pause(); }
EOF
gcc -static -o "$work/init" "$work/init.c"
begun=$(date +%s)
boot --boot-timeout 6 --init "$work/init" "$kernel"
is 'an init that does nothing: exit code' "$status" 4
match 'an init that does nothing: NOBOOT' "$out" '*\[NOBOOT\]*'
ok 'an init that does nothing: the deadline is kept' test $(($(date +%s) - begun)) -le 15
ok 'an init that does nothing: where the processor was' grep -q 'RIP=' "$results"/debian/*/machine.ndjson
tap_done
