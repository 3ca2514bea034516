# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Which modules go into the guest, and in which order. run-kernel packs modules.cpio again when this file is newer.
#
#   modules_closure FOLDER NAME...
#       Prints the paths of these modules and of all that they depend on, in load order, for a kernel's folder. What is
#       built in, or does not exist, is left out.
#   $modules_wanted, $modules_share, $modules_root
#       Names: for every run, for those with a shared folder, and for those with another root on a disk.
#   $modules_test
#       Name of one that is not loaded: a test does that. It is there as it was packaged, too.
#   modules_unpack FILE OUTPUT

# virtio_pci is for every device, virtio_console for the records: the channel comes first, so that a module that fails
# later can be reported. overlay is for tests of mounts, and of files on stacked file systems; configfs for its mount;
# veth is for tests with two networks.
modules_wanted='virtio_pci virtio_console overlay configfs veth'
modules_share='9pnet_virtio 9p'
modules_root='virtio_blk squashfs erofs ext4'
# Small, and needs nothing; nor does anything need it.
modules_test=ts_fsm

modules_closure() {
	[ -d "$1/modules/lib/modules" ] || return 0
	tree=$1/modules
	shift
	release=$(cd "$tree/lib/modules" && echo *)
	# An empty configuration: the host's own aliases and install lines are not for the guest. There is a complaint on
	# stderr for each module that the kernel lacks.
	modprobe -C /dev/null -a --show-depends -d "$tree" -S "$release" "$@" 2>/dev/null |
		awk '$1 == "insmod" { sub(/^insmod /, ""); sub(/ *$/, ""); if (!seen[$0]++) print }'
}

modules_unpack() {
	case $1 in
		*.ko) cp "$1" "$2" ;;
		*.ko.xz) xz -dc "$1" >"$2" ;;
		*.ko.gz) gzip -dc "$1" >"$2" ;;
		*.ko.zst) zstd -dcq "$1" >"$2" ;;
		*) die 5 "$1: compressed in an unknown way" ;;
	esac
}
