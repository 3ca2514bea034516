#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests with stand-ins for kernels and QEMU: which kernels are run, in which order, and which are not run again.

# shellcheck disable=SC2016 # QEMU's variables
# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

fake_runs 5
results=$work/results
matrix=$work/matrix
head -n 3 "$matrix" >"$work/three"

run_tests() {
	: >"$work/started"
	run "$scripts/run-tests" --accel tcg --results "$results" "$@"
}

# took SECONDS...: makes the last run the one in which kernels 1, 2, ... took that long.
took() {
	awk -v seconds="$*" 'BEGIN { FS = OFS = "\t"; split(seconds, took, " ") }
		{ match($2, /1\.2\.[0-9]+/); $1 = took[substr($2, RSTART + 4, 1)]; print }' "$BPFCHECK_BUILD/durations" >"$work/taught"
	mv "$work/taught" "$BPFCHECK_BUILD/durations"
}

# The order.
before :
run_tests -j1 --matrix "$work/three"
is 'never run: the order of the list' "$(started)" '1.2.1 1.2.2 1.2.3 '
is 'its durations are kept' "$(grep -c '^[0-9.]*	.*/kernels/local/1\.2\.[123]-' "$BPFCHECK_BUILD/durations")" 3
took 3 90 12
run_tests -j1 --matrix "$matrix"
is 'those never run first, then the longest' "$(started)" '1.2.4 1.2.5 1.2.2 1.2.3 1.2.1 '
is 'once each' "$(wc -l <"$BPFCHECK_BUILD/durations")" 5
took 1 2 3 4 5
before 'outcome=fail'
run_tests -j1 --filter '*' "$work/kernel 1"
before 'exit 1'
run_tests -j1 "$work/kernel 5"
before :
run_tests -j1 --matrix "$matrix"
is 'other tests, and what broke, do not count' "$(started)" '1.2.5 1.2.4 1.2.3 1.2.2 1.2.1 '

# Shards, of machines with histories of their own.
for count in 2 3; do
	: >"$work/all"
	index=1
	while [ "$index" -le "$count" ]; do
		run_tests --shard "$index/$count" --matrix "$matrix"
		is "shard $index of $count: exit code" "$status" 0
		cat "$work/started" >>"$work/all"
		took "$index" 2 3 "$count" 1
		index=$((index + 1))
	done
	is "$count shards: every kernel once" "$(sort "$work/all" | tr '\n' ' ')" '1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 '
done
is 'the last shard of three' "$(verdicts)" '1.2.3 PASS '
run_tests --shard 6/6 --matrix "$matrix"
is 'a shard without a kernel: exit code' "$status" 2
match 'a shard without a kernel: says so' "$err" '*5 kernels are too few*'

# An interruption, and going on.
arrived=$work/arrived
mkfifo "$arrived"
rm -rf "$results"
hang="sleep 97.$$"
export hang
before 'case $version in 1.2.3-*) echo >"${0%/*}/arrived"; exec $hang ;; esac'
run_tests -j1 --resume "$work/kernel 1"
is 'resume, and there is nothing: run' "$(started)" '1.2.1 '
rm "$BPFCHECK_BUILD/durations"
: >"$work/started"
env --default-signal=INT "$scripts/run-tests" --accel tcg --results "$results" -j1 --matrix "$matrix" >"$work/said" 2>&1 &
runner=$!
read -r _ <"$arrived"
kill -INT "$runner"
wait "$runner" && status=0 || status=$?
is 'interrupted: exit code' "$status" 130
is 'interrupted: no machine is left' "$(pgrep -f "^$hang")" ''
is 'interrupted: no scratch is left' "$(ls "$TMPDIR")" ''
before 'case $version in 1.2.4-*) outcome=fail ;; esac'
run_tests -j1 --resume --matrix "$matrix"
is 'resumed: only the rest is run' "$(started)" '1.2.3 1.2.4 1.2.5 '
is 'resumed: all count' "$(verdicts)" '1.2.1 PASS 1.2.2 PASS 1.2.3 PASS 1.2.4 FAIL 1.2.5 PASS '
is 'resumed: exit code' "$status" 1
before :
run_tests -j1 --resume --matrix "$matrix"
is 'resumed, and nothing is left: none is run' "$(started)" ''
is 'resumed, and nothing is left: exit code of the results' "$status" 1

# Changes that make a result of an earlier run stale.
folder=$(echo "$results"/local/1.2.1-????????)
kernel=$(echo "$BPFCHECK_BUILD"/kernels/local/1.2.1-*)
resume_after() {
	name=$1
	want=$2
	shift 2
	run_tests -j1 --resume --matrix "$matrix" "$@"
	is "$name" "$(started)" "$want"
}
rm "$folder/run.json"
resume_after 'no run.json: run again' '1.2.1 '
chmod 600 "$kernel/meta.json"
resume_after 'a kernel that was fetched anew: run again' '1.2.1 '
before 'exit 1'
run_tests --matrix "$work/three"
before :
run_tests --resume "$work/kernel 2"
is 'a run that could not be done: done again' "$(started)" '1.2.2 '
"$scripts/run-kernel" --accel tcg --results "$results" "$work/kernel 2" >"$work/said" 2>&1
run_tests --resume "$work/kernel 2"
is 'a run of another kind: run again' "$(started)" '1.2.2 '
head -n 1 "$matrix" >"$work/one"
matrix=$work/one
resume_after 'from here on only one' '1.2.1 '
resume_after 'the same again' ''
resume_after 'other options: run again' '1.2.1 ' --timeout 33
resume_after 'another command line: run again' '1.2.1 ' --timeout 33 --kernel-args nosmt
run_tests -j1 --matrix "$matrix" --timeout 33
touch "$BPFCHECK_BUILD/bin/testrunner"
resume_after 'another program: run again' '1.2.1 ' --timeout 33
echo '# changed' >>"$(find "$BPFCHECK_BUILD/suite" -name '*.test' | head -n 1)"
resume_after 'another suite: run again' '1.2.1 ' --timeout 33
resume_after 'none of these: not' '' --timeout 33
tap_done
