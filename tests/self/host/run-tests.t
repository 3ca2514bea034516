#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-tests with stand-ins for the kernels and for QEMU: which kernels are run, what is said of them, how it ends.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

QEMU=$work/qemu
export QEMU
results=$work/results
fake_elf "$work/elf"
for number in 1 2 3; do
	fake_image "$work/kernel $number" "1.2.$number" gzip "$work/elf"
done
# No mirror: an index that is fresh, and names nothing.
mkdir -p "$BPFCHECK_BUILD/apt/packages"
printf 'linux-image-1.1.1-amd64\t1.1.1\t20000000\t%064d\tfile:/nowhere/linux-image-1.1.1-amd64.deb\t\n' 0 \
	>"$BPFCHECK_BUILD/apt/packages/index.tsv"
sed -n "s/^apt_wanted='\(.*\)'\$/\1/p" "$repo/kernels/lib/apt.sh" >"$BPFCHECK_BUILD/apt/packages/wanted"
: >"$BPFCHECK_BUILD/apt/packages/stamp"

run_tests() {
	run "$scripts/run-tests" --accel tcg --results "$results" "$@"
}

# verdicts: outcome and release of each kernel, as in the summary file.
verdicts() {
	sed -n 's/^\(\[[A-Z]*\] [^ ]*\).*/\1/p' "$results/bpf-check-summary.txt" | sed 's/-[0-9a-f]*$//' | tr '\n' ';'
}

fake_qemu "$QEMU"
run_tests -j 2 "$work/kernel 1" "$work/kernel 2" "$work/kernel 3"
is 'three that pass: exit code' "$status" 0
match 'three that pass: the summary' "$out" 'bpfcheck  3 kernels  2 jobs  tcg*PASS: 3 of 3 kernels passed'
is 'three that pass: one line for each while it goes' "$(printf '%s\n' "$err" | grep -c '^\[PASS\] local/')" 3
is 'three that pass: the summary file' "$(verdicts)" '[PASS] 1.2.1;[PASS] 1.2.2;[PASS] 1.2.3;'
is 'no scratch is left' "$(ls "$TMPDIR")" ''

# shellcheck disable=SC2016 # nothing is to expand them
run_tests --kernel-args 'lsm=yama,bpf  "a b"' --kernel-args '$HOME' "$work/kernel 2"
# shellcheck disable=SC2016 # likewise
is '--kernel-args: as they are, to each kernel' "$(grep '^console=' "$QEMU.options" | sed 's/.* lsm=/lsm=/')" \
	'lsm=yama,bpf  "a b" $HOME'
run_tests --kernel-args '{} {.} {#} {1} {= 1 =}' --filter '*' "$work/kernel 2"
is '--kernel-args: what GNU parallel would fill in stays as it is' \
	"$(grep '^console=' "$QEMU.options" | sed 's/.* {}/{}/')" '{} {.} {#} {1} {= 1 =}'
run_tests --kernel-args "$(printf 'a\nb')" "$work/kernel 2"
is '--kernel-args with a newline: exit code' "$status" 2

run_tests -j1 "$work/kernel 2" "$work/kernel 2" "$(echo "$BPFCHECK_BUILD"/kernels/local/1.2.2-*)"
is 'the same one, named three ways: exit code' "$status" 0
is 'the same one, named three ways: run once' "$(verdicts)" '[PASS] 1.2.2;'

cat >"$work/matrix" <<-EOF
	# comment
	  $work/kernel 1   # with a blank in its name

	$work/kernel 3
EOF
run_tests --matrix "$work/matrix"
is 'a matrix: exit code' "$status" 0
is 'a matrix: its kernels' "$(verdicts)" '[PASS] 1.2.1;[PASS] 1.2.3;'

# One that fails: the QEMU of kernel 2 dies.
mv "$QEMU" "$work/good-qemu"
cat >"$QEMU" <<-EOF
	#!/bin/sh
	case "\$*" in
		*/1.2.2-*) echo 'qemu: out of luck' >&2; exit 1 ;;
	esac
	exec "$work/good-qemu" "\$@"
EOF
chmod +x "$QEMU"
run_tests "$work/kernel 1" "$work/kernel 2" "$work/kernel 3"
is 'one of three fails: exit code' "$status" 5
is 'one of three fails: the others were run' "$(verdicts)" '[PASS] 1.2.1;[INFRA] 1.2.2;[PASS] 1.2.3;'
mv "$work/good-qemu" "$QEMU"

# Those that cannot be fetched.
head -c 9000 "$work/kernel 1" >"$work/short"
run_tests "$work/short" "$work/kernel 2" debian:1.1
is 'two cannot be fetched: exit code' "$status" 5
match 'two cannot be fetched: the summary' "$out" '*\[INFRA\]*short: truncated*\[INFRA\] debian/1.1*could be downloaded*'
match 'two cannot be fetched: the third was run' "$out" '*\[PASS\] local/1.2.2-*'

# A run that is killed must not leave the results of the one before.
# shellcheck disable=SC2016 # for that script
printf '#!/bin/sh\nkill -KILL $PPID\n' >"$QEMU"
run_tests "$work/kernel 1"
is 'run-kernel killed: exit code' "$status" 5
rm -rf "${TMPDIR:?}"/*
fake_qemu "$QEMU"

# Interrupted, from the first moment on.
hang="sleep 97.$$"
cat >"$QEMU" <<-EOF
	#!/bin/sh
	exec $hang
EOF
for delay in 0.1 0.3 0.5 1.5; do
	env --default-signal=INT "$scripts/run-tests" --accel tcg --results "$results" -j 2 "$work/kernel 1" "$work/kernel 2" \
		>"$work/interrupted" 2>&1 &
	runner=$!
	sleep "$delay"
	kill -INT "$runner"
	wait "$runner" && status=0 || status=$?
	is "Ctrl-C after $delay s: exit code" "$status" 130
	ok "Ctrl-C after $delay s: no machine is left" test -z "$(pgrep -f "^$hang")"
	is "Ctrl-C after $delay s: no scratch is left" "$(ls "$TMPDIR")" ''
done

fake_qemu "$QEMU"
: >"$work/empty"
for arguments in "--matrix nowhere" "--matrix empty" '-j 0' '-jx' '-j' 'nowhere' 'debian:x' '--nonsense' '--accel xen' '--cpus x' \
	'--shard 2' '--shard 0/2' '--shard 3/2' '--shard a/b' '--shard 1/2/3'; do
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && exec "$scripts/run-tests" $arguments >/dev/null 2>&1 </dev/null) && status=0 || status=$?
	is "usage: run-tests $arguments" "$status" 2
done
mkdir "$work/suite"
echo nonsense >"$work/suite/bad.test"
run_tests --suite "$work/suite" "$work/kernel 1"
is 'an error in the suite: exit code' "$status" 2
is 'an error in the suite: said once' "$(printf '%s\n' "$err" | grep -c 'bad.test')" 1
tap_done
