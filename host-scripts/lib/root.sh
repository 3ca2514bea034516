# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Another root file system for what runs in the guest: a folder, or the image of a disk.
#
# Needs lib/common.sh, lib/kernel.sh, lib/segments.sh, and scratch, a folder for what is not kept.
#
#   root_check PATH RW
#       Dies (2) when PATH cannot be a root, or not one to write to, which it is to be if RW is not empty.
#   root_open PATH KERNEL_FOLDER RW
#       Finds out how it gets into this kernel's guest. Sets
#           root_how    9p: a folder that the guest mounts; block: a disk; initramfs: unpacked in memory, from
#           root_cpio   this segment; or empty
#           root_modules  the segment with the modules for that; or empty
#           root_disk   what QEMU calls the disk's format; or empty
#           root_path   absolute
#       A folder goes over 9p where the kernel has that; else it is packed, as a disk of squashfs, or for the initramfs.
#       What was packed is kept for two days, in roots/packed of the build folder.

root_how=
root_cpio=
root_modules=
root_disk=
root_path=

# root_bytes FILE OFFSET COUNT: in hexadecimal digits.
root_bytes() {
	od -An -v -tx1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' \n'
}

# root_type IMAGE: by its magic numbers.
root_type() {
	case $(root_bytes "$1" 0 4) in
		68737173) echo squashfs && return ;;
		514649fb) echo qcow2 && return ;;
	esac
	[ "$(root_bytes "$1" 1024 4)" != e2e1f5e0 ] || echo erofs
}

root_check() {
	[ -d "$1" ] || [ -f "$1" ] || [ -b "$1" ] || usage_error "--root $1: no such folder or image"
	[ -r "$1" ] || usage_error "--root $1: not readable"
	[ -n "$2" ] || return 0
	[ -w "$1" ] || usage_error "--rw: $1: not writable"
	[ -d "$1" ] || case $(root_type "$1") in
		squashfs | erofs) usage_error "--rw: $1: nothing can be written to a $(root_type "$1")" ;;
	esac
}

# root_pack SUFFIX COMMAND...: makes the file that COMMAND, with its name as the last argument, writes, unless the same
# folder or image has been packed before. Sets root_packed.
root_pack() {
	suffix=$1
	shift
	key=$(find "$root_path" -printf '%P %s %T@ %C@ %m %U %G %y %l\n' | sha256sum)
	root_packed=$BPFCHECK_BUILD/roots/packed/${key%"${key#????????????????}"}.$suffix
	mkdir -p "${root_packed%/*}"
	find "${root_packed%/*}" -maxdepth 1 -type f -mtime +2 -delete
	lock 4 "$BPFCHECK_BUILD/roots/packed/.lock" "$root_path"
	if [ -f "$root_packed" ]; then
		touch "$root_packed"
	else
		say "packing $root_path"
		"$@" "$scratch/packed" >"$scratch/pack.log" 2>&1 || die 5 "$root_path: cannot be packed: $(tail -n 1 "$scratch/pack.log")"
		mv "$scratch/packed" "$root_packed"
	fi
	exec 4>&-
}

root_squashfs() {
	gensquashfs --quiet --pack-dir "$root_path" --compressor zstd --keep-time "$1"
}

# For a folder of its own in the initramfs.
root_newc() {
	if [ -d "$root_path" ]; then
		bsdtar -C "$root_path" --format newc -s ',^\.,.root.packed,' -cf "$1" .
	else
		sqfs2tar --root-becomes .root.packed "$root_path" | bsdtar --format newc -cf "$1" @-
	fi
}

root_open() {
	root_path=$(readlink -f "$1")
	if [ -d "$root_path" ] && [ "$(kernel_has "$2" 9pnet_virtio CONFIG_NET_9P_VIRTIO)" = yes ]; then
		root_how=9p${3:+-rw}
		return
	fi
	type=squashfs
	[ -d "$root_path" ] || type=$(root_type "$root_path")
	if [ "$(kernel_has "$2" virtio_blk CONFIG_VIRTIO_BLK)" = yes ] &&
		{ [ "$type" != squashfs ] || [ "$(kernel_has "$2" squashfs CONFIG_SQUASHFS)" = yes ]; }; then
		root_how=block
		root_segment "$2"
		root_modules=$2/root.cpio
		root_disk=raw
		[ "$type" != qcow2 ] || root_disk=qcow2
		[ -d "$root_path" ] || return 0
		[ -z "$3" ] || die 5 "--rw: this kernel has no 9p, through which it could write to a folder"
		need_tool squashfs-tools-ng gensquashfs
		root_pack squashfs root_squashfs
		root_path=$root_packed
		return
	fi
	[ -z "$3" ] || die 5 "--rw: this kernel has neither 9p nor virtio disks; a copy in its memory is all it can have"
	[ "$type" = squashfs ] ||
		die 5 "$root_path: this kernel has no virtio disks, and only a folder or a squashfs can be put into its memory instead"
	[ -d "$root_path" ] || need_tool squashfs-tools-ng sqfs2tar
	root_how=initramfs
	root_pack cpio root_newc
	root_cpio=$root_packed
}
