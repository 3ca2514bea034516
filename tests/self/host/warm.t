#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Warm starts on real kernels: the same results as after a boot, nothing shared that must not be, and no snapshot that
# is damaged, stale, or of no use is relied upon.

# shellcheck source=tests/self/host/tap.sh
. "$(dirname "$0")/tap.sh"

# Kernels are the checkout's own: here nothing is fetched twice.
ln -s "$repo/build/apt" "$BPFCHECK_BUILD/apt"
fetch() {
	BPFCHECK_BUILD=$repo/build "$scripts/fetch-kernel" "$1"
}
kernel=$(fetch debian:6.1-cloud)
old=$(fetch debian:5.10-cloud)
test=process/exit_code

# start NAME OPTION...: results in $work/NAME.
start() {
	results=$work/$1
	shift
	rm -rf "$results"
	run "$scripts/run-kernel" --accel tcg --results "$results" --filter "$test" "$@"
}
started() {
	sed -n 's/^\t"start": "\(.*\)",$/\1/p' "$results"/*/*/run.json
}
snapshots() {
	[ ! -d "$BPFCHECK_BUILD/snapshots" ] || (cd "$BPFCHECK_BUILD/snapshots" && ls -d -- ???????????????? 2>/dev/null)
}
# Values that depend on time, chance and the addresses of a boot are left out, and so are kernel lines: it may complain of a
# slow host.
stream() {
	grep -v '"type":"klog"' "$1"/*/*/records.ndjson |
		sed 's/"\(nonce\|seq\|boot_ms\|duration_ms\|load_ms\|verify_us\|jited\)":[^,}]*//g' >"$1.stream"
}

# The whole suite, and both streams.
test='*'
start cold --cold "$kernel"
is 'cold: exit code' "$status" 0
is 'cold: it was booted' "$(started)" cold
is 'cold: nothing is kept' "$(snapshots)" ''
start first "$kernel"
is 'the first warm start: exit code' "$status" 0
is 'the first warm start makes a snapshot, and starts from it' "$(started)" warm
first=$(snapshots)
match 'the first warm start: one snapshot' "$first" '????????????????'
is 'the first warm start: nothing half-made is left' "$(ls "$BPFCHECK_BUILD/snapshots")" "$first
$first.lock"
start second --warm "$kernel"
is 'the second warm start: exit code' "$status" 0
is 'the second warm start: from the same snapshot' "$(snapshots)" "$first"
is 'the second warm start: not a word about a snapshot' "$(echo "$err" | grep -v running)" ''
is 'the second warm start: a runner was prepared' "$(grep -c 'could not prepare' "$results"/*/*/console.log)" 0
for name in cold first second; do
	stream "$work/$name"
done
ok 'a warm start has records' test "$(wc -l <"$work/second.stream")" -gt 50
ok 'the same records as after a boot' diff "$work/second.stream" "$work/cold.stream"
ok 'the same records the first time' diff "$work/first.stream" "$work/cold.stream"
is 'no scratch is left' "$(ls "$TMPDIR")" ''
test=process/exit_code

# The suite is no part of it.
touch "$BPFCHECK_BUILD/suite/process.bpf.o"
start edited "$kernel"
is 'an edited probe: from the same snapshot' "$(started) $(snapshots)" "warm $first"

# Random numbers, names and clocks of machines restored from one snapshot.
mkdir "$work/tools"
for folder in "$kernel" "$old"; do
	cat >"$work/tools/look" <<-'END'
		alias b=/bpfcheck/bin/busybox
		b insmod /bpfcheck/suite/veth.ko
		b ip link add type veth
		b cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/boot_id /sys/class/net/veth0/address
		b od -An -tx1 -N16 /dev/urandom
		b date +%s
		read -r before _ </proc/uptime
		b sleep 1
		read -r after _ </proc/uptime
		echo "$before" "$after"
	END
	xz -dcf "$folder"/modules/lib/modules/*/kernel/drivers/net/veth.ko* >"$work/tools/veth.ko"
	for number in 1 2; do
		start command --suite "$work/tools" "$folder" -- /bpfcheck/bin/busybox sh /bpfcheck/suite/look
		now=$(date +%s)
		cp "$results"/*/*/stdout "$work/said.$number"
		is "guest $number of $(basename "$folder"): it was restored" "$(started)" warm
		then=$(sed -n 5p "$work/said.$number")
		ok "guest $number: the clock is right" test $((now - then)) -ge 0 -a $((now - then)) -le 10
		# Not 1: to awk, 8.95 - 7.95 is less.
		# shellcheck disable=SC2016 # for awk
		ok "guest $number: a second takes one" awk 'NR == 6 { exit !($2 - $1 > 0.9 && $2 - $1 < 5) }' "$work/said.$number"
	done
	for line in 1:uuid 2:boot_id 3:MAC 4:urandom; do
		is "two guests differ in ${line#*:}" \
			"$(cat "$work/said.1" "$work/said.2" | sed -n "${line%:*}p;$((${line%:*} + $(wc -l <"$work/said.1")))p" | sort -u | grep -c '^[ 0-9a-f].*[0-9a-f]')" 2
	done
done
kept=$(snapshots | grep -v "$first")

# Damage.
dd if=/dev/zero of="$BPFCHECK_BUILD/snapshots/$first/ram" bs=1M seek=20 count=10 conv=notrunc status=none
start damaged "$kernel"
is 'damaged memory: exit code' "$status" 0
match 'damaged memory: a note' "$err" '*damaged*'
is 'damaged memory: another snapshot is made' "$(started) $(snapshots | sort)" "warm $(printf '%s\n' "$first" "$kept" | sort)"
touch "$BPFCHECK_BUILD/snapshots/$first/vmstate"
start touched "$kernel"
is 'a touched one is verified, and used' "$(started) $(echo "$err" | grep -c damaged)" 'warm 0'
truncate -s 1000 "$BPFCHECK_BUILD/snapshots/$first/vmstate"
start truncated "$kernel"
match 'a truncated state: a note' "$status $(started) $err" '0 warm *damaged*'

# A machine that is saved, but does not come back.
cat >"$work/qemu" <<-'END'
	#!/bin/sh
	case "$*" in *-incoming*) exec sleep 60 ;; esac
	exec qemu-system-x86_64 "$@"
END
chmod +x "$work/qemu"
export QEMU="$work/qemu"
start silent "$kernel"
is 'no answer: the run goes on with a boot' "$status $(started)" '0 cold'
match 'no answer: a note' "$err" '*did not answer*'
is 'no answer: the snapshot is dropped' "$(snapshots | sort)" "$(printf '%s\n' "$first" "$kept" | sort)"
unset QEMU

# The least recently used goes first. These take 60 to 90 MB each.
start used "$kernel"
BPFCHECK_SNAPSHOT_MB=200 start smaller --memory 384 "$kernel"
is 'a cap: the one used longest ago is gone' "$(snapshots | grep -c "$kept")" 0
is 'a cap: one used since is not' "$(snapshots | grep -c "$first")" 1
BPFCHECK_SNAPSHOT_MB=0 start none "$kernel"
is 'a cap of 0: a boot' "$status $(started)" '0 cold'
BPFCHECK_SNAPSHOT_MB=0 start none --warm "$kernel"
is 'a cap of 0 and --warm: exit code' "$status" 5

# Two at once, and one that is interrupted while it saves.
rm -rf "$BPFCHECK_BUILD/snapshots"
for number in 1 2; do
	"$scripts/run-kernel" --accel tcg --brief --warm --results "$work/at once $number" --filter "$test" "$kernel" \
		>"$work/at-once.$number" 2>&1 &
done
wait
is 'two at once: both pass' "$(grep -h -o '^\[PASS\]' "$work"/at-once.*)" '[PASS]
[PASS]'
is 'two at once: one snapshot' "$(snapshots)" "$first"
rm -rf "$BPFCHECK_BUILD/snapshots"
"$scripts/run-kernel" --accel tcg --results "$work/interrupted" --filter "$test" "$kernel" >/dev/null 2>&1 &
pid=$!
waited=0
until [ -s "$BPFCHECK_BUILD/snapshots/$first.part/ram" ] || [ "$waited" -gt 200 ]; do
	waited=$((waited + 1))
	sleep 0.05
done
kill -TERM "$pid"
wait "$pid" && status=0 || status=$?
is 'interrupted while it saves: exit code' "$status" 143
is 'interrupted while it saves: only the lock is left' "$(cd "$BPFCHECK_BUILD/snapshots" && echo * "$TMPDIR"/*)" "$first.lock $TMPDIR/*"

start bare "$kernel/vmlinuz"
is 'a bare image has no channel for it: a boot' "$status $(started)" '0 cold'
start bare --warm "$kernel/vmlinuz"
is 'a bare image and --warm: exit code' "$status" 5
match 'a bare image and --warm: why' "$err" '*no warm start: the kernel has no virtio console*'
tap_done
