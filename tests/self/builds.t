#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Kernels built from Debian's linux-source-6.1: in reasonable time, good for the default suite, with their types.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/host/tap.sh"

# Not a copy: it is the kernels of this checkout that are made.
BPFCHECK_BUILD=$repo/build
minutes=12

# build SPEC: sets folder.
build() {
	echo "# build-kernel $*" >&2
	status=0
	folder=$("$scripts/build-kernel" "$@") || status=$?
	is "build-kernel $*" "$status" 0
}

# suite NAME: of all, to be seen.
suite() {
	run "$scripts/run-kernel" --results "$work/results" "$folder"
	printf '%s\n' "$out" >&2
	is "$1: the default suite" "$status" 0
	ok "$1: nothing is skipped" test "${out#* skipped}" = "$out"
}

# seconds: of a processor, that all we have waited for took until now.
seconds() {
	times >"$work/times"
	awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] } print int(sum) }' \
		"$work/times"
}

# Earlier objects must not shorten the build, and other load of the machine must not count.
export CCACHE_DISABLE=1
build --anew 6.1-tiny
took=$(($(seconds) / 60 / 2))
ok "tiny: built in $took of $minutes minutes of two processors" test "$took" -lt "$minutes"
suite tiny
is 'tiny: bpfcheck vmlinux finds its vmlinux' "$("$BPFCHECK_BUILD/bin/bpfcheck" vmlinux "$folder/vmlinuz")" "$folder/vmlinux"
for section in .debug_info .BTF; do
	ok "tiny: its vmlinux has $section" sh -c "readelf -SW '$folder/vmlinux' | grep -q ' $section '"
done

build 6.1-tiny-nobtf
ok 'nobtf: its vmlinux has .debug_info' sh -c "readelf -SW '$folder/vmlinux' | grep -q ' .debug_info '"
ok 'nobtf: its vmlinux has no .BTF' sh -c "! readelf -SW '$folder/vmlinux' | grep -q ' .BTF '"
ok 'nobtf: pahole made BTF of that' test -s "$folder/btf"
suite nobtf
match 'nobtf: every probe loads, and is tested' "$out" "*$(find "$BPFCHECK_BUILD/suite" -name '*.test' | wc -l) passed*"
tap_done
