# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Adds images to an archive of mainline kernels, mainline-kernels/bzImage-v6.6.31 and so on, which run-tests -m takes.
#
# Reads: linux_root (source.sh), scratch. The script's cleanup() calls linux_archive_cleanup.
#
#   linux_archive_add TAR NAME IMAGE
#       Adds the image, or replaces the one of that name. On failure, the archive stays as it was.

linux_archive_part=
: "${linux_root:?}"

linux_archive_tar() {
	tar "$@" 2>"${scratch:?}/tar.err" || die 5 "${linux_archive:?}: cannot be added to: $(head -n 1 "$scratch/tar.err")"
}

linux_archive_add() {
	linux_archive=$1
	lock 7 "$linux_root/.locks/archive-$(readlink -f "$1" | cksum | tr ' ' -)" "$1"
	linux_archive_part=$1.$$
	member=mainline-kernels/bzImage-v$2
	mkdir -p "$scratch/tar/mainline-kernels"
	cp "$3" "$scratch/tar/$member"
	if [ -s "$1" ]; then
		cp "$1" "$linux_archive_part" || die 5 "$1: cannot be copied"
		linux_archive_tar -tf "$linux_archive_part" >"$scratch/tar/list"
		! grep -qxF "$member" "$scratch/tar/list" || tar --delete -f "$linux_archive_part" "$member"
	fi
	linux_archive_tar -C "$scratch/tar" --owner=0 --group=0 -rf "$linux_archive_part" "$member"
	mv "$linux_archive_part" "$1"
	linux_archive_part=
	rm -rf "$scratch/tar"
	exec 7>&-
	say "$2: added to $1"
}

linux_archive_cleanup() {
	[ -z "$linux_archive_part" ] || rm -f "$linux_archive_part"
}
