#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Each fault of a program that prints events gets a verdict with a reason, and never hangs a run.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels and segments are the checkout's own: here nothing is fetched twice.
BPFCHECK_BUILD=$repo/build
results=$work/results

run "$scripts/run-kernel" --suite "$BPFCHECK_BUILD/faults" --filter 'listen/*' --timeout 600 --results "$results" \
	--events debian:6.1-cloud
is 'exit code' "$status" 1
console=$(cat "$results"/debian/*/console.log)

# verdict NAME WHAT PATTERN: the test listen/NAME, which is about WHAT, with its lines.
verdict() {
	match "$2" "$(printf '%s\n' "$console" | tr -d '\r' | awk -v name="listen/$1" '
		/^(pass|fail|skip) / { mine = $2 == name }
		mine && /^(pass|fail|skip|     )/')" "$3"
}

verdict good 'events, numbers of 64 bits, a last line on the stop' 'pass*'
verdict ready_on_stderr 'ready on stderr; what came before does not count' 'pass*'
verdict end_by_itself 'it ends when all has come' 'pass*'
verdict end_when_killed 'it prints without end, and dies of the signal' 'pass*'
verdict never_end_killed 'it prints without end, and is killed as the test says' 'pass*'
verdict quiet_daemon 'a daemon that says nothing' 'pass*'
verdict end_in_line 'a last line without a newline' 'pass*'
verdict columns 'columns: both events, and half a line' \
	'fail*: 1 line(s) * do not fit the header, the first of them: "0.014": 1 words for 5 columns'
verdict flood '100 MB' 'pass*'
verdict zz_alone 'no process is left' 'pass*'

verdict garbage 'garbage: how many lines, and the first' \
	'fail*: 2 line(s) of the listener?s stdout are no JSON objects, the first of them: "Segmentation fault"*'
verdict untyped 'an object without a type' \
	'fail*: 1 line(s) of the listener?s stdout have no type in ?event.kind?, the first of them: *kynd*'
verdict long 'a line of 2 MiB' 'fail*: 1 line(s) of the listener?s stdout are longer than 1 MiB*'
verdict end_in_half_a_line 'a last line that is cut' 'fail*: 1 line(s) * no JSON objects*premature end*'
verdict nothing 'it is never ready' 'fail*: the listener was not ready after 1 s: no line on its stdout*licence*'
verdict nothing_fits 'nothing fits the pattern' \
	'fail*: the listener was not ready after 1 s: no line * matches "?probes attached?"*'
verdict exit_at_once 'it cannot start' \
	'fail*: the listener exited with 3 before it was ready: "failed to start: No such file"*cannot attach*'
verdict exit_early 'it ends early' 'fail*: the listener exited with 4 before it was stopped: "out of cheese"*'
verdict end_too_early 'it ends, and could not see what is refused' \
	'fail*: the listener exited with 0 before it was stopped*'
verdict crash 'it crashes' 'fail*: the listener was killed by signal 11 * it was stopped: "about to crash"*'
verdict fail_at_the_end 'it fails at the end' \
	'fail*: the listener exited with 5 when it was stopped: "3 events were lost"*'
verdict never_end 'it ignores the signal' 'fail*: the listener did not end when it was sent SIGINT*killed*'
verdict loud_daemon 'a daemon that could still print' 'fail*: processes that the listener left behind*killed*'
verdict refused 'an event that is refused' 'fail*: refuse EXEC: one came: pid is*'
verdict count_late 'one too many, in the last line' 'fail*: expect 2 EXEC: got 3*'
verdict other_type 'a type that never comes' 'fail*: FROK: no FROK event came*of other types: 1 FORK, 2 EXEC, 1 BYE*'

# Events are records, and the numbers in them whole.
match 'the events of a test' "$(grep '"test":"listen/good"' "$results"/debian/*/records.ndjson)" \
	'*"object":"talker","event":"FORK","fields":{*"size":"18446744073709551615"*"ratio":"0.5"*"event":"BYE"*'

mkdir "$work/suite"
printf 'listen nobody\ntype from t\nrun nobody\nexpect X\n' >"$work/suite/a.test"
run "$scripts/run-kernel" --suite "$work/suite" debian:6.1-cloud
is 'no such program: exit code' "$status" 2
touch "$work/suite/nobody" && chmod +x "$work/suite/nobody"
printf 'listen a.test\ntype from t\nrun nobody\nexpect X\n' >"$work/suite/a.test"
run "$scripts/run-kernel" --suite "$work/suite" debian:6.1-cloud
match 'one that is no program: place and cause' "$err" '*a.test:1:8: *not executable*'
tap_done
