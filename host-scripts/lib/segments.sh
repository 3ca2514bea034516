# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The initramfs of a run, from segments that are made only when what goes into them has changed.
#
# Needs lib/common.sh.
#
#   segments_ready KERNEL_FOLDER
#       Sees to it that base and modules are up to date: sets base to its file.
#   root_segment KERNEL_FOLDER
#       Likewise the modules for another root on a disk: KERNEL_FOLDER/root.cpio.
#   suite_segment SUITE KERNEL_FOLDER
#       Likewise the suite: sets suite_cpio, to nothing when SUITE is. For a kernel without BTF what the suite needs of it
#       is in there, too.

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

# By what says that a file has changed; the change time cannot be set back.
suite_segment() {
	suite_cpio=
	[ -n "$1" ] || return 0
	key=$(cd "$1" && find . -printf '%P %s %T@ %C@ %m %y %l\n' | sha256sum)
	btf=
	if [ -f "$2/btf" ]; then
		btf=$2/btf
		key=$({
			echo "$key"
			stat -c '%n %s %y %z' "$btf"
		} | sha256sum)
	fi
	key=${key%"${key#????????????????}"}
	suites=$BPFCHECK_BUILD/initramfs/suites
	suite_cpio=$suites/$key.cpio
	if [ ! -f "$suite_cpio" ]; then
		"$here/mkinitramfs" suite "$1" "$suite_cpio" ${btf:+"$btf"}
		find "$suites" -name '*.cpio' -mtime +2 -delete
	fi
}

segments_ready() {
	base_segment
	modules_segment "$1"
}
