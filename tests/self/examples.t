#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The example suites of tests/examples, each on the oldest and on the newest kernel of kernels/test.matrix, as TAP. One with
# a file `packages`, in which their names stand, is run in a Debian root that has these, and on the second kernel, too.
#
# Usage: tests/self/examples.t [NAME...]     e.g. exec; all of them when none is named
#
# Environment: BPFCHECK_JOBS  kernels that run at once (default: the number of CPUs)

set -eu
repo=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
results=$repo/build/test/examples

# kernels SED: some of the matrix, by the numbers of their lines.
kernels() {
	grep -v '^#' "$repo/kernels/test.matrix" | sed -n "$1"
}

# shellcheck disable=SC2046 # names of folders of ours, and of kernels
[ $# -gt 0 ] || set -- $(ls "$repo/build/examples")
rm -rf "$results"
mkdir -p "$results"
status=0
for name; do
	suite=$repo/build/examples/$name
	set -- --suite "$suite" --results "$results/$name" ${BPFCHECK_JOBS:+-j "$BPFCHECK_JOBS"}
	# shellcheck disable=SC2046,SC2016 # a list of names; the $ is of sed
	if [ -f "$suite/packages" ]; then
		root=$("$repo/host-scripts/mkrootfs" --packages "$(paste -s -d , "$suite/packages")" debian:bookworm)
		# The tools load dozens of programs.
		set -- "$@" --root "$root" --timeout 400 $(kernels '1p;2p;$p')
	else
		set -- "$@" $(kernels '1p;$p')
	fi
	"$repo/host-scripts/run-tests" "$@" >&2 || status=$?
	"$repo/build/bin/bpfcheck" report --format tap "$results/$name" >"$results/$name.tap" || status=$?
	sed -n "s/^\(\(not \)\{0,1\}ok\) [0-9]* - /\1 - $name /p; /^ /p" "$results/$name.tap"
done
echo "1..$(cat "$results"/*.tap | grep -c '^\(not \)\{0,1\}ok')"
exit "$status"
