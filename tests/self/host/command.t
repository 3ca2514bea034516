#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A command in real guests: its streams, its end, and what it does to the kernel.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels and segments are the checkout's own: here nothing is fetched twice.
BPFCHECK_BUILD=$repo/build
results=$work/results
kernel=debian:6.1-cloud

# command WORD...: on stdin it has nothing.
command() {
	run "$scripts/run-kernel" --results "$results" "$kernel" -- "$@"
}

# with OPTION... -- WORD...
with() {
	run "$scripts/run-kernel" --results "$results" "$kernel" "$@"
}

last() {
	printf '%s\n' "$err" | tail -n "$1"
}

for kernel in debian:5.10-cloud debian:6.1-cloud; do
	# shellcheck disable=SC2016 # for the guest's shell
	command sh -c 'printf "to stdout"; echo to stderr >&2; echo as well >/dev/stderr; exit 3'
	is "$kernel: exit code" "$status" 1
	is "$kernel: stdout, and nothing else" "$out" 'to stdout'
	match "$kernel: stderr, and how it ended" "$err" '*to stderr
as well
\[FAIL\] debian/*command exited with 3 *'
	is "$kernel: the record of it" "$(grep -h -o '"type":"exit".*"signal":null' "$results"/debian/*/records.ndjson | tail -n 1)" \
		'"type":"exit","reason":"exited","status":3,"signal":null'
	is "$kernel: kept" "$(cat "$results"/debian/*/stdout)$(cat "$results"/debian/*/stderr)" 'to stdoutto stderr
as well'
	run sh -c 'printf "one\ntwo" | "$@"' sh "$scripts/run-kernel" --cold --results "$results" "$kernel" -- cat
	is "$kernel: input, to its end" "$status:$out" '0:one
two'
	rm -rf "$results"
done

command true
is 'true: exit code' "$status" 0
match 'true: PASS' "$(last 1)" '\[PASS\]*command exited with 0 *'
# shellcheck disable=SC2016 # for the guest's shell
command sh -c 'kill -SEGV $$'
is 'a signal: exit code' "$status" 1
match 'a signal: its name' "$(last 1)" '\[FAIL\]*killed by SIGSEGV *'
command nosuch
is 'no such command: exit code' "$status" 1
match 'no such command: which, and why' "$(last 1)" '*command: nosuch: No such file or directory'

# A command substitution would cut off trailing newlines; the next line cuts them off here too.
# shellcheck disable=SC2016 # for the guest's shell
command printf '[%s]' 'two words' 'it'\''s "x"' '
new
line
' 'back\slash\n\\.' '' '$HOME `id`' '-x=*' "$(printf '\351')"
is 'arguments' "$out" "[two words][it's \"x\"][
new
line
][back\\slash\\n\\\\.][][\$HOME \`id\`][-x=*][$(printf '\351')]"

# Binary, both ways, and more than any buffer holds.
head -c 5000000 /dev/urandom >"$work/random"
"$scripts/run-kernel" --results "$results" "$kernel" -- cat <"$work/random" >"$work/back" 2>/dev/null && status=0 || status=$?
is 'a file there and back: exit code' "$status" 0
ok 'a file there and back: the same' cmp "$work/random" "$work/back"
# Its input does not end, and nobody waits for it.
mkfifo "$work/endless"
exec 3<>"$work/endless"
"$scripts/run-kernel" --results "$results" "$kernel" -- head -n 1 <"$work/endless" >"$work/back" 2>/dev/null &
echo line >&3
wait $! && status=0 || status=$?
is 'input without end' "$status:$(cat "$work/back")" 0:line
exec 3>&-

# The last of it is still in a pipe when the command has ended.
"$scripts/run-kernel" --results "$results" --cpus 2 "$kernel" -- dd if=/dev/zero bs=1M count=100 2>/dev/null >"$work/large" &&
	status=0 || status=$?
is '100 MB: exit code' "$status" 0
is '100 MB: all of it' "$(cksum <"$work/large")" "$(head -c 104857600 /dev/zero | cksum)"
rm "$work/large"
# Whoever reads it has had enough; it still runs to its end.
run sh -c '"$@" | head -n 1' sh "$scripts/run-kernel" --results "$results" "$kernel" -- seq 100000
is 'a reader who goes' "$out" 1
match 'a reader who goes: no harm done' "$(last 1)" '\[PASS\]*'
run sh -c '"$@" >/dev/full' sh "$scripts/run-kernel" --results "$results" "$kernel" -- seq 10
is 'no room for the output: exit code' "$status" 5
match 'no room for the output: why' "$err" '*cannot be written*'

begun=$(date +%s)
with --timeout 1 -- sh -c 'echo begun; sleep 9999'
is 'without end: exit code' "$status" 4
is 'without end: what it said' "$out" begun
match 'without end: TIMEOUT' "$err" '*\[TIMEOUT\]*deadline passed while the command ran*'
ok 'without end: in time' test $(($(date +%s) - begun)) -le 12
command sh -c '(setsid sleep 9999 & echo daemon; setsid sh -c "while :; do :; done" &) ; echo done'
is 'daemons that stay: exit code' "$status" 0
is 'daemons that stay: what was said' "$out" 'daemon
done'
# Nothing is between the two, and it has used up its share of the processor.
mkdir "$work/last"
cat >"$work/last/words.c" <<-'EOT'
	#include <fcntl.h>
	#include <unistd.h>
	int main(void)
	{
		int fd = open("/proc/sysrq-trigger", O_WRONLY);

		for (volatile long i = 0; i < 30000000; i++)
			;
		return write(1, "last words\n", 11) < 0 || write(fd, "c", 1) < 0;
	}
EOT
ok 'last words: they compile' "$repo/build/deps/bin/musl-gcc" -static -o "$work/last/words" "$work/last/words.c"
with --suite "$work/last" -- ./words
is 'a panic: exit code' "$status" 3
is 'a panic: what was said before' "$out" 'last words'
match 'a panic: PANIC' "$err" '*\[PANIC\]*while the command ran: Kernel panic - not syncing: sysrq triggered crash*'

with --env 'A=b  c' --env 'D=
e' -- env
match 'environment' "$out" '*A=b  c*D=
e*'
mkdir "$work/the suite"
printf '#!/bin/sh\necho "brought along $*"; pwd\n' >"$work/the suite/prog"
chmod +x "$work/the suite/prog"
with --suite "$work/the suite" -- ./prog 1 2
is 'a program of our own' "$out" 'brought along 1 2
/bpfcheck/suite'

module=$(find -L "$("$scripts/fetch-kernel" "$kernel")/modules" -name 'ts_fsm.ko*')
with --module "$module" -- cat /proc/modules
match 'a module: loaded' "$out" '*ts_fsm *'
echo nonsense >"$work/bad.ko"
with --module "$module" --module "$work/bad.ko" -- true
is 'a module that does not load: exit code' "$status" 4
match 'a module that does not load: which, and why' "$err" '*load module 002-bad.ko: Exec format error*'

# Files of the guest's: a folder, a pseudo file, one that blocks, what is not there.
# shellcheck disable=SC2016 # for the guest's shell
with --collect /tmp/made --collect '/proc/sys/kernel/ostyp[e]' --collect '/sys/kernel/debug/tracing/trace_pipe' \
	--collect '/no\\such' -- sh -c 'mkdir -p "/tmp/made/a b"; cd /tmp/made; head -c 3000000 /dev/urandom >"a b/large"
		: >empty; ln -s / link; mkfifo pipe; sha256sum "a b/large"; exit 1'
is 'collected: exit code' "$status" 1
collected=$(echo "$results"/debian/*/collected)
is 'collected: those, and no others' "$(cd "$collected" && find . ! -type d | sort | tr '\n' ' ')" \
	'./proc/sys/kernel/ostype ./sys/kernel/debug/tracing/trace_pipe ./tmp/made/a b/large ./tmp/made/empty '
is 'collected: a large one' "$(cd "$collected/tmp/made" && sha256sum 'a b/large')" "$out"
is 'collected: a pseudo file' "$(cat "$collected/proc/sys/kernel/ostype")" Linux
match 'collected: what is said of it' "$err" '*4 files in *collected 0 bytes of /no\\\\such: matches no file*'
# More than there may be; of a command whose time is up; in a machine that boots.
with --cold --timeout 1 --collect '/tmp/*' -- sh -c 'truncate -s 70000000 /tmp/a; echo b >/tmp/b; sleep 9999'
is 'collected, too much: exit code' "$status" 4
is 'collected, too much: cut off, and marked' "$(cd "$collected/tmp" && find . -type f -printf '%f %s\n' | sort | tr '\n' ' ')" "a.partial $((64 << 20)) b.partial 0 "
match 'collected, too much: told' "$err" '*of /tmp/a: cut off*of /tmp/b: cut off*'
# Of tests.
run "$scripts/run-tests" --results "$results" --filter process/exit_code --collect /proc/version --env A=B "$kernel"
is 'collected after tests: exit code' "$status" 0
match 'collected after tests' "$(cat "$collected/proc/version")" 'Linux version 6.1*'
run "$scripts/run-kernel" --collect relative "$kernel"
is 'collected from where? exit code' "$status" 2

tap_done
