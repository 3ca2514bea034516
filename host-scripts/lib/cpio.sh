# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Makes initramfs segments: cpio archives in the "newc" format of the kernel's
# Documentation/driver-api/early-userspace/buffer-format.rst. The kernel unpacks any number of them one after the
# other, so the four segments of a run are just concatenated. The same input gives the same bytes.
#
# Needs lib/common.sh.
#
#   cpio_stage
#       Makes an empty folder, $stage, which cpio_cleanup removes.
#   cpio_write OUTPUT
#       Writes what is in $stage: sorted, owned by root, dated 1970. OUTPUT appears whole or not at all.
#   cpio_node NAME MAJOR MINOR
#       Writes the entry of a character device to stdout; no rights are needed, other than for mknod.

stage=
cpio_partial=

cpio_cleanup() {
	rm -rf "$stage" "$cpio_partial"
}

cpio_stage() {
	stage=$(mktemp -d "$TMPDIR/bpfcheck-initramfs.XXXXXX")
}

cpio_node() {
	# ino mode uid gid nlink mtime filesize dev(2) rdev(2) namesize check; then the name, padded to four bytes.
	printf 070701
	printf %08x 0 $((020600)) 0 0 1 0 0 0 0 "$2" "$3" $((${#1} + 1)) 0
	printf '%s\000' "$1"
	padding=$(((110 + ${#1} + 1) % 4))
	[ "$padding" -eq 0 ] || printf "%0$((4 - padding))d" 0 | tr 0 '\000'
}

cpio_write() {
	mkdir -p "$(dirname "$1")"
	cpio_partial=$1.$$
	find "$stage" -exec touch -h -d @0 {} +
	(
		cd "$stage"
		[ ! -d dev ] || cpio_node dev/console 5 1
		# The directory before what is in it: sorting does that.
		find . -mindepth 1 -printf '%P\0' | sort -z |
			cpio --null --create --format=newc --reproducible --owner=+0:+0 --quiet
	) >"$cpio_partial" || die 5 "$1: cannot be written"
	mv "$cpio_partial" "$1"
	rm -rf "$stage"
}
