#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Test programs that go wrong, in a real guest: each gets a verdict in words of its own, and nothing of what it said last
# is lost. What the formats make of output is in tests/self/unit/format_*_test.c.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels and segments are the checkout's own: here nothing is fetched twice.
BPFCHECK_BUILD=$repo/build
kernel=debian:6.1-cloud
results=$work/results
suite=$work/a\ suite
mkdir -p "$suite/below"

# program NAME FORMAT TIMEOUT: standard input is the script.
program() {
	cat >"$suite/$1.sh"
	chmod +x "$suite/$1.sh"
	printf 'exec %s.sh\nformat %s\ntimeout %s\n' "$1" "$2" "$3" >"$suite/$1.test"
}

program plan tap 10 <<'EOT'
#!/bin/sh
echo '1..3'; echo 'ok 1 - one'; echo 'ok 2 - two'
EOT
program status tap 10 <<'EOT'
#!/bin/sh
echo '1..1'; echo 'ok 1 - one'; echo 'went wrong' >&2; exit 3
EOT
program skipped tap 10 <<'EOT'
#!/bin/sh
echo '1..0 # SKIP no such <device>'
EOT
program skipped_each tap 10 <<'EOT'
#!/bin/sh
echo '1..1'; echo 'ok 1 - one # SKIP not today'
EOT
program none go 10 <<'EOT'
#!/bin/sh
echo 'testing: warning: no tests to run'; echo PASS
EOT
program crash gtest 10 <<'EOT'
#!/bin/busybox sh
echo '[==========] Running 1 test from 1 test suite.'; echo '[ RUN      ] A.a'; kill -SEGV $$
EOT
program panic go 10 <<'EOT'
#!/usr/bin/env sh
echo '=== RUN   TestA'; echo '--- FAIL: TestA (0.00s)'; echo 'panic: boom' >&2; seq 3000 >&2; exit 2
EOT
# 100 MB, half of it in one line.
cat >"$work/flood.c" <<'EOT'
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	static char block[1 << 16];
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 800; i++)
		write(1, block, sizeof(block));
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = "all the same   \n"[i % 16];
	for (int i = 0; i < 800; i++)
		write(1, block, sizeof(block));
	puts(argv[1]);
	return argc > 2;
}
EOT
ok 'the flood compiles' "$repo/build/deps/bin/musl-gcc" -static -w -o "$suite/flood" "$work/flood.c"
printf 'exec flood "last words" fail\ntimeout 60\n' >"$suite/flood.test"
printf 'exec flood "ok 1 - one\\n1..1"\nformat tap\ntimeout 60\n' >"$suite/flood_tap.test"
program never tap 2 <<'EOT'
#!/bin/sh
echo 'ok 1 - one'; echo 'then it waited'; sleep 1000
EOT
program endless exit 2 <<'EOT'
#!/bin/sh
yes 'never done'
EOT
# Its daemons hold its output, and one is in a session of its own.
program daemons_1 tap 10 <<'EOT'
#!/bin/sh
sleep 1001 & setsid sleep 1002 & touch "$TMPDIR/left"; echo '1..1'; echo 'ok 1 - one'
EOT
program daemons_2 tap 10 <<'EOT'
#!/bin/sh
pidof sleep && echo 'not ok 1 - no daemons are left' || echo 'ok 1 - no daemons are left'
[ "$(ls -d /tmp/bpfcheck-*)" = "$TMPDIR" ] && echo 'ok 2 - no folder is left' || echo 'not ok 2 - no folder is left'
[ "$PWD" = "$BPFCHECK_SUITE" ] && [ "$BPFCHECK_TEST" = daemons_2 ] || echo 'Bail out! environment'
echo 1..2
EOT
# A process that passes on output may end a little later.
program late tap 10 <<'EOT'
#!/bin/sh
{ usleep 100000; echo 'ok 1 - one'; echo 1..1; } &
EOT
program interpreter exit 10 <<'EOT'
#!/usr/bin/bats
EOT
program no_script exit 10 <<'EOT'
echo hello
EOT
cp /bin/true "$suite/dynamic"
echo 'exec dynamic' >"$suite/dynamic.test"
echo 'exec /bin/nothing' >"$suite/nothing.test"
mv "$suite/late.test" "$suite/below/late.test"

run "$scripts/run-kernel" --suite "$suite" --results "$results" --timeout 110 "$kernel"
is 'exit code' "$status" 1
records=$(cat "$results"/debian/*/records.ndjson)

# fails NAME WORDS: in the summary.
fails() {
	match "$1: $2" "$out" "*       $1: $2*"
}

fails plan 'the plan is of 3 tests, but 2 came'
fails status 'exited with 3: went wrong, yet none of its tests failed'
match 'skipped: its own reason' "$out" '*no such <device>
      skipped
*'
match 'skipped_each: is none that passed' "$out" '*not today
      skipped_each: one
*'
fails none 'it ran no test: no tests to run'
fails crash 'was killed by signal 11'
fails 'crash: A.a' 'was killed by signal 11'
fails panic 'panic: boom'
match 'panic: what was left out is said' "$records" '*"stderr, the last 8192 of 13905 bytes:"*"3000"*'
fails flood 'exited with 1'
match 'flood: its last words, and how much came before' "$records" \
	'*"stdout, the last 8192 of 104857611 bytes:"*"last words"*'
match 'flood_tap: the test behind it is found' "$records" '*"test":"flood_tap","name":"one","outcome":"pass"*'
match 'flood_tap: passes' "$records" '*"name":"flood_tap","outcome":"pass"*'
fails never 'timed out after 2 s'
match 'never: its last words' "$out" '*never: timed out after 2 s*then it waited*'
fails endless 'timed out after 2 s'
match 'endless: its end' "$out" '*endless: timed out after 2 s*stdout, the last 8192 of *never done*'
match 'daemons_1: passes' "$records" '*"name":"daemons_1","outcome":"pass"*'
match 'daemons_2: nothing was left' "$records" '*"name":"daemons_2","outcome":"pass"*'
match 'late: its output is waited for; it stands in a folder above' "$records" '*"name":"below/late","outcome":"pass"*'
fails interpreter 'interpreter.sh cannot be started: the guest has no /usr/bin/bats, its interpreter'
fails no_script 'no_script.sh cannot be started: it is neither a program nor a script that begins with #!'
fails dynamic 'dynamic cannot be started: it is dynamically linked'
fails nothing '/bin/nothing cannot be started: No such file or directory'
match 'counts' "$out" '*\[FAIL\]*9 passed*14 failed*2 skipped*'

echo 'exec nowhere' >"$suite/nowhere.test"
run "$scripts/run-kernel" --suite "$suite" --results "$results" "$kernel"
match 'a program that is not there is an error of the suite' "$status $err" \
	"2 *nowhere.test:1:6: no test program 'nowhere' in the test's folder*"

tap_done
