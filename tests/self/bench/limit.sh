# shellcheck shell=sh disable=SC2154,SC2034,SC2317 # variables are shared with the script, functions named in `rows`
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The limits: the machine of run-kernel, and as little in it as can be. What is timed is QEMU alone. Its options, and what
# is sent to its monitor, are what run-kernel's own functions ask of a QEMU that only repeats them.
#
# Needs lib/common.sh, measure.sh and the variables of bench.
#
#   limit_prepare boot|restore
#   limit boot|restore

# shellcheck source=host-scripts/lib/cpio.sh
. "$here/lib/cpio.sh"
# shellcheck source=host-scripts/lib/machine.sh
. "$here/lib/machine.sh"
# shellcheck source=host-scripts/lib/segments.sh
. "$here/lib/segments.sh"
# shellcheck source=host-scripts/lib/snapshot.sh
. "$here/lib/snapshot.sh"

limit_boot_prepare() {
	files=
	go=:
	cpio_stage
	cp "$out/power_off" "$stage/init"
	mkdir "$stage/dev"
	cpio_write "$limit/initrd"
}

limit_restore_prepare() {
	modules_segment "$kernel_folder"
	base=$limit/base.cpio
	OUTPUT=$base "$here/mkinitramfs" base "$out/wait_power_off"
	snapshots=$limit/snapshots
	boot_timeout=60
	brief=1
	snapshot_open "$kernel_folder" || return 1
	state="rm -f state; mkfifo state; cat '$snapshot/vmstate' >state &"
	files="5<>'$snapshot/ram' 6<state 9<>control"
	go='echo >&9'
}

limit_prepare() (
	TMPDIR=$work
	limit=$work/limit.$1
	scratch=$limit/scratch
	qemu=$QEMU
	mkdir -p "$scratch" "$limit/share"
	"limit_$1_prepare" || exit 1
	QEMU=$bench/quote
	machine_start "$1" "$kernel_folder" "$limit" "$limit/initrd"
	machine_wait
	[ "$machine_status" -eq 0 ] || exit 1
	echo >&8
	cat >"$limit/run" <<-END
		cd '$limit'
		${state-}
		exec 8<>scratch/qmp $files
		cat >&8 <<-'COMMANDS'
		$(sed '/^$/q' <&8)
		COMMANDS
		$go
		exec timeout 60 '$qemu' $(cat "$limit/machine.ndjson") <&8 >machine.ndjson
	END
)

limit() {
	timed sh "$work/limit.$1/run" || return 1
	reason='the guest did not power off'
	grep -q '"guest-shutdown"' "$work/limit.$1/machine.ndjson"
}
