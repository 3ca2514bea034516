#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Real kernels that lack what a run would rather have: each channel, and tests without the driver that they need. Those of
# tests/self/kernels.t without 9p pass the whole suite.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels are the checkout's own: here nothing is fetched twice.
ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
fetch() {
	BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$1"
}

# without FOLDER NAME MODULE...: a copy of the kernel, "$work/NAME", that has no such modules.
without() {
	copy=$work/$2
	mkdir "$copy"
	# Links take no time; what is changed is replaced.
	cp -al "$1/." "$copy" 2>/dev/null || cp -a "$1/." "$copy"
	rm "$copy/modules.cpio"
	shift 2
	for module; do
		find "$copy/modules" -name "$module.ko*" -delete
	done
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$copy/modules" "$(ls "$copy/modules/lib/modules")"
}

boot() {
	rm -rf "$work/results"
	run "$scripts/run-kernel" --accel tcg --results "$work/results" --timeout 60 "$@"
	records=$(cat "$work/results"/*/*/records.ndjson 2>/dev/null) || records=
}

cloud=$(fetch debian:6.1-cloud)
generic=$(fetch debian:6.1)
test='process/ex*'
count=$(cd "$BPFCHECK_BUILD/suite" && find process -name 'ex*.test' | wc -l)

without "$generic" share virtio_console
boot --filter "$test" "$work/share"
is 'without virtio console: exit code' "$status" 0
match 'without virtio console: by the share' "$records" '*"type":"hello"*"channel":"9p"*'
match 'without virtio console: every test has its verdict' "$out" "*$count passed*"
match 'without virtio console: nothing is lost' "$(printf '%s\n' "$records" | tail -n 1)" '*"type":"exit"*"dropped_lines":0*'

without "$cloud" serial virtio_console
boot --filter "$test" "$work/serial"
is 'without virtio console and 9p: exit code' "$status" 0
match 'without virtio console and 9p: by the second serial port' "$records" '*"type":"hello"*"channel":"serial"*'
match 'without virtio console and 9p: every test has its verdict' "$out" "*$count passed*"

without "$cloud" no-overlay overlay
boot --filter 'file/[or]*' "$work/no-overlay"
is 'without overlayfs: exit code' "$status" 0
match 'without overlayfs: its test is skipped' "$out" '*1 skipped*'
match 'without overlayfs: for that reason' "$records" \
	'*"name":"file/overlay","outcome":"skip","reason":"requires filesystem overlay"*'

# A module that is present but damaged.
without "$cloud" damaged
module=$(find "$work/damaged/modules" -name 'overlay.ko*')
head -c 1000 "$module" >"$work/part"
mv "$work/part" "$module"
boot --filter 'file/[or]*' "$work/damaged"
is 'a damaged module: exit code' "$status" 0
match 'a damaged module: the record of it' "$records" '*"type":"hello"*"failed":[[]{"step":"module","name":"*overlay.ko","error":"Exec format error"}]}*'
match 'a damaged module: what needs it is skipped' "$records" '*"reason":"requires filesystem overlay"*'

# An image without anything beside it, of which nothing is known: what is built in is used.
newest=$(fetch debian:7.2-cloud)
boot --filter 'file/[or]*' "$newest/vmlinuz"
is 'without modules: exit code' "$status" 0
match 'without modules: the channel that is built in' "$records" '*"type":"hello"*"channel":"virtio"*'
match 'without modules: what needs one is skipped' "$records" '*"reason":"requires filesystem overlay"*'

# A driver that is built in, and yet not there: no channel, no pass.
cat >"$work/qemu" <<-'END'
	#!/bin/sh
	before=
	for argument; do
		shift
		[ "$before" != -append ] || argument="$argument initcall_blacklist=virtio_console_init"
		before=$argument
		set -- "$@" "$argument"
	done
	exec qemu-system-x86_64 "$@"
END
chmod +x "$work/qemu"
QEMU=$work/qemu boot --cold --filter "$test" "$newest"
match 'a driver that does not start: no pass' "$status $out" '4 *\[NOBOOT\]*'
match 'a driver that does not start: the console says it' "$(cat "$work/results"/*/*/console.log)" '*find a channel for records: No such device*'
tap_done
