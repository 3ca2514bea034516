#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Each failure in a real guest gets its own outcome and exit code, and never passes: the suites of tests/self/faults.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels and segments are the checkout's own: here nothing is fetched twice.
BPFCHECK_BUILD=$repo/build
kernel=debian:6.1-cloud
results=$work/results

# fault FILTER OPTION...: run the tests of build/faults that match.
fault() {
	filter=$1
	shift
	run "$scripts/run-kernel" --suite "$BPFCHECK_BUILD/faults" --filter "$filter" --results "$results" "$@" "$kernel"
}

console() {
	cat "$results"/debian/*/console.log
}

fault 'liar/*' --timeout 60
is 'a liar that panics: exit code' "$status" 3
match 'a liar that panics: PANIC, and why' "$out" '*\[PANIC\]*during liar/liar: Kernel panic - not syncing: sysrq*'
match 'its success words did reach the console' "$(console)" '*\[PASS\] liar*"type":"exit"*Kernel panic*'
match 'junit.xml has an error' "$(cat "$results"/debian/*/junit.xml)" '*<error*'

fault 'crash/*' --timeout 60
is 'a generator that crashes: exit code' "$status" 1
match 'a generator that crashes: signal and last words' "$out" \
	'*\[FAIL\]*crash/crash: generator was killed by signal 11*about to die*'
match 'the same without a probe' "$out" '*crash/alone: generator was killed by signal 11*about to die*'

fault 'load/*' --timeout 60
is 'a probe that does not load: exit code' "$status" 1
match 'a hook that is not there: program and cause' "$out" \
	'*load/no_hook: *program count_calls (fentry/no_such_function) does not load: *no_such_function*'
match 'a program that is rejected: the line of the verifier' "$out" \
	"*load/rejected: *program count_forks *does not load: *invalid mem access 'map_value_or_null'*"
is 'a program that is rejected: no statistics in the summary' "$(printf '%s\n' "$out" | grep -c 'verification time')" 0
records=$(cat "$results"/debian/*/records.ndjson)
match 'the record of a rejected program has the log of the verifier' "$records" \
	'*"program":"count_forks"*"loaded":false*"log":"*call bpf_map_lookup_elem#1*'
match 'the program beside it is known to load' "$records" '*"program":"count_exits"*"loaded":true*'
match 'a log that is too long: the line of the verifier all the same' "$out" \
	"*load/many_steps: *program step_wrong *does not load: *invalid mem access 'map_value_or_null'*"
match 'a log that is too long: the program beside it is known to load' "$records" \
	'*"program":"step_long","section":"tracepoint/sched/sched_process_exit","loaded":true*'

fault 'skipped/*' --timeout 60
is 'a program that the kernel skips: exit code' "$status" 1
match 'it skips it once: the test is run again, and says so' "$out" \
	'*1 passed*1 failed*skipped/once: run 1 proved nothing: the kernel skipped 1 run*'
match 'it skips it ever: that proves nothing' "$out" '*skipped/ever: 1 event(s) were dropped*run 3 proved nothing*'

fault 'taint/*' --timeout 60
is 'a kernel that warned: exit code' "$status" 3
match 'a kernel that warned: SPLAT, though its test passed' "$out" '*\[SPLAT\]*1 passed*taint W*'

fault 'oom/*' --timeout 100 --memory 256
is 'no memory left: exit code' "$status" 3
match 'no memory left: OOM' "$out" '*\[OOM\]*during oom/oom*'

fault 'timeout/*' --timeout 2
is 'a payload without end: exit code' "$status" 4
match 'a payload without end: TIMEOUT' "$out" '*\[TIMEOUT\]*during timeout/timeout*'

fault 'hang/*' --timeout 3
is 'a guest that stops: exit code' "$status" 3
match 'a guest that stops: HANG' "$out" '*\[HANG\]*during hang/hang*'

fault 'requires/*' --timeout 60
is 'requirements: exit code' "$status" 0
match 'requirements: one is met, the others say what is missing' "$out" \
	'*1 passed*9 skipped*requires arch sparc: this is *requires config CONFIG_BPF_SYSCALL=n: it is y*'
fault 'requires/kernel_missing' --timeout 60
is 'all skipped is no pass: exit code' "$status" 1
match 'all skipped is no pass: it says so' "$out" '*\[FAIL\]*tested nothing*'

# An init that prints every success word, and dies.
cat >"$work/init.c" <<-'EOT'
	#include <stdio.h>
	int main(void)
	{
		puts("[PASS] everything  99 passed\nPASS\nexit status 0\n99 passed, 0 failed, 0 skipped");
		return 0;
	}
EOT
ok 'an init that dies: it compiles' "$repo/build/deps/bin/musl-gcc" -static -o "$work/init" "$work/init.c"
fault 'requires/all_met' --timeout 60 --init "$work/init"
is 'an init that dies: exit code' "$status" 4
match 'an init that dies: NOBOOT, and why' "$out" '*\[NOBOOT\]*Attempted to kill init*'

# A kernel image that was cut short.
folder=$("$scripts/fetch-kernel" "$kernel")
head -c 3000000 "$folder/vmlinuz" >"$work/truncated"
run "$scripts/run-kernel" --results "$results" "$work/truncated"
match 'a truncated kernel: exit code' "$status" '[45]'
is 'a truncated kernel: one line says it' "$(printf '%s\n' "$err" | grep -c truncated)" 1

tap_done
