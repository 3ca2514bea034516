# shellcheck shell=sh disable=SC2154 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# mainline-kernels.tar: an archive of images, mainline-kernels/bzImage-v6.6.31 and so on, which run-tests -m takes.
#
# Needs lib/common.sh, lib/linux_source.sh, and scratch, a folder for what is not kept.
#
#   linux_archive_add TAR NAME IMAGE
#       Puts the image in, in the place of one with that name. The archive is there as it was, or with the image.
#   linux_archive_cleanup
#       Removes what is half made.

linux_archive_part=

linux_archive_add() {
	lock 7 "$linux_root/.locks/archive-$(readlink -f "$1" | cksum | tr ' ' -)" "$1"
	linux_archive_part=$1.$$
	member=mainline-kernels/bzImage-v$2
	mkdir -p "$scratch/tar/mainline-kernels"
	cp "$3" "$scratch/tar/$member"
	if [ -s "$1" ]; then
		cp "$1" "$linux_archive_part" || die 5 "$1: cannot be copied"
		tar -tf "$linux_archive_part" >"$scratch/tar/list" 2>"$scratch/tar.err" ||
			die 5 "$1: cannot be added to: $(head -n 1 "$scratch/tar.err")"
		! grep -qxF "$member" "$scratch/tar/list" || tar --delete -f "$linux_archive_part" "$member"
	fi
	tar -C "$scratch/tar" --owner=0 --group=0 -rf "$linux_archive_part" "$member" 2>"$scratch/tar.err" ||
		die 5 "$1: cannot be added to: $(head -n 1 "$scratch/tar.err")"
	mv "$linux_archive_part" "$1"
	linux_archive_part=
	rm -rf "$scratch/tar"
	exec 7>&-
	say "$2: added to $1"
}

linux_archive_cleanup() {
	[ -z "$linux_archive_part" ] || rm -f "$linux_archive_part"
}
