#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests with stand-ins for kernels and QEMU: what ends kernels before their time, and what is seen on a terminal.

# shellcheck disable=SC2016 # QEMU's variables
# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

fake_runs 4
results=$work/results
arrived=$work/arrived
mkfifo "$arrived"
# The events of a machine that runs until it is stopped.
hang="sleep 97.$$"
export hang

run_tests() {
	: >"$work/started"
	run timeout 60 "$scripts/run-tests" --accel tcg --results "$results" "$@"
}

# ended_well NAME
ended_well() {
	is "$1: no machine is left" "$(pgrep -f "^$hang")" ''
	is "$1: no scratch is left" "$(ls "$TMPDIR")" ''
}

# Kernel 3 is running when kernel 2 fails.
failing='case $version in
	1.2.2-*) read -r _ <"${0%/*}/arrived"; outcome=fail ;;
	1.2.3-*) echo >"${0%/*}/arrived"; exec $hang ;;
esac'
before "$failing"
run_tests -j2 --fail-fast --matrix "$work/matrix"
is 'fail-fast: exit code' "$status" 1
is 'fail-fast: the others are not run' "$(verdicts)" '1.2.1 PASS 1.2.2 FAIL 1.2.3 NOTRUN 1.2.4 NOTRUN '
match 'fail-fast: counted' "$out" '*FAIL: 1 of 4 kernels passed, 2 NOTRUN, 1 FAIL'
is "fail-fast: parallel's words for it are not shown" "$(printf '%s\n' "$err" | grep -c -e parallel: -e run-kernel)" 0
ended_well fail-fast
run_tests -j2 --fail-fast --resume --matrix "$work/matrix"
is 'fail-fast resumed: it has failed already' "$(started)$status" 1
before :
run_tests -j2 --resume --matrix "$work/matrix"
is 'resumed without it: the rest is run' "$(started | tr ' ' '\n' | sort | tr '\n' ' ')" '1.2.3 1.2.4 '
is 'resumed without it: what failed has failed' "$(verdicts)" '1.2.1 PASS 1.2.2 FAIL 1.2.3 PASS 1.2.4 PASS '
run_tests --fail-fast "$work/nothing.deb" "$work/kernel 1"
is 'fail-fast, a kernel that cannot be named: exit code' "$status" 2
head -c 9000 "$work/kernel 1" >"$work/short"
run_tests --fail-fast "$work/short" "$work/kernel 1"
is 'fail-fast, a kernel that cannot be had: exit code' "$status" 5
match 'fail-fast, a kernel that cannot be had: the other is not run' "$(started)$out" '*NOTRUN?*1.2.1*'

# Memory as a file says: enough for two kernels; too little once the first and the third are running. Each has the
# other's pipe, and goes on when the other has been ended.
BPFCHECK_MEMINFO=$work/meminfo
export BPFCHECK_MEMINFO
memory='memory() { echo "MemAvailable: $1 kB" >"$BPFCHECK_MEMINFO"; }'
eval "$memory"
mkfifo "$QEMU.first" "$QEMU.third"
scarce="$memory"'
case $version$(ls "$0.both" 2>/dev/null) in
	1.2.1-????????)
		exec 5>"$0.first" 6<"$0.third"
		read -r _ <&6
		memory "$later"
		;;
	1.2.3-????????)
		exec 6<"$0.first" 5>"$0.third"
		: >"$0.both"
		memory 100000
		read -r _ <&6
		memory "$later"
		;;
esac'
before "later=1500000
$scarce"
memory 1500000
run_tests -j4 --matrix "$work/matrix"
is 'memory for two: exit code' "$status" 0
match 'memory for two: two at a time' "$err" '*too little for 4 kernels at a time; taking 2*4 kernels, 2 at a time*'
match 'memory for two: how the machines are run' "$err" '*running 4 kernels, 2 at a time (tcg)*'
last=$(tail -n 1 "$work/started")
is 'memory for two: one is ended, and run again when the others have ended' \
	"$(sort -u "$work/started" | tr '\n' ' ')$(wc -l <"$work/started") $(grep -cx "$last" "$work/started")" \
	'1.2.1 1.2.2 1.2.3 1.2.4 5 2'
is 'memory for two: all pass' "$(verdicts)" '1.2.1 PASS 1.2.2 PASS 1.2.3 PASS 1.2.4 PASS '
rm "$QEMU.both"
before "later=100000
$scarce"
memory 1500000
run_tests -j4 --fail-fast --matrix "$work/matrix"
is 'ended for want of memory, and fail-fast: that is no failure' "$status $(verdicts)" \
	'0 1.2.1 PASS 1.2.2 PASS 1.2.3 PASS 1.2.4 PASS '
memory 1000
before :
run_tests -j4 "$work/kernel 1" "$work/kernel 2"
is 'no memory at all: one at a time' "$status $(verdicts)" '0 1.2.1 PASS 1.2.2 PASS '
unset BPFCHECK_MEMINFO

# GNU parallel makes processes that sleep for hours, to count how many it may have, and can be interrupted before it has
# written down their ids.
mkdir "$work/bin"
cat >"$work/bin/parallel" <<-EOF
	#!/bin/sh
	trap 'exit 255' INT
	$hang &
	echo >"$arrived"
	wait
EOF
chmod +x "$work/bin/parallel"
env --default-signal=INT PATH="$work/bin:$PATH" "$scripts/run-tests" --accel tcg --results "$results" "$work/kernel 1" \
	>"$work/said" 2>&1 &
runner=$!
read -r _ <"$arrived"
kill -INT "$runner"
wait "$runner" && status=0 || status=$?
is 'interrupted while parallel begins: exit code' "$status" 130
ended_well 'interrupted while parallel begins'
before :
run_tests "$work/kernel 1"
match 'interrupted while parallel begins: the next run does not wait' "$status $err" '0 run-tests: running 1 *'

# On a terminal. script is told a command that /bin/sh runs.
TERM=xterm
command="exec '$scripts/run-tests' --accel tcg --results '$results' -j1 --matrix '$work/three'"
head -n 3 "$work/matrix" >"$work/three"
SHELL=/bin/sh
export TERM SHELL
before 'case $version in 1.2.2-*) outcome=fail ;; esac'
sed 's/^[0-9.]*/4000/' "$BPFCHECK_BUILD/durations" >"$work/slow"
mv "$work/slow" "$BPFCHECK_BUILD/durations"
run script -qec "$command" "$work/typescript"
# The sequence that erases the line, as one character.
out=$(printf '%s\n' "$out" | sed 's/\r\x1b\[K/^/g')
is 'a terminal: exit code' "$status" 1
match 'a terminal: how far it is, and until when' "$out" \
	"*^run-tests: 0 of 3 kernels, 0 failed, ETA [0-2][0-9]:[0-5][0-9]:[0-5][0-9]^*"
match 'a terminal: each verdict above that' "$out" \
	"*^\[PASS\] local/1.2.1-*^run-tests: 1 of 3 kernels, 0 failed*^\[FAIL\] local/1.2.2*2 of 3 kernels, 1 failed*"
match 'a terminal: nothing of it is left' "$out" "*3 of 3 kernels, 1 failed^bpfcheck  3 kernels*"
run_tests -j1 --matrix "$work/three"
is 'no terminal: only the verdicts' "$(printf '%s\n' "$err" | sed 's/-.*//' | sort)" "[FAIL] local/1.2.2
[PASS] local/1.2.1
[PASS] local/1.2.3
run"

# Ctrl-C there goes to all processes at the same time.
before 'case $version in 1.2.2-*) echo >"${0%/*}/arrived"; exec $hang ;; esac'
{
	read -r _ <"$arrived"
	printf '\003'
} | env --default-signal=INT script -qec "$command" "$work/typescript" >"$work/said" 2>&1 && status=0 || status=$?
is 'Ctrl-C on a terminal: exit code' "$status" 130
ended_well 'Ctrl-C on a terminal'
tap_done
