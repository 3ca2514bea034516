#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The default suite on every kernel of kernels/test.matrix, as TAP: a point a test, and one a kernel.
#
# Environment: BPFCHECK_JOBS  kernels that run at once (default: the number of CPUs)

set -eu
repo=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
results=$repo/build/test/results

rm -rf "$results"
status=0
"$repo/host-scripts/run-tests" ${BPFCHECK_JOBS:+-j "$BPFCHECK_JOBS"} --results "$results" \
	--matrix "$repo/kernels/test.matrix" >&2 || status=$?
"$repo/build/bin/bpfcheck" report --format tap "$results" || status=$?
exit "$status"
