# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The initramfs of a run, from segments that are made only when what goes into them has changed.
#
# Reads here, repo and BPFCHECK_BUILD, of lib/common.sh. Sets base.
#
#   segments_ready KERNEL_FOLDER
#       Brings the segments base and modules up to date, and sets base to the file of the former.
#   root_segment KERNEL_FOLDER
#       Likewise the modules for another root on a disk: KERNEL_FOLDER/root.cpio.

# newer_than FILE INPUT...: an input that is missing is for mkinitramfs to report.
newer_than() {
	[ -f "$1" ] || return 0
	file=$1
	shift
	for input; do
		# shellcheck disable=SC3013 # POSIX has it since 2024, shells since ever
		[ ! "$input" -nt "$file" ] || return 0
	done
	return 1
}

base_segment() {
	base=$BPFCHECK_BUILD/initramfs/base.cpio
	bin=$BPFCHECK_BUILD/bin
	! newer_than "$base" "$bin/init" "$bin/testrunner" "$bin/busybox" || "$here/mkinitramfs" base
}

modules_segment() {
	! newer_than "$1/modules.cpio" "$repo/kernels/lib/modules.sh" || "$here/mkinitramfs" modules "$1"
}

root_segment() {
	! newer_than "$1/root.cpio" "$repo/kernels/lib/modules.sh" || "$here/mkinitramfs" root "$1"
}

segments_ready() {
	base_segment
	modules_segment "$1"
}
