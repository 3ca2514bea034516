# shellcheck shell=sh disable=SC2154,SC2034,SC2317 # variables are shared with the script, functions named in `rows`
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The limits: the machine of run-kernel, and as little in it as can be. bpfcheck starts it as always, with a QEMU that
# times the real one: what is timed is QEMU alone.
#
# Needs lib/common.sh, measure.sh and the variables of bench.
#
#   limit_prepare boot|restore
#   limit boot|restore

# shellcheck source=host-scripts/lib/cpio.sh
. "$here/lib/cpio.sh"
# shellcheck source=host-scripts/lib/segments.sh
. "$here/lib/segments.sh"

limit_boot_prepare() {
	cpio_stage
	cp "$out/power_off" "$stage/init"
	mkdir "$stage/dev"
	cpio_write "$limit/base.cpio"
	: >"$limit/kernel/modules.cpio"
}

limit_restore_prepare() {
	modules_segment "$kernel_folder"
	ln -s "$kernel_folder/modules.cpio" "$limit/kernel/modules.cpio"
	OUTPUT=$limit/base.cpio "$here/mkinitramfs" base "$out/wait_power_off"
	# The first time a machine is saved.
	limit_run restore
}

limit_prepare() (
	TMPDIR=$work
	limit=$work/limit.$1
	mkdir -p "$limit/build" "$limit/kernel" "$limit/suite"
	ln -s "$BPFCHECK_BUILD/bin" "$limit/build/bin"
	for file in meta.json config modules vmlinux vmlinuz; do
		[ ! -e "$kernel_folder/$file" ] || ln -s "$kernel_folder/$file" "$limit/kernel/$file"
	done
	"limit_$1_prepare"
)

# limit_run START: as no test is run, the verdict is none.
limit_run() {
	limit=$work/limit.$1
	start=--cold
	[ "$1" = boot ] || start=--warm
	env BENCH_QEMU="$QEMU" BENCH_TIME="$limit/time" QEMU="$bench/time-qemu" BPFCHECK_BUILD="$limit/build" \
		"$BPFCHECK_BUILD/bin/bpfcheck" machine --kernel "$limit/kernel" --spec limit --base "$limit/base.cpio" \
		--packer "$here/mkinitramfs" --suite "$limit/suite" --results "$limit/results" --accel "$accel" \
		--memory "$memory" --cpus "$cpus" --silent --brief "$start" >"$work/said" 2>&1 || :
	reason="the guest did not power off: $(tail -n 1 "$work/said")"
	grep -qs '"guest-shutdown"' "$limit"/results/*/*/machine.ndjson
}

limit() {
	limit_run "$1" || return 1
	read -r wall user system <"$limit/time"
	sample "$row" "$side" "$wall" "$user" "$system"
}
