#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests --hosts: what hosts are given, and what becomes of a run when one of them fails.

# shellcheck source=tests/self/host/machines.sh
. "$(dirname "$0")/machines.sh"
# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

# ran N: how many of the last run's kernels host N ran.
ran() {
	cat "$results"/local/*/run.json | grep -c "^	\"host\": \"root@192.0.2.$1\"" || :
}

# verdicts: how many of which.
verdicts() {
	sed -n 's/^\[\([A-Z]*\)\] .*/\1/p' "$results/bpf-check-summary.txt" | sort | uniq -c | xargs
}

received() {
	ip -s link | awk '/ to-h/ { seen = 1 } /TX:/ { getline; if (seen) sum += $1; seen = 0 } END { print sum }'
}

items() {
	find "$work"/h?/$cache/items -mindepth 1 -maxdepth 1 | wc -l
}

machines_up 3
# Any shell will do there.
ln -sf "$(command -v bash)" "$work/h3/bin/sh"
hosts 1 2 3
run_tests 4
is 'three hosts: exit code' "$status" 0
is 'three hosts: every kernel has a verdict' "$(verdicts)" '4 PASS'
for number in 1 2 3; do
	match "three hosts: number $number ran some" "$(ran "$number")" '[12]'
done
folder=$(echo "$results"/local/1.2.1-????????)
for file in run.json console.log records.ndjson machine.ndjson junit.xml; do
	ok "results come back: $file" test -s "$folder/$file"
done
is 'results come back: the console is linked' "$(cat "$folder.txt")" 'all is well'
match 'run.json is about the kernel here' "$(cat "$folder/run.json")" "*\"spec\": \"$BPFCHECK_BUILD/kernels/local/1.2.1-*"
is 'no scratch is left here' "$(ls "$TMPDIR")" ''
is 'no scratch is left there' "$(find "$work"/h?/$cache/runs -mindepth 1)" ''

before=$(ls -i "$work"/h?/$cache/items)
bytes=$(received)
run_tests 4
is 'again: exit code' "$status" 0
is 'again: the same is there' "$(ls -i "$work"/h?/$cache/items)" "$before"
ok 'again: little was sent' test $(($(received) - bytes)) -lt 200000
had=$(items)
cp -RL "$BPFCHECK_BUILD/suite" "$work/suite"
echo '# changed' >>"$(find "$work/suite" -name '*.test' | head -n 1)"
run_tests 1 --suite "$work/suite"
is 'a changed suite: exit code' "$status" 0
is 'a changed suite: nothing else is copied' "$(items)" $((had + 3))
# Removed are the folders that were not used for longest, and leftovers of killed runs, but no folder that this run needs.
mkdir -p "$work/h1/$cache/runs/old"
touch -d '-1 day' "$work"/h1/$cache/items/* "$work/h1/$cache/runs/old"
hosts 1
BPFCHECK_HOST_MB=0 run_tests 1
is 'old content: exit code' "$status" 0
is 'old content is removed' "$(find "$work"/h1/$cache/items -mindepth 1 -maxdepth 1 | wc -l)" 3
is 'what a killed run left is removed' "$(ls "$work/h1/$cache/runs")" ''

# One that dies in the middle, in two ways.
host_options="-o ServerAliveInterval=1 -o ServerAliveCountMax=3"
hosts 1 2 3
for death in killed silent; do
	program 2 qemu-system-x86_64 <<-END
		#!/bin/sh
		: >"$work/begun"
		exec sleep 1000
	END
	rm -f "$work/begun"
	{
		wait_for test -e "$work/begun"
		case $death in
			killed) machine_stop 2 ;;
			silent) ip link set to-h2 down ;;
		esac
	} &
	run_tests 4
	wait $!
	is "a host dies, $death: exit code" "$status" 0
	is "a host dies, $death: its kernel is run elsewhere" "$(verdicts) $(ran 2)" '4 PASS 0'
	match "a host dies, $death: it is named" "$err" '*root@192.0.2.2: *this host is used no longer*'
	program_back 2 qemu-system-x86_64
	machine_stop 2
	rm -rf "$work/h2/$cache/runs"/*
	ip link set to-h2 up
	machine_start 2
done
host_options=
hosts 1 2 3

# One that is slow: its QEMU ends when all but one kernel are done.
program 3 qemu-system-x86_64 <<-END
	#!/bin/sh
	while [ "\$(ls "$results"/local/*/run.json | wc -l)" -lt 5 ]; do sleep 0.1; done
	exec "$work/h3/bin/qemu-system-x86_64.was" "\$@"
END
run_tests 6
is 'a slow host: exit code' "$status" 0
is 'a slow host gets fewer' "$(verdicts) $(ran 3)" '6 PASS 1'
program_back 3 qemu-system-x86_64

# One kernel fails, on whichever host; later the rest is run.
hosts 1
printf '#!/bin/sh\n' | program 1 qemu-system-x86_64
run_tests 3 --fail-fast
is '--fail-fast: the others are not run' "$status $(verdicts)" '4 1 NOBOOT 2 NOTRUN'
program_back 1 qemu-system-x86_64
hosts 2
set -- "$work/kernel 1" "$work/kernel 2" "$work/kernel 3"
run "$scripts/run-tests" --hosts "$work/hosts" --accel tcg --results "$results" --resume "$@"
is '--resume, on another host: they are run' "$(verdicts) $(ran 2)" '1 NOBOOT 2 PASS 2'
hosts 1 2 3

# One that has no QEMU, and one on which it does not work.
mv "$work/h1/bin/qemu-system-x86_64" "$work/h1/bin/qemu-system-x86_64.was"
printf '#!/bin/sh\necho "qemu: out of luck" >&2\nexit 1\n' | program 3 qemu-system-x86_64
run_tests 4
is 'no QEMU: exit code' "$status" 0
is 'no QEMU: the kernels are run elsewhere' "$(verdicts) $(ran 2)" '4 PASS 4'
match 'no QEMU: host and program are named' "$err" '*root@192.0.2.1: lacks qemu-system-x86_64; this host*'
machine_stop 2
run_tests 2
is 'a QEMU that fails, and no other host: exit code' "$status" 5
match 'a QEMU that fails, and no other host: why' "$out" '*\[INFRA\] local/1.2.2*out of luck*'
machine_stop 3
run_tests 2
is 'no host: exit code' "$status" 5
match 'no host: every kernel has a reason' "$out" \
	'*INFRA*1.2.1-*INFRA*1.2.2-*no host is left: root@192.0.2.1 lacks*; root@192.0.2.2 *refused; root@192.0.2.3 *refused*'
machine_start 2
machine_start 3
program_back 1 qemu-system-x86_64
program_back 3 qemu-system-x86_64

# This machine is one of them, and runs two at a time.
QEMU=$work/qemu
export QEMU
fake_qemu "$QEMU"
hosts 2
sed -i '1i # a comment\n\n  2/: ' "$work/hosts"
run_tests 4 --jobs 1
is 'this machine and another: exit code' "$status" 0
match 'this machine and another: both ran some' "$(verdicts) $(ran 2)" '4 PASS [1-3]'
match 'this machine and another: how many at a time' "$err" '*running 4 *kernels, 3 at a time on 2 hosts*'
unset QEMU

hosts 1 2 3
"$scripts/run-tests" --hosts "$work/hosts" --accel tcg --results "$work/second" "$work/kernel 1" "$work/kernel 2" \
	>"$work/second.out" 2>&1 &
second=$!
run_tests 4
is 'two at once: the first' "$status $(verdicts)" '0 4 PASS'
wait "$second" && status=0 || status=$?
is 'two at once: the second' "$status $(grep -c PASS "$work/second/bpf-check-summary.txt")" '0 2'

# Ctrl-C, when all are at work.
for number in 1 2 3; do
	program "$number" qemu-system-x86_64 <<-END
		#!/bin/sh
		: >"$work/begun $number"
		exec sleep 97.65
	END
done
env --default-signal=INT "$scripts/run-tests" --hosts "$work/hosts" --accel tcg --results "$results" "$work"/kernel\ ? \
	>"$work/interrupted" 2>&1 &
runner=$!
for number in 1 2 3; do
	wait_for test -e "$work/begun $number"
done
kill -INT "$runner"
wait "$runner" && status=0 || status=$?
nothing_left() {
	[ -z "$(pgrep -f '[s]leep 97.65')$(find "$work"/h?/$cache/runs -mindepth 1)" ]
}
is 'Ctrl-C: exit code' "$status" 130
ok 'Ctrl-C: no machine and no scratch is left on any host' wait_for nothing_left
is 'Ctrl-C: no scratch is left here' "$(ls "$TMPDIR")" ''
for number in 1 2 3; do
	program_back "$number" qemu-system-x86_64
done

# A real kernel on a host with a real QEMU; first it is interrupted while the kernel is copied.
rm "$work/h2/bin/qemu-system-x86_64"
ln -s "$(command -v qemu-system-x86_64)" "$work/h2/bin/"
hosts 2
kernel=$(BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" debian:6.1-cloud)
set -- "$scripts/run-tests" --hosts "$work/hosts" --accel tcg --results "$work/real" --filter process/exit_code "$kernel"
env --default-signal=INT "$@" >"$work/interrupted" 2>&1 &
runner=$!
ok 'a kernel is copied' wait_for grep -q copying "$work/interrupted"
kill -INT "$runner"
wait "$runner" && status=0 || status=$?
is 'Ctrl-C while it is copied: exit code' "$status" 130
ok 'Ctrl-C while it is copied: nothing is left there' wait_for nothing_left
run "$@"
is 'a real kernel: exit code' "$status" 0
match 'a real kernel: what was tested' "$out" '*\[PASS\] debian/6.1*1 passed*'
tap_done
