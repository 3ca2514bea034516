# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# An image in an archive of mainline kernels, as if that were a folder: ARCHIVE/MEMBER. Only the one is unpacked. Its
# distro is `mainline`. See lib/source.sh for the interface.

# shellcheck source=host-scripts/lib/source_tree.sh
. "$here/lib/source_tree.sh"

# source_member_name REST: sets distro, version, archive and member.
source_member_name() {
	distro=mainline
	version=${1##*/}
	case $version in
		bzImage-* | vmlinuz-*) version=${version#*-} ;;
		linux-x86_64-*) version=${version#linux-x86_64-} ;;
		*) return 1 ;;
	esac
	version=${version#v}
	tree_name_valid "$version" || return 1
	archive=$1
	until [ -f "$archive" ]; do
		[ "$archive" != "${archive%/*}" ] || return 1
		archive=${archive%/*}
	done
	member=${1#"$archive"/}
	# bsdtar takes it for a pattern.
	case $member in
		*[!A-Za-z0-9._+~:@=,^/-]*) return 1 ;;
	esac
}

source_member_check() {
	source_member_name "$1"
}

source_member_fetch() {
	source_member_name "$1"
	kernel_from=$1
	tree_begin "$1 $(stat -L -c '%i %s %.Y %.Z' "$archive")"
	archive_name=$archive
	image_name=$1
	mkdir "$kernel_scratch/tree"
	say "unpacking $1"
	archive_out "$archive" "$kernel_scratch/tree/vmlinuz" -xOq "$member"
	[ -s "$kernel_scratch/tree/vmlinuz" ] || die 5 "$archive: has no file $member"
	tree_end
}
