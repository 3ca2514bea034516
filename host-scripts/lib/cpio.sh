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
#   cpio_entry NAME MODE SIZE [MAJOR MINOR]
#       Writes the head of an entry to stdout. A device's needs no rights, other than mknod would.

stage=
cpio_partial=

cpio_cleanup() {
	rm -rf "$stage" "$cpio_partial"
}

cpio_stage() {
	stage=$(mktemp -d "$TMPDIR/bpfcheck-initramfs.XXXXXX")
}

# cpio_pad SIZE: to a multiple of four.
cpio_pad() {
	case $(($1 % 4)) in
		1) printf '\000\000\000' ;;
		2) printf '\000\000' ;;
		3) printf '\000' ;;
	esac
}

cpio_entry() {
	# ino mode uid gid nlink mtime filesize dev(2) rdev(2) namesize check
	printf 070701
	printf %08x 0 "$2" 0 0 1 0 "$3" 0 0 "${4:-0}" "${5:-0}" $((${#1} + 1)) 0
	printf '%s\000' "$1"
	cpio_pad $((110 + ${#1} + 1))
}

cpio_write() {
	mkdir -p "$(dirname "$1")"
	cpio_partial=$1.$$
	find "$stage" -exec touch -h -d @0 {} +
	(
		cd "$stage"
		[ ! -d dev ] || cpio_entry dev/console $((020600)) 0 5 1
		# The directory before what is in it: sorting does that.
		find . -mindepth 1 -printf '%P\0' | sort -z |
			cpio --null --create --format=newc --reproducible --owner=+0:+0 --quiet
	) >"$cpio_partial" || die 5 "$1: cannot be written"
	mv "$cpio_partial" "$1"
	rm -rf "$stage"
}
