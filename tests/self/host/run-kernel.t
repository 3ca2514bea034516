#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run-kernel with stand-ins for the kernel and for QEMU: what it hands over, what it leaves, how it ends.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/self/host/fakes.sh
. "$(dirname "$0")/fakes.sh"

QEMU=$work/qemu
export QEMU
results=$work/results
fake_elf "$work/elf"
fake_image "$work/bzImage" 1.2.3 gzip "$work/elf"

run_kernel() {
	run "$scripts/run-kernel" --accel tcg --results "$results" "$@"
}

fake_qemu "$QEMU"
run_kernel "$work/bzImage"
is 'a passed test: exit code' "$status" 0
match 'a passed test: the summary' "$out" '*\[PASS\] local/1.2.3-*1 passed*'
folder=$(echo "$results"/local/1.2.3-????????)
for file in run.json console.log records.ndjson machine.ndjson junit.xml; do
	ok "it leaves $file" test -s "$folder/$file"
done
ok 'it leaves bpf-check-summary.txt' grep -q '^\[PASS\] 1.2.3' "$results/bpf-check-summary.txt"
is 'it links the console' "$(cat "$folder.txt")" 'all is well'
for word in '"distro": "local"' '"accel": "tcg"' '"qemu_status": 0' '"timed_out": false' '"infra": null' \
	"\"spec\": \"$work/bzImage\""; do
	ok "run.json: $word" grep -qF "$word" "$folder/run.json"
done
is 'no scratch is left' "$(ls "$TMPDIR")" ''
ok 'the share was not used, and is gone' test ! -e "$folder/share"
options=$(tr '\n' ' ' <"$QEMU.options")
match 'a kernel without virtio console: the serial channel' "$options" '*-serial chardev:serial*'
is 'a kernel without virtio console and 9p: no such devices' "$(grep -c -e virtserialport -e virtio-9p "$QEMU.options")" 0
cp -R "$(echo "$BPFCHECK_BUILD"/kernels/local/1.2.3-*)" "$work/unknown"
rm "$work/unknown/config"
run_kernel --brief "$work/unknown"
match 'a kernel of which nothing is known: every channel' "$(tr '\n' ' ' <"$QEMU.options")" \
	'*virtserialport*-serial chardev:serial*virtio-9p-pci*'
mkdir -p "$work/generic"
cp -R "$work/unknown/." "$work/generic"
mkdir -p "$work/generic/modules/lib/modules/1.2.3"
printf '%s:\n' kernel/drivers/char/virtio_console.ko kernel/net/9p/9pnet_virtio.ko \
	>"$work/generic/modules/lib/modules/1.2.3/modules.dep"
run_kernel --brief "$work/generic"
is 'a kernel with both: tests have no share' "$(grep -c -e virtserialport -e virtio-9p "$QEMU.options")" 1
run_kernel --brief "$work/generic" -- /bin/true
is 'a kernel with both: a command has one, and three ports more' \
	"$(grep -c -e virtserialport -e virtio-9p "$QEMU.options")" 5
run_kernel --brief "$work/bzImage" -- true
is 'a command, and a kernel without virtio console: exit code' "$status" 5
match 'a command, and a kernel without virtio console: why' "$err" '*bzImage: has no virtio console*'
for setting in novalue =x; do
	run_kernel --env "$setting" "$work/bzImage"
	is "--env $setting: exit code" "$status" 2
done
run_kernel --module "$work/none.ko" "$work/bzImage"
is 'no such module: exit code' "$status" 2
run_kernel --suite "$work/none" "$work/bzImage" -- true
is 'a command, and no such suite: exit code' "$status" 2
run_kernel "$work/generic" -- echo "$(head -c 70000 /dev/zero | tr '\0' x)"
is 'too long a command: exit code' "$status" 2
match 'too long a command: why' "$err" '*arguments have 70*bytes*'
match 'vmlinux is booted' "$options" "*-kernel $BPFCHECK_BUILD/kernels/local/1.2.3-*/vmlinux *"

run_kernel --memory 300 --cpus 3 --brief "$work/bzImage"
is 'brief: one line' "$(printf '%s' "$out" | grep -c '')" 1
match 'memory and processors' "$(tr '\n' ' ' <"$QEMU.options")" '*-smp 3 -m 300 *'

run_kernel --brief --kernel-args 'lsm=yama,bpf nosmt' --kernel-args 'dyndbg="file a.c +p"' "$work/bzImage"
match '--kernel-args: at the end of the command line, in order' "$(grep '^console=' "$QEMU.options")" \
	'console=* lsm=yama,bpf nosmt dyndbg="file a.c +p"'
is '--kernel-args: in run.json' "$(grep -o '"kernel_args": .*' "$folder/run.json")" \
	'"kernel_args": "lsm=yama,bpf nosmt dyndbg=\"file a.c +p\"",'
run_kernel --kernel-args "$(printf %1799s x)" "$work/bzImage"
is '--kernel-args that would be cut: exit code' "$status" 2
match '--kernel-args that would be cut: says so' "$err" '*--kernel-args: 1800 bytes*'
for bad in "$(printf 'a\nb')" "$(printf 'a\033b')" "$(printf 'a\tb')"; do
	run_kernel --kernel-args "$bad" "$work/bzImage"
	is "--kernel-args with a control character: exit code" "$status" 2
	match "--kernel-args with a control character: says so" "$err" '*--kernel-args: *control characters*'
done

# Results of the run before must not count for one that has none.
printf '#!/bin/sh\nexit 0\n' >"$QEMU"
run_kernel "$work/bzImage"
is 'a guest that says nothing: exit code' "$status" 4
match 'a guest that says nothing: NOBOOT' "$out" '*\[NOBOOT\]*'
ok 'nothing of the earlier run is left' test ! -s "$folder/records.ndjson"

printf '#!/bin/sh\necho "qemu: no such machine" >&2\nexit 1\n' >"$QEMU"
run_kernel "$work/bzImage"
is 'a QEMU that fails: exit code' "$status" 5
match 'a QEMU that fails: its words' "$out" '*\[INFRA\]*no such machine*'
printf '#!/bin/sh\nkill -SEGV $$\n' >"$QEMU"
run_kernel "$work/bzImage"
is 'a QEMU that crashes: exit code' "$status" 5

# Deadlines. The machine is asked to quit, and this one does.
cat >"$QEMU" <<-'EOF'
	#!/bin/sh
	read -r _
	while read -r command; do
		echo "$command" >>"$0.commands"
		case $command in
			*registers*) echo "{\"return\": \"RAX=0 RIP=$(cat "$0.rip") RFL=2\"}" ;;
			*quit*) exit 0 ;;
		esac
	done
EOF
begun=$(date +%s)
nm "$work/elf" | sed -n 's/ T _start$//p' >"$QEMU.rip"
run_kernel --boot-timeout 1 "$work/bzImage"
is 'no record in time: exit code' "$status" 4
ok 'no record in time: the deadline is kept' test $(($(date +%s) - begun)) -le 5
ok 'no record in time: run.json' grep -q '"timed_out": true' "$folder/run.json"
ok 'no record in time: asked where it was' grep -q 'info registers' "$QEMU.commands"
match 'no record in time: the function it was in' "$out" '*no hello before the deadline, the processor was in _start;*'
for rip in 0000000000000010 ffffffffc0000000 ''; do
	echo "$rip" >"$QEMU.rip"
	run_kernel --boot-timeout 1 "$work/bzImage"
	match "no record in time, and not in the kernel at $rip" "$out" '*no hello before the deadline;*'
done

# This one does not listen. It has sent a record.
cat >"$QEMU" <<-'EOF'
	#!/bin/sh
	trap '' TERM
	echo '{}' >records.ndjson
	exec sleep 98.76
EOF
"$scripts/run-kernel" --accel tcg --results "$results" "$work/bzImage" >"$work/killed.out" 2>&1 &
runner=$!
while [ ! -s "$folder/records.ndjson" ]; do sleep 0.05; done
begun=$(date +%s)
kill -TERM "$runner"
wait "$runner" && status=0 || status=$?
is 'SIGTERM: exit code' "$status" 143
ok 'SIGTERM: at once' test $(($(date +%s) - begun)) -le 3
ok 'SIGTERM: QEMU is gone' test -z "$(pgrep -f "[s]leep 98.76")"
ok 'SIGTERM: no run.json that could be believed' test ! -e "$folder/run.json"
is 'SIGTERM: no scratch is left' "$(ls "$TMPDIR")" ''

fake_qemu "$QEMU"
"$scripts/run-kernel" --accel tcg --results "$results" "$work/bzImage" >"$work/one" 2>&1 &
one=$!
"$scripts/run-kernel" --accel tcg --results "$results" "$work/bzImage" >"$work/two" 2>&1 &
wait "$one" && status=0 || status=$?
is 'two of the same at once: the first' "$status" 0
wait $! && status=0 || status=$?
is 'two of the same at once: the second' "$status" 0

# The suite in the initramfs is the one that there is now.
mkdir "$work/suite"
cp -RL "$BPFCHECK_BUILD/suite/." "$work/suite"
echo '# changed once' >>"$(find "$work/suite" -name '*.test' | head -n 1)"
run_kernel --suite "$work/suite" "$work/bzImage"
is 'another suite: exit code' "$status" 0
is 'another suite: another segment' "$(find "$BPFCHECK_BUILD/initramfs/suites" -name '*.cpio' | wc -l)" 2
find "$work/suite" -name '*.test' | head -n 1 | {
	read -r file
	sed -i 's/changed once/changed ever/' "$file"
	touch -d 2020-01-01 "$file"
}
run_kernel --suite "$work/suite" "$work/bzImage"
is 'a changed suite, with its time set back: another segment' "$(find "$BPFCHECK_BUILD/initramfs/suites" -name '*.cpio' | wc -l)" 3
echo 'nonsense here' >"$work/suite/bad.test"
run_kernel --suite "$work/suite" "$work/bzImage"
is 'an error in the suite: exit code' "$status" 2
match 'an error in the suite: file, line, column' "$err" '*bad.test:1:1: *'
run_kernel --filter 'nosuch/*' "$work/bzImage"
is 'a filter that matches nothing: exit code' "$status" 2
match 'a filter that matches nothing: is said' "$err" '*no test matches nosuch/*'
run_kernel --suite "$work/nowhere" "$work/bzImage"
is 'no suite: exit code' "$status" 2

head -c 9000 "$work/bzImage" >"$work/short"
run_kernel "$work/short"
is 'a truncated kernel: exit code' "$status" 5
is 'a truncated kernel: one line' "$(printf '%s\n' "$err" | wc -l)" 1
run_kernel "$work/nowhere"
is 'no such kernel: exit code' "$status" 2
run env QEMU=nowhere "$scripts/run-kernel" "$work/bzImage"
is 'no QEMU: exit code' "$status" 5
for arguments in '' 'a b' '--memory' '--memory x a' '--timeout 0 a' '--nonsense a' '--accel xen bzImage' '--init nowhere a'; do
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && exec "$scripts/run-kernel" --results "$results" $arguments >/dev/null 2>&1 </dev/null) && status=0 || status=$?
	is "usage: run-kernel $arguments" "$status" 2
done
mkdir "$work/readonly"
: >"$work/readonly/results"
run "$scripts/run-kernel" --accel tcg --results "$work/readonly/results" "$work/bzImage"
is 'results that cannot be written: exit code' "$status" 5
tap_done
