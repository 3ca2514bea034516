#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The example suites of tests/examples, each on the oldest and on the newest kernel of kernels/test.matrix, as TAP.
#
# Usage: tests/examples.t [NAME...]     e.g. exec; all of them when none is named
#
# Environment: BPFCHECK_JOBS  kernels that run at once (default: the number of CPUs)

set -eu
repo=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
results=$repo/build/test/examples
kernels=$(grep -v '^#' "$repo/kernels/test.matrix" | sed -n '1p;$p')

# shellcheck disable=SC2046 # names of folders of ours
[ $# -gt 0 ] || set -- $(ls "$repo/build/examples")
rm -rf "$results"
mkdir -p "$results"
status=0
for name; do
	# shellcheck disable=SC2086 # a list of words
	"$repo/host-scripts/run-tests" ${BPFCHECK_JOBS:+-j "$BPFCHECK_JOBS"} --results "$results/$name" \
		--suite "$repo/build/examples/$name" $kernels >&2 || status=$?
	"$repo/build/bin/testrunner" report --format tap "$results/$name" >"$results/$name.tap" || status=$?
	sed -n "s/^\(\(not \)\{0,1\}ok\) [0-9]* - /\1 - $name /p; /^ /p" "$results/$name.tap"
done
echo "1..$(cat "$results"/*.tap | grep -c '^\(not \)\{0,1\}ok')"
exit "$status"
