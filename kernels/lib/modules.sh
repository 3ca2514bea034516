# shellcheck shell=sh disable=SC2034 # variables are for the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Knows which modules go into the guest, and in which order. run-kernel packs modules.cpio again when this file is newer.
#
# Sets: modules_wanted, modules_share, modules_root, the names of modules for every run, for runs with a shared folder, and
# for runs with another root on a disk; modules_test, the name of a module that is packed but not loaded: a test loads it.
#
#   modules_closure FOLDER NAME...
#       Prints the paths of these modules and of their dependencies, in load order, for a kernel's folder. Modules that are
#       built in or do not exist are left out.
#   modules_unpack FILE OUTPUT

# virtio_pci is for every device, virtio_console for the records: the channel comes first, so that a module that fails
# later can be reported. overlay and veth are for tests of mounts, stacked files and networks, configfs for its mount.
modules_wanted='virtio_pci virtio_console overlay configfs veth'
modules_share='9pnet_virtio 9p'
modules_root='virtio_blk squashfs erofs ext4'
# Small, without dependencies either way.
modules_test=ts_fsm

modules_closure() {
	[ -d "$1/modules/lib/modules" ] || return 0
	tree=$1/modules
	shift
	release=$(cd "$tree/lib/modules" && echo *)
	# An empty configuration: the host's aliases and install lines are not for the guest. modprobe complains about each
	# module that the kernel lacks.
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
